// Tests of the page share one jsdom (vitest.config.ts): what a file has left in it is gone before the next begins.
import { cleanup } from '@testing-library/react';
import { IDBFactory } from 'fake-indexeddb';
import { afterAll, vi } from 'vitest';
import { flushNotes } from '../../ledger/book';

afterAll(async () => {
  cleanup();
  await flushNotes();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  if ('indexedDB' in globalThis) globalThis.indexedDB = new IDBFactory();
  document.head.replaceChildren();
  document.body.replaceChildren();
  for (const element of [document.documentElement, document.body]) {
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
  }
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', '/');
});
