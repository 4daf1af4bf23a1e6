// Cuts a document into passages: never across a heading or a page, at the end of a sentence where a paragraph is longer
// than a passage. A passage is what is found, quoted to the model and cited.
import type { Passage } from '../document';
import type { Block } from './blocks';

/** Characters. About two hundred tokens: several fit into the smallest context. */
const goal = 800;
const most = 1_100;

export function toPassages(blocks: readonly Block[]): readonly Passage[] {
  const passages: Passage[] = [];
  let path: { readonly level: number; readonly text: string }[] = [];
  let open: string[] = [];
  let size = 0;
  let page: number | undefined;
  // A heading that nothing has stood under yet: lost unless it is kept.
  let bare: string | undefined;
  const flush = (): void => {
    if (open.length === 0 && bare !== undefined) open = [bare];
    if (open.length > 0)
      passages.push({
        index: passages.length,
        headings: path.map(({ text }) => text),
        ...(page === undefined ? {} : { page }),
        blocks: open,
      });
    open = [];
    size = 0;
    bare = undefined;
  };
  for (const block of blocks) {
    if (block.level !== undefined) {
      const { level } = block;
      // A title right under a title (part, chapter, section) is no passage of its own.
      if (open.length > 0) flush();
      else if (bare !== undefined && level <= (path.at(-1)?.level ?? 0)) flush();
      path = [...path.filter((heading) => heading.level < level), { level, text: shortened(block.text) }];
      page = block.page;
      bare = block.text;
      continue;
    }
    if (block.page !== page) {
      if (open.length > 0) flush();
      page = block.page;
    }
    for (const part of pieces(block.text)) {
      if (open.length > 0 && size + part.length > most) flush();
      open.push(part);
      bare = undefined;
      size += part.length;
      if (size >= goal) flush();
    }
  }
  flush();
  return passages;
}

function shortened(heading: string): string {
  return heading.length > 160 ? `${heading.slice(0, 159).trimEnd()}…` : heading;
}

/** A paragraph in parts that a passage can hold: by sentences, else by words, else anywhere. */
function pieces(text: string): readonly string[] {
  if (text.length <= most) return [text];
  const parts: string[] = [];
  let part = '';
  const sentences = text.match(/[^.!?…]+(?:[.!?…]+["'”’)\]]*\s*|$)|[.!?…]+\s*/gu) ?? [text];
  for (const sentence of sentences.flatMap(byWords)) {
    if (part !== '' && part.length + sentence.length > goal) {
      parts.push(part.trim());
      part = '';
    }
    part += sentence;
  }
  if (part.trim() !== '') parts.push(part.trim());
  return parts;
}

function byWords(sentence: string): readonly string[] {
  if (sentence.length <= most) return [sentence];
  const parts: string[] = [];
  let rest = sentence;
  while (rest.length > most) {
    const space = rest.lastIndexOf(' ', goal);
    let cut = space > goal / 2 ? space + 1 : goal;
    // Not through a character that takes two units.
    if (/[\ud800-\udbff]/.test(rest[cut - 1] ?? '')) cut--;
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  parts.push(rest);
  return parts;
}
