import { describe, expect, it } from 'vitest';
import { normaliseMath } from './math-marks';

describe('normaliseMath', () => {
  it.each([
    ['dollars', 'so $x^2$ is', 'so $$x^2$$ is'],
    ['round brackets', String.raw`so \(x^2\) is`, 'so $$x^2$$ is'],
    ['square brackets on lines of their own', 'So\n\\[\nx^2\n\\]\nis', 'So\n$$\nx^2\n$$\nis'],
    ['in a list', '1. So\n   \\[ x \\]', '1. So\n   $$\n   x\n   $$'],
    ['double dollars on one line', '$$a = b$$', '$$\na = b\n$$'],
    ['display within a line', 'so \\[x\\] is', 'so $$\\displaystyle x$$ is'],
    ['a new line of a formula', String.raw`\(a \\[4pt] b\)`, String.raw`$$a \\[4pt] b$$`],
  ])('brings %s to one form', (_, text, expected) => expect(normaliseMath(text)).toBe(expected));

  it.each([
    'It costs $5 and $10.',
    'From $5-$10 each',
    'R$5,00 e R$6,00',
    'echo $HOME/$USER',
    'Code `$x$` and ``a ` $y$``',
    '```sh\necho $a $b\n\\(x\\)\n```',
    '~~~\n$$x$$\n~~~',
    String.raw`A price of \$5 and \$6`,
    'An end that never comes: $$ x',
  ])('leaves %s as it is', (text) => expect(normaliseMath(text)).toBe(text));

  it('goes on behind code', () =>
    expect(normaliseMath('```\n$a$\n```\nand $b$')).toBe('```\n$a$\n```\nand $$b$$'));

  it.each(['\\[', '$', '\\(', '$$ a '])(
    'takes no more than a moment for many a %s without an end',
    (mark) => {
      // Of the processor: a busy machine does not count.
      const start = process.cpuUsage();
      normaliseMath(mark.repeat(10_000));
      expect(process.cpuUsage(start).user / 1000).toBeLessThan(1_000);
    },
  );
});
