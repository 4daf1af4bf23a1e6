// What an answer defines in one block and uses in another: addresses of reference links, and footnotes. Each block is
// parsed by itself, so the definitions it uses are handed to it.

export interface Footnote {
  /** As in `[^label]`, the way labels are compared. */
  readonly label: string;
  readonly text: string;
}

export interface Definitions {
  /** Label -> the line that defines it. */
  readonly links: ReadonlyMap<string, string>;
  /** In the order in which they are first referred to; their place is their number. */
  readonly footnotes: readonly Footnote[];
}

const none: Definitions = { links: new Map(), footnotes: [] };

/** Labels are compared without case, white space in them as one blank. */
export function labelKey(label: string): string {
  return label.replace(/\s+/g, ' ').trim().toLowerCase();
}

export function findDefinitions(blocks: readonly string[]): Definitions {
  const links = new Map<string, string>();
  const notes = new Map<string, string>();
  // Nearly every answer: nothing to find, and nothing to pay.
  if (!blocks.some((block) => /^ {0,3}\[[^\]\n]+\]:/m.test(block))) return none;
  let isCode = false;
  for (const block of blocks) {
    const lines = block.split('\n');
    for (let at = 0; at < lines.length; at++) {
      const line = lines[at] ?? '';
      if (/^ {0,3}(?:`{3,}|~{3,})/.test(line)) isCode = !isCode;
      if (isCode) continue;
      const [, label = '', rest = ''] = /^ {0,3}\[([^\]\n]{1,200})\]:\s*(.*)$/.exec(line) ?? [];
      if (label === '' || rest === '') continue;
      if (!label.startsWith('^')) {
        const key = labelKey(label);
        if (!links.has(key)) links.set(key, line.trim());
        continue;
      }
      const text = [rest];
      // What follows is the note's as long as it is indented, or goes on without a gap.
      for (let next = lines[at + 1]; next !== undefined; next = lines[at + 1]) {
        if (next.trim() === '' ? !/^(?: {4}|\t)/.test(lines[at + 2] ?? '') : /^ {0,3}\[/.test(next)) break;
        text.push(next.replace(/^(?: {4}|\t)/, ''));
        at += 1;
      }
      const key = labelKey(label.slice(1));
      if (!notes.has(key)) notes.set(key, text.join('\n'));
    }
    isCode = false;
  }
  return { links, footnotes: inOrder(blocks, notes) };
}

function inOrder(blocks: readonly string[], notes: ReadonlyMap<string, string>): readonly Footnote[] {
  const ordered = new Map<string, Footnote>();
  for (const block of blocks) {
    // All but the marks that begin a definition: a reference may stand before a colon too.
    for (const [, label = ''] of block.matchAll(/(?<!^ {0,3}(?=\[\^[^\]\n]+\]:))\[\^([^\]\n]{1,200})\]/gm)) {
      const key = labelKey(label);
      const text = notes.get(key);
      if (text !== undefined && !ordered.has(key)) ordered.set(key, { label: key, text });
    }
  }
  return [...ordered.values()];
}

export interface Used {
  /** Lines to put below a block so that its references find what they mean. */
  readonly below: string;
  /** Footnotes of the block: label and number. */
  readonly notes: readonly (readonly [label: string, number: number])[];
}

const nothing: Used = { below: '', notes: [] };

/** What of the definitions a block uses. */
export function usedBy(block: string, { links, footnotes }: Definitions): Used {
  if ((links.size === 0 && footnotes.length === 0) || !block.includes('[')) return nothing;
  const lines: string[] = [];
  const notes: [string, number][] = [];
  const seen = new Set<string>();
  for (const [, label = ''] of block.matchAll(/\[([^\]\n]{1,200})\]/g)) {
    const key = labelKey(label);
    if (seen.has(key)) continue;
    seen.add(key);
    const line = links.get(key);
    if (line !== undefined) lines.push(line);
    const number = footnotes.findIndex((note) => `^${note.label}` === key) + 1;
    if (number > 0) {
      notes.push([key.slice(1), number]);
      lines.push(`[^${key.slice(1)}]: .`);
    }
  }
  return lines.length === 0 ? nothing : { below: lines.join('\n'), notes };
}
