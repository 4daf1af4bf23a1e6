// Words as search sees them: case and accents do not count.

const word = /[\p{L}\p{N}\p{M}_]+/gu;

const isPlain = /^[\0-\x7f]*$/;

export function fold(text: string): string {
  // Most words of most texts: with each key thousands of them are folded.
  if (isPlain.test(text)) return text.toLowerCase();
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

export function wordsOf(text: string): readonly string[] {
  return text.match(word) ?? [];
}

export interface Snippet {
  readonly text: string;
  /** Of the words that were found, in `text`. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

const before = 40;
const length = 150;

/** A part of the text around the first of the terms, which are folded; undefined where none is in it. */
export function snippetOf(text: string, terms: ReadonlySet<string>): Snippet | undefined {
  let from = -1;
  const found: [number, number][] = [];
  for (const match of text.matchAll(word)) {
    const at = match.index;
    if (from >= 0 && at > from + length) break;
    if (!terms.has(fold(match[0]))) continue;
    if (from < 0) from = startBefore(text, at);
    found.push([at, at + match[0].length]);
  }
  if (from < 0) return undefined;
  const end = Math.min(text.length, from + length);
  const lead = from > 0 ? '…' : '';
  const raw = text.slice(from, end);
  const marks = found
    .filter(([start]) => start < end)
    .map(([start, stop]) => [start - from + lead.length, Math.min(stop, end) - from + lead.length] as const);
  // One line, letter for letter, so that the marks stay where they are.
  return { text: `${lead}${raw.replace(/\s/g, ' ')}${end < text.length ? '…' : ''}`, marks };
}

/** At a space, so that no word or character is cut. */
function startBefore(text: string, at: number): number {
  if (at <= before) return 0;
  const space = text.slice(at - before, at).search(/\s/);
  return space < 0 ? at : at - before + space + 1;
}
