// Where a model lies in storage which is not this realm's own: what its records there say, so that the engine's worker,
// which is given the folder, can read it (lent.ts). Makes nothing there and writes nothing.
import { get, type UseStore } from 'idb-keyval';
import type { LentModel, LentPart } from '../../base/lent-model';
import { folderAddress } from '../address';
import {
  asPromise,
  defaultDatabaseName,
  keysWithin,
  schemaVersion,
  storageError,
  storeName,
} from '../disk/database';
import { parseKey, shardId, textKey, type StoredText } from '../disk/keys';
import { readStoredManifest, storedParts } from '../disk/records';
import { libraryAddressOf, storedLibraryOf } from '../download/model-library';

/** What of another storage is used: a StorageAccessHandle has it, and so has a window. */
export interface OtherStorage {
  readonly indexedDB: IDBFactory;
  getDirectory(): Promise<FileSystemDirectoryHandle>;
}

/**
 * Where a model lies in that storage; makes nothing there.
 * @returns undefined where it is not whole there, or lies in records instead of files, which only their realm can read.
 * @throws AppError storage/unavailable
 */
export async function findLent(
  storage: OtherStorage,
  model: string,
  databaseName = defaultDatabaseName,
): Promise<LentModel | undefined> {
  const base = folderAddress(model);
  const connection = await openExisting(storage.indexedDB, databaseName);
  if (!connection) return undefined;
  const database: UseStore = async (mode, act) =>
    act(connection.transaction(storeName, mode).objectStore(storeName));
  try {
    const known = await readStoredManifest(database, base);
    if (!known?.complete) return undefined;
    const present = await storedParts(database, base);
    const parts = new Map<string, readonly LentPart[]>();
    for (const shard of known.manifest.shards) {
      const held = present.get(shardId(shard));
      const inFiles = held?.parts.flatMap(({ sum, ...part }) =>
        sum === undefined ? [] : [{ ...part, sum }],
      );
      if (!held?.whole || inFiles?.length !== held.parts.length) return undefined;
      parts.set(shardId(shard), inFiles);
    }
    const texts = new Map<string, string>();
    for (const key of await keysWithin(database, [base, 'text'])) {
      const [name] = parseKey(key)?.rest ?? [];
      const stored = typeof name === 'string' && (await get<StoredText>(textKey(base, name), database));
      if (stored && typeof name === 'string') texts.set(name, stored.text);
    }
    const { name, text } = known.stored;
    const address = await libraryAddressOf(database, base);
    const bytes = address === undefined ? undefined : await storedLibraryOf(database, base, address);
    return {
      base,
      manifest: { name, text },
      texts,
      parts,
      ...(address !== undefined && bytes && { library: { address, bytes } }),
      directory: await storage.getDirectory(),
    };
  } finally {
    connection.close();
  }
}

/** Undefined where there is none, or one of another version of the app. */
async function openExisting(factory: IDBFactory, name: string): Promise<IDBDatabase | undefined> {
  try {
    const known = await factory.databases();
    if (!known.some((one) => one.name === name && one.version === schemaVersion)) return undefined;
    const connection = await asPromise(factory.open(name, schemaVersion));
    connection.onversionchange = () => connection.close();
    return connection;
  } catch (thrown) {
    throw storageError(thrown);
  }
}
