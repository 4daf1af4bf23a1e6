import { expect, it } from 'vitest';
import { HostGrants } from './host-grants';
import type { TextStorage } from './settings';

function texts(initial?: string): TextStorage & { readonly map: Map<string, string> } {
  const map = new Map(initial === undefined ? [] : [['phield-hosts', initial]]);
  return { map, getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, value) };
}

it('is given once for an origin, outlives the page, and is taken back', () => {
  const storage = texts();
  const grants = new HostGrants(storage);
  expect(grants.allows('https://shop.example')).toBe(false);
  grants.allow('https://shop.example', 5);
  grants.allow('https://shop.example', 6);
  const later = new HostGrants(storage);
  expect(later.getState()).toEqual([{ origin: 'https://shop.example', at: 6 }]);
  expect(later.allows('https://shop.example.evil.example')).toBe(false);
  // Taken back in another tab: it counts in this one too.
  later.revoke('https://shop.example');
  expect(grants.allows('https://shop.example')).toBe(false);
});

it.each([
  ['no JSON', 'nonsense'],
  ['no list', '{"origin":"https://shop.example"}'],
  ['no origin', '[{"origin":"*"},{"origin":"https://shop.example/path"},7,null]'],
])('what lies in storage as %s is no leave', (_, stored) => {
  expect(new HostGrants(texts(stored)).getState()).toEqual([]);
});

it('holds for the page where nothing is kept', () => {
  const grants = new HostGrants(undefined);
  grants.allow('https://shop.example');
  expect(grants.allows('https://shop.example')).toBe(true);
});
