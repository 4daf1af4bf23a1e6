import { expect, it } from 'vitest';
import { mutantsOf, random, sample } from './mutate.mjs';

/** @param {string} text */
const changes = (text) => mutantsOf('x.ts', text).map(({ from, to }) => [from, to]);

it('changes operators, literals, conditions and calls, and no types, imports or words', () => {
  expect(changes('const a = b < 3 && !c;')).toEqual([
    ['&&', '||'],
    ['<', '<='],
    ['3', '(3 + 1)'],
    ['!c', 'c'],
  ]);
  expect(changes('if (ready) go(true);')).toEqual([
    ['ready', 'false'],
    ['go(true);', ';'],
    ['true', 'false'],
  ]);
  expect(changes("import { a } from './3'; interface B { c: 3 } let d: 4 | 'x'; e = 'f' + g;")).toEqual([]);
});

it('takes the same sample for the same seed, each mutant once', () => {
  const all = Array.from({ length: 50 }, (_, i) => i);
  const first = sample(all, 20, random(7));
  expect(sample(all, 20, random(7))).toEqual(first);
  expect(sample(all, 20, random(8))).not.toEqual(first);
  expect(new Set(first).size).toBe(20);
  expect(sample(all, 99, random(1)).toSorted((a, b) => a - b)).toEqual(all);
});
