// Finds a text that a language lacks, one that says nothing, and one that no page uses any more.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { en } from './en';
import { pt } from './pt';

type Leaf = readonly [path: string, value: unknown];

function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, path === '' ? key : `${path}\n${key}`));
}

const ui = fileURLToPath(new URL('..', import.meta.url));
const main = readFileSync(fileURLToPath(new URL('../../app/main.tsx', import.meta.url)), 'utf8');
const source = readdirSync(ui, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|^texts\/|\/testing\//.test(file))
  .map((file) => readFileSync(join(ui, file), 'utf8'))
  .concat(main)
  .join('\n');

const shown = (path: string): string => path.replaceAll('\n', ' > ');

/** By its name, or because the page picks from what it stands in by a value it has. */
function isUsed(path: string): boolean {
  const parts = path.split('\n');
  // A list is used whole.
  while (/^\d+$/.test(parts.at(-1) ?? '')) parts.pop();
  const key = parts.at(-1) ?? '';
  if (/^\w+$/.test(key) && !/^\d+$/.test(key) && new RegExp(`[.\\s{,]${key}\\b(?!['"])`).test(source))
    return true;
  // Lists, and records that are read by `name[...]` or handed on whole.
  return parts
    .slice(0, -1)
    .some((parent) => new RegExp(`\\b${parent}(?:\\[|\\.map\\b)|\\.${parent}\\}`).test(source));
}

describe('the texts', () => {
  const english = leaves(en);
  it.each([['pt', pt]] as const)(
    'of %s are all there, of the same kind, and none is empty',
    (_, language) => {
      const own = new Map(leaves(language));
      const optional = /^(?:noWebGpu|noAdapter|suggested|modelPurposes)\n/;
      const missing = english
        .filter(([path]) => !own.has(path) && !optional.test(path))
        .map(([path]) => shown(path));
      expect(missing).toEqual([]);
      const known = new Set(english.map(([path]) => path));
      expect([...own.keys()].filter((path) => !known.has(path) && !optional.test(path)).map(shown)).toEqual(
        [],
      );
      const differs = english.filter(
        ([path, value]) => own.has(path) && typeof own.get(path) !== typeof value,
      );
      expect(differs.map(([path]) => shown(path))).toEqual([]);
      const empty = english.filter(([path, value]) => value !== '' && own.get(path) === '');
      expect(empty.map(([path]) => shown(path))).toEqual([]);
    },
  );

  it('are all used', () => {
    expect(
      english
        .map(([path]) => path)
        .filter((path) => !isUsed(path))
        .map(shown),
    ).toEqual([]);
  });

  it('that nobody uses are found', () => {
    expect(isUsed('nobodyUsesThisText')).toBe(false);
    expect(isUsed('sidebar\nnobodyUsesThisText')).toBe(false);
    expect(isUsed('sidebar\npinned')).toBe(true);
  });
});
