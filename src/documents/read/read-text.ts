// Plain text and Markdown: paragraphs by blank lines, headings where Markdown has them.
import { Blocks, type Block } from './blocks';

/** Longer paragraphs than this are more likely a file without blank lines, one record a line. */
const longParagraph = 4_000;

export function readPlainText(text: string): readonly Block[] {
  const blocks = new Blocks();
  for (const paragraph of text.split(/\r?\n[ \t]*\r?\n|\f/)) {
    if (paragraph.length <= longParagraph) blocks.add(paragraph);
    else for (const line of paragraph.split(/\r?\n/)) blocks.add(line);
  }
  return blocks.list;
}

const heading = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/;
const listItem = /^\s*(?:[-*+]|\d{1,9}[.)])\s+/;
const fence = /^ {0,3}(```+|~~~+)/;

export function readMarkdown(text: string): readonly Block[] {
  const blocks = new Blocks();
  let paragraph: string[] = [];
  let open: string | undefined;
  const flush = (): void => {
    blocks.add(plain(paragraph.join(' ')));
    paragraph = [];
  };
  for (const line of text.split(/\r?\n/)) {
    const mark = fence.exec(line)?.[1];
    if (open !== undefined) {
      if (mark?.startsWith(open)) open = undefined;
      // Lines of code are not run together.
      else blocks.add(line);
      continue;
    }
    const title = heading.exec(line);
    if (mark) {
      flush();
      open = mark;
    } else if (title) {
      flush();
      blocks.add(plain(title[2] ?? ''), { level: title[1]?.length ?? 1 });
    } else if (/^ {0,3}(=+|-{3,})\s*$/.test(line) && paragraph.length === 1) {
      blocks.add(plain(paragraph[0] ?? ''), { level: line.includes('=') ? 1 : 2 });
      paragraph = [];
    } else if (line.trim() === '' || /^ {0,3}([-*_])( *\1){2,}\s*$/.test(line)) flush();
    else {
      if (listItem.test(line) || line.trimStart().startsWith('|')) flush();
      paragraph.push(line);
    }
  }
  flush();
  return blocks.list;
}

/** Words without the marks around them; a link keeps its words, not its address. */
function plain(text: string): string {
  return text
    .replace(/!?\[([^\][]*)\]\([^()\s]*(?:\s+"[^"]*")?\)/g, '$1')
    .replace(/(\*\*|__|~~)(?=\S)([^*_~]+?)\1/g, '$2')
    .replace(/`([^`]+)`/g, '$1');
}
