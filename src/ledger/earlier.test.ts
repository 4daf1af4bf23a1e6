// @vitest-environment jsdom
import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { flushNotes, readBook } from './book';
import { earlierKey, takeOverEarlier } from './earlier';

const kept = [
  { at: Date.UTC(2026, 10, 1), host: 'gw.example', sentBytes: 70, receivedBytes: 900 },
  { at: Date.UTC(2026, 10, 2), host: 'gw.example', sentBytes: 0, receivedBytes: 40 },
];
beforeEach(async () => {
  // What other files have noted goes into their book.
  await flushNotes();
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
  localStorage.clear();
  vi.unstubAllGlobals();
});

it('what was sent before there was a ledger is in it, once, and bad lines are not', async () => {
  localStorage.setItem(earlierKey, JSON.stringify([...kept, { at: 'yesterday' }, null]));
  await takeOverEarlier(localStorage);
  await takeOverEarlier(localStorage);
  const { entries, since } = await readBook();
  expect(entries).toEqual(kept.map((entry) => ({ ...entry, purpose: 'larger-model' })));
  expect(since).toBe(kept[0]?.at);
  expect(localStorage.getItem(earlierKey)).toBeNull();
});

it('stays where it is while no database can be kept', async () => {
  localStorage.setItem(earlierKey, JSON.stringify(kept));
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new DOMException('refused', 'SecurityError');
    },
  });
  await takeOverEarlier(localStorage);
  expect(localStorage.getItem(earlierKey)).toBe(JSON.stringify(kept));
});

it('without a storage, or with what is no list, nothing happens', async () => {
  await takeOverEarlier(undefined);
  localStorage.setItem(earlierKey, 'not a list');
  await takeOverEarlier(localStorage);
  expect(localStorage.getItem(earlierKey)).toBeNull();
});
