// Cuts Markdown into top-level blocks, so that while an answer streams only its last block is parsed again.
// Errs on the side of keeping text together: lists, quotes with gaps and fenced code stay whole.

/** The blocks in order; joined with '\n' they are the text again. */
export function markdownBlocks(text: string): readonly string[] {
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | undefined;
  let afterBlank = false;
  for (const line of text.split('\n')) {
    if (fence === undefined && afterBlank && line.trim() !== '' && !continues(line, block)) {
      blocks.push(block.join('\n'));
      block = [];
    }
    block.push(line);
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

/** Whether a line after a gap still belongs to the block: indented, or one more item of its list. */
function continues(line: string, block: readonly string[]): boolean {
  if (block.every((before) => before.trim() === '')) return true;
  if (/^(?: {2,}|\t)/.test(line)) return true;
  return listItem.test(line) && listItem.test(block.find((before) => before.trim() !== '') ?? '');
}
