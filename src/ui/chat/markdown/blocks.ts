// Cuts Markdown into top-level blocks, so that while an answer streams only its last block is parsed again, and so
// that no block is large: parsing and drawing one must fit into a frame. Errs on the side of keeping text together:
// lists, quotes with gaps and fenced code stay whole until they are long.

/** From this length on a block ends at the next place where that is hardly seen: an item, a row, a line. */
const softLength = 2_500;
/** From this length on it ends at any line. */
const hardLength = 10_000;

/** The blocks in order; joined with '\n' they are the text again. */
export function markdownBlocks(text: string): readonly string[] {
  const blocks: string[] = [];
  let block: string[] = [];
  let length = 0;
  let fence: string | undefined;
  let afterBlank = false;
  for (const line of text.split('\n')) {
    const isNew = afterBlank && line.trim() !== '' && !continues(line, block);
    if (fence === undefined && (isNew || isOverlong(line, block, length))) {
      blocks.push(block.join('\n'));
      block = [];
      length = 0;
    }
    block.push(line);
    length += line.length + 1;
    const marks = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (marks) {
      const [, run = '', rest = ''] = marks;
      if (fence === undefined) fence = run;
      else if (run.startsWith(fence) && rest.trim() === '') fence = undefined;
    }
    afterBlank = line.trim() === '';
  }
  blocks.push(block.join('\n'));
  return blocks;
}

const listItem = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;

function firstLine(block: readonly string[]): string | undefined {
  return block.find((line) => line.trim() !== '');
}

/** Whether a line after a gap still belongs to the block: indented, or one more item of its list. */
function continues(line: string, block: readonly string[]): boolean {
  const first = firstLine(block);
  if (first === undefined) return true;
  if (/^(?: {2,}|\t)/.test(line)) return true;
  return listItem.test(line) && listItem.test(first);
}

function isOverlong(line: string, block: readonly string[], length: number): boolean {
  if (length < softLength || line.trim() === '') return false;
  if (length >= hardLength) return true;
  const first = firstLine(block) ?? '';
  return listItem.test(first) ? listItem.test(line) : !/^(?: {4}|\t)/.test(line);
}

/** The two lines that make the rows below them a table, for a block that is the rest of one. */
export function tableHead(block: string): string | undefined {
  const [names = '', marks = ''] = block.trimStart().split('\n', 2);
  return names.includes('|') && /^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/.test(marks)
    ? `${names}\n${marks}`
    : undefined;
}

/** Quotes and lists within each other, as deep as anybody can read. */
const maxDepth = 16;
const marker = '(?:>|[-*+](?=[ \\t])|\\d{1,9}[.)](?=[ \\t]))';
const deepMarkers = new RegExp(`^(?:[ \\t]*${marker}){${maxDepth},}`, 'm');
const deepIndent = new RegExp(`^(?: {${4 * maxDepth},}|\\t{${maxDepth},})[ \\t]*${marker}`, 'm');

/** Whether a block is better shown as the letters it is: too deep to draw, or a line without end. */
export function isPlainBlock(block: string): boolean {
  if (/^ {0,3}(?:`{3,}|~{3,})/.test(block.trimStart())) return false;
  return block.length > 2 * hardLength || deepMarkers.test(block) || deepIndent.test(block);
}
