// A chat store whose saver writes to the database of the test at hand, a new one for each.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import type { UseStore } from 'idb-keyval';
import { afterEach, beforeEach } from 'vitest';
import { FakeEngine, lastRun } from '../../client/fake-engine';
import { openChatDatabase } from '../saved/chat-database';
import { readChats } from '../saved/chat-records';
import { ChatStore } from '../chat-store';
import { ChatSaver, loadChats } from '../saved/persistence';
import { defaultSettings } from '../settings/settings';

export const settle = (ms = 10): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Everything that is stored, whole. */
export async function loadAll(database: UseStore) {
  const saved = await loadChats(database);
  const whole = await readChats(database, [...saved.conversations.keys()]);
  return { ...saved, conversations: new Map(whole.map((one) => [one.id, one])) };
}

export const open: ChatSaver[] = [];
/** For a whole file of tests: each begins with nothing stored, and no saver outlives its test. */
export function freshDatabases(): void {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });
  afterEach(() => {
    for (const saver of open.splice(0)) saver.close();
  });
}

export function setUp(initial?: ConstructorParameters<typeof ChatStore>[1]) {
  const engine = new FakeEngine();
  const store = new ChatStore(
    { engine: () => Promise.resolve(engine), settings: () => defaultSettings, model: () => 'phield-tiny' },
    initial,
  );
  const database = openChatDatabase();
  const saver = new ChatSaver(store, database);
  open.push(saver);
  return { engine, store, database, saver };
}

export async function answered() {
  const parts = setUp();
  parts.store.send('What is Phield?');
  await settle();
  lastRun(parts.engine).say('A chat.');
  lastRun(parts.engine).end();
  await settle();
  return parts;
}
