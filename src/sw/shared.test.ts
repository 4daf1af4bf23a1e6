// @vitest-environment node
// From another app's form to the message box: what the service worker keeps is what the page finds, once.
import { describe, expect, it } from 'vitest';
import { manifest } from '../../scripts/serving/manifest.mjs';
import { showShared, type SharedPage } from '../app/shared';
import { sharePath } from '../protocol/shared';
import { keepShared, readShared } from './shared';

const base = 'https://phield.example/app/';

/** A browser's caches, as far as they are used. */
function fakeCaches() {
  const caches = new Map<string, Map<string, Response>>();
  return {
    has: (name: string) => Promise.resolve(caches.has(name)),
    delete: (name: string) => Promise.resolve(caches.delete(name)),
    open: (name: string) => {
      const kept = caches.get(name) ?? new Map<string, Response>();
      caches.set(name, kept);
      return Promise.resolve({
        put: (url: string, response: Response) => Promise.resolve(void kept.set(url, response)),
        keys: () => Promise.resolve([...kept.keys()].map((url) => new Request(url))),
        match: ({ url }: Request) => Promise.resolve(kept.get(url)),
      } as unknown as Cache);
    },
  };
}

function form(fields: Readonly<Record<string, string>>, files: readonly File[] = []): FormData {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  for (const file of files) made.append('files', file);
  return made;
}

/** A page at this address, and what it is made to do. */
function pageAt(address: string, caches = fakeCaches()) {
  const done: string[] = [];
  const page = {
    location: { href: address },
    history: { replaceState: (_: unknown, __: string, url: URL) => done.push(`at ${url.href}`) },
    caches,
  } as unknown as SharedPage;
  const parts = {
    go: (hash: string) => done.push(`go ${hash}`),
    write: (text: string) => done.push(`write ${text}`),
    handFiles: (files: readonly File[]) =>
      done.push(...files.map(({ name, type, size }) => `file ${name} ${type} ${size}`)),
  };
  return { done, show: () => showShared(parts, page) };
}

describe('what another app shares', () => {
  it.each([
    [
      { title: 'Rye', text: 'Grows by the river.', url: 'https://a.example/' },
      'Rye\n\nGrows by the river.\n\nhttps://a.example/',
    ],
    [{ title: 'Rye', text: 'Rye https://a.example/', url: 'https://a.example/' }, 'Rye https://a.example/'],
    [{ title: '', text: '  Words alone \n' }, 'Words alone'],
    [{ title: 'Title alone' }, 'Title alone'],
    [{}, ''],
  ])('is read as one text: %j', (fields, text) => {
    expect(readShared(form(fields))).toEqual({ text, files: [] });
  });

  it('is bounded, whoever makes the browser send it', () => {
    const many = Array.from({ length: 30 }, (_, at) => new File(['x'], `${at}.txt`));
    const read = readShared(form({ text: 'a'.repeat(200_000) }, [new File([], 'empty.txt'), ...many]));
    expect([read.text.length, read.files.length]).toEqual([100_000, 20]);
    // A file where a text belongs is none.
    const odd = new FormData();
    odd.set('text', new File(['x'], 'x.txt'));
    odd.append('files', 'not a file');
    expect(readShared(odd)).toEqual({ text: '', files: [] });
  });

  it('comes into a new chat’s message box with its files, and not a second time', async () => {
    const caches = fakeCaches();
    await keepShared(caches, readShared(form({ text: 'What never was looked at' })), base);
    const file = new File(['a,b'], 'Preços 1.csv', { type: 'text/csv' });
    await keepShared(caches, readShared(form({ text: 'Look at this' }, [file])), base);
    const { done, show } = pageAt(`${base}?lang=pt&shared#/`, caches);
    await show();
    const expected = [`at ${base}?lang=pt#/`, 'go #/', 'write Look at this', 'file Preços 1.csv text/csv 3'];
    expect(done).toEqual(expected);
    expect(await caches.has('phield-shared')).toBe(false);
    const again = pageAt(`${base}?shared`, caches);
    await again.show();
    expect(again.done).toEqual([`at ${base}`]);
  });

  it('is a document where it is long', async () => {
    const caches = fakeCaches();
    await keepShared(caches, readShared(form({ text: 'word '.repeat(2000) })), base);
    const { done, show } = pageAt(`${base}?shared`, caches);
    await show();
    expect(done.slice(1)).toEqual(['go #/', 'file shared.txt text/plain 9999']);
  });

  it('is not looked for by a page that nothing was shared with', async () => {
    const caches = fakeCaches();
    await keepShared(caches, readShared(form({ text: 'Hi' })), base);
    const { done, show } = pageAt(`${base}#/shared`, caches);
    await show();
    expect(done).toEqual([]);
  });

  it('is asked for by the manifest as the service worker takes it', () => {
    const target = manifest.share_target;
    expect(new URL(target?.action ?? '', base).href).toBe(`${base}${sharePath}`);
    expect(target).toMatchObject({ method: 'POST', enctype: 'multipart/form-data' });
    expect(target?.params).toMatchObject({
      title: 'title',
      text: 'text',
      url: 'url',
      files: [{ name: 'files' }],
    });
  });
});
