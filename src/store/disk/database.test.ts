import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import { asPromise, commit, createDatabase, schemaVersion } from './database';

const patience = { blockedMs: 50, silentMs: 400 };
let names = 0;

function openRaw(name: string, version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(request.error?.name));
  });
}

const put = (database: ReturnType<typeof createDatabase>, value: string): Promise<void> =>
  commit(database, (store) => store.put(value, 'key'));
const read = (database: ReturnType<typeof createDatabase>): Promise<unknown> =>
  database('readonly', (store) => asPromise<unknown>(store.get('key')));

it('closes for another tab that deletes the database, and opens anew', async () => {
  const name = `gone-${names++}`;
  const database = createDatabase(name, patience);
  await put(database, 'first');
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onblocked = () => reject(new Error('The connection stayed open.'));
  });
  expect(await read(database)).toBeUndefined();
  await put(database, 'second');
  expect(await read(database)).toBe('second');
});

it('closes for a newer version, and is then too old: storage/blocked', async () => {
  const name = `newer-${names++}`;
  const database = createDatabase(name, patience);
  await put(database, 'first');
  const newer = await openRaw(name, schemaVersion + 1);
  await expect(read(database)).rejects.toMatchObject({ code: 'storage/blocked' });
  newer.close();
});

it('says storage/blocked where another tab does not close, and works once it has', async () => {
  const name = `stubborn-${names++}`;
  const stubborn = await openRaw(name, 1);
  // Waits for the stubborn one, and whoever opens meanwhile waits behind it without any event.
  const deletion = indexedDB.deleteDatabase(name);
  const deleted = new Promise((resolve) => (deletion.onsuccess = resolve));
  const database = createDatabase(name, patience);
  const error: unknown = await put(database, 'early').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: 'storage/blocked', retryable: true });
  stubborn.close();
  await deleted;
  await put(database, 'late');
  expect(await read(database)).toBe('late');
});
