import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { createStore, get, set } from 'idb-keyval';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eraseEverything, type Browser } from './erase';

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(() => vi.unstubAllGlobals());

function texts(initial: Record<string, string>): Storage {
  const kept = new Map(Object.entries(initial));
  return {
    get length() {
      return kept.size;
    },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  };
}

function files(names: string[], refuses = false) {
  return () =>
    Promise.resolve({
      keys: () => names[Symbol.iterator](),
      removeEntry: (name: string) => {
        if (refuses) return Promise.reject(new DOMException('open', 'NoModificationAllowedError'));
        names.splice(names.indexOf(name), 1);
        return Promise.resolve();
      },
    } as unknown as FileSystemDirectoryHandle);
}

function browserWith(parts: Partial<Browser> = {}): Browser {
  return {
    databases: indexedDB,
    caches: undefined,
    files: undefined,
    texts: undefined,
    tab: undefined,
    worker: undefined,
    base: 'https://site.example/phield/',
    patienceMs: 300,
    ...parts,
  };
}

const put = (name: string, store: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onupgradeneeded = () => opening.result.createObjectStore(store);
    opening.onerror = () => reject(opening.error ?? new Error('?'));
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(store, 'readwrite');
      transaction.objectStore(store).put('words', 'key');
      transaction.oncomplete = () => {
        opening.result.close();
        resolve();
      };
    };
  });

test('all that is ours goes, and what lies beside it on the same host stays', async () => {
  await put('phield-chats', 'records');
  await put('another-app', 'records');
  const local = texts({ 'phield-settings': '{}', 'phield-draft:1': 'words', theme: 'theirs' });
  const disk = ['phield-models', 'their-files'];
  const kept = new Set(['phield-engines', 'workbox-precache-v2-https://site.example/phield/', 'workbox-precache-v2-https://site.example/other/']); // oxfmt-ignore
  let unregistered = false;
  const left = await eraseEverything(
    browserWith({
      texts: local,
      files: files(disk),
      caches: {
        keys: () => Promise.resolve([...kept]),
        delete: (name: string) => Promise.resolve(kept.delete(name)),
      } as unknown as CacheStorage,
      worker: {
        getRegistration: () =>
          Promise.resolve(
            unregistered
              ? undefined
              : ({
                  scope: 'https://site.example/phield/',
                  unregister: () => Promise.resolve((unregistered = true)),
                } as unknown as ServiceWorkerRegistration),
          ),
      },
    }),
  );
  expect(left).toEqual([]);
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(['another-app']);
  expect(Array.from({ length: local.length }, (_, i) => local.key(i))).toEqual(['theme']);
  expect(disk).toEqual(['their-files']);
  expect([...kept]).toEqual(['workbox-precache-v2-https://site.example/other/']);
  expect(unregistered).toBe(true);
});

test('what another tab holds is emptied, and said to be there still; so is what the browser refuses', async () => {
  const held = createStore('phield-chats', 'records');
  await set('secret', 'words', held);
  const left = await eraseEverything(browserWith({ files: files(['phield-models'], true) }));
  expect(left.map(({ store, name, inUse }) => [store.id, name, inUse])).toEqual([
    ['chats', 'phield-chats', true],
    ['models', 'phield-models', true],
  ]);
  // Its connection is closed by the deletion that waits for it, or reads nothing.
  expect(await get('secret', held).catch(() => undefined)).toBeUndefined();
  // The deletion would ask for ever whether it is closed, also while other files' tests have the clock.
  await held('readonly', (store) => store.transaction.db.close());
  await vi.waitFor(async () => expect(await indexedDB.databases()).toEqual([]));
});
