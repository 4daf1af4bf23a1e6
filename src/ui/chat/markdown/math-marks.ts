// Brings the ways in which models mark math - `$ $`, `$$ $$`, `\( \)`, `\[ \]` - to the one that the parser knows,
// and leaves prices alone: "$5 and $10" is not math.

/** One formula at most; also what keeps an opening mark without an end from being searched for ever. */
const most = 2_000;

const code = String.raw`^[ \t]*(?<fence>\x60{3,}|~{3,})[^\n]*(?:\n(?![ \t]*\k<fence>)[^\n]*)*(?:\n[ \t]*\k<fence>[^\n]*)?`;
const codeSpan = String.raw`(?<ticks>\x60+)(?!\x60)(?:[^\x60\n]|\n(?!\s*\n)|(?!\k<ticks>(?!\x60))\x60+){1,${most}}\k<ticks>(?!\x60)`;
const escaped = String.raw`\\[$\\]`;
const inside = String.raw`(?:(?!\n[ \t]*\n)[\s\S]){1,${most}}?`;
const square = String.raw`\\\[(?<square>${inside})\\\]`;
const round = String.raw`\\\((?<round>${inside})\\\)`;
const double = String.raw`\$\$(?<double>${inside})\$\$`;
// As Pandoc has it: no blank just inside, nothing of a word or a number just outside.
const single = String.raw`(?<![\p{L}\p{N}\\$])\$(?<single>[^\s$](?:[^$\n]{0,${most}}[^\s$\\])?)\$(?![\p{L}\p{N}$])`;

const marks = new RegExp([code, codeSpan, square, round, escaped, double, single].join('|'), 'gmu');

export function normaliseMath(text: string): string {
  if (!/\$|\\[([]/.test(text)) return text;
  return text.replace(marks, (whole: string, ...rest: unknown[]) => {
    const found = rest.at(-1) as Partial<Record<string, string>>;
    const at = rest.at(-3) as number;
    const inline = found['single'] ?? found['round'];
    if (inline !== undefined) return inlineMath(inline);
    const display = found['square'] ?? found['double'];
    if (display === undefined) return whole;
    const lineStart = text.lastIndexOf('\n', at - 1) + 1;
    const before = text.slice(lineStart, at);
    const after = /^[^\n]*/.exec(text.slice(at + whole.length))?.[0] ?? '';
    // On lines of its own it is a block; within a line it can only be drawn large.
    if (before.trim() !== '' || after.trim() !== '') return inlineMath(`\\displaystyle ${display}`);
    const lines = display.trim().split('\n');
    return ['$$', ...lines.map((line) => before + line.trimStart()), `${before}$$`].join('\n');
  });
}

function inlineMath(tex: string): string {
  return `$$${tex.replace(/\s*\n\s*/g, ' ').trim()}$$`;
}
