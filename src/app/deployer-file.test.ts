// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest';
import { fetchDeployer } from './deployer-file';

const base = 'https://phield.example/';
const answers = (respond: () => Promise<Response>) => vi.stubGlobal('fetch', vi.fn(respond));
const strict = JSON.stringify({ embed: { safety: { level: 'strict' } } });

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

it('holds without a network as it last was with one', async () => {
  answers(() => Promise.resolve(new Response(strict)));
  expect((await fetchDeployer(base)).floor.level).toBe('strict');
  answers(() => Promise.reject(new TypeError('Failed to fetch')));
  expect((await fetchDeployer(base)).floor.level).toBe('strict');
});

it('is nobody’s where there is none, was none, or what is kept is not what it should be', async () => {
  answers(() => Promise.resolve(new Response('', { status: 404 })));
  expect((await fetchDeployer(base)).floor.level).toBe('standard');
  answers(() => Promise.reject(new TypeError('Failed to fetch')));
  expect((await fetchDeployer(base)).floor.level).toBe('standard');
  localStorage.setItem('phield-owner', '{');
  expect((await fetchDeployer(base)).floor.level).toBe('standard');
});

it('that is no JSON is not kept in the place of one that was', async () => {
  answers(() => Promise.resolve(new Response(strict)));
  await fetchDeployer(base);
  answers(() => Promise.resolve(new Response('<!doctype html>')));
  await fetchDeployer(base);
  expect(localStorage.getItem('phield-owner')).toBe(strict);
});
