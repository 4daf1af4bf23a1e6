// The connection to IndexedDB behind idb-keyval's functions, and what its failures mean. idb-keyval takes any
// `UseStore`; ours differs from its own in what a store of gigabytes needs: a schema version, closing for
// another tab's upgrade, and a typed error when another tab does not close for ours. No knowledge of models.
import type { UseStore } from 'idb-keyval';
import { AppError, type ErrorDetails } from '../../base/errors';
import type { StorageWay } from '../../base/storage-way';
import { createShardFiles, type ShardFiles } from './shard-files';

/** docs/adr/0002-shard-store.md describes the layout this number stands for. */
export const schemaVersion = 3;
export const defaultDatabaseName = 'phield-models';
export const storeName = 'files';

/** Records, and beside them the files of the bytes that records are of. */
export type ModelDatabase = UseStore & {
  readonly databaseName: string;
  readonly files: ShardFiles;
  /** Where bytes that arrive from now on are to lie; a browser without such files keeps them in records all the same. */
  readonly way: AskedWay;
};

/** Asked at each write: whoever chooses may still have to find out. */
export type AskedWay = () => StorageWay | Promise<StorageWay>;

/** How long an open may wait for another tab before it becomes an error, milliseconds. */
export interface Patience {
  /** From the browser's word that an older version is still open. */
  readonly blockedMs: number;
  /** Without a word: an open that waits behind another tab's deletion gets no event. */
  readonly silentMs: number;
}

const defaultPatience: Patience = { blockedMs: 3_000, silentMs: 15_000 };

/** @throws (from the returned function) AppError storage/unavailable, storage/blocked. */
export function createDatabase(
  name: string,
  patience: Patience = defaultPatience,
  way: AskedWay = () => 'files',
): ModelDatabase {
  let opened: Promise<IDBDatabase> | undefined;
  const forget = (): void => {
    opened = undefined;
  };
  const open = (): Promise<IDBDatabase> => {
    opened ??= openDatabase(name, patience, forget).catch((thrown: unknown) => {
      forget();
      throw thrown;
    });
    return opened;
  };
  const useStore: UseStore = async (mode, callback) => {
    let connection = await open();
    let transaction: IDBTransaction;
    try {
      transaction = connection.transaction(storeName, mode);
    } catch (thrown) {
      // The connection was closed between two calls (an upgrade elsewhere, cleared site data): open it anew, once.
      if (!(thrown instanceof DOMException) || thrown.name !== 'InvalidStateError')
        throw storageError(thrown);
      forget();
      connection = await open();
      transaction = connection.transaction(storeName, mode);
    }
    return callback(transaction.objectStore(storeName));
  };
  return Object.assign(useStore, { databaseName: name, files: createShardFiles(name), way });
}

function openDatabase(name: string, patience: Patience, onGone: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    let request: IDBOpenDBRequest;
    try {
      request = indexedDB.open(name, schemaVersion);
    } catch (thrown) {
      reject(storageError(thrown));
      return;
    }
    let given = false;
    const giveUp = (): void => {
      given = true;
      reject(
        new AppError(
          'storage/blocked',
          'Another tab of this site holds the model store open: close other tabs of this site and try again.',
          { retryable: true },
        ),
      );
    };
    let timer = setTimeout(giveUp, patience.silentMs);
    request.onupgradeneeded = ({ oldVersion }) => {
      clearTimeout(timer);
      // Version 2 is read as it is; its number went up so that no older tab misreads what is written now.
      if (oldVersion === 2) return;
      // Version 1 kept whole shards and was never published: what it holds is fetched again.
      if (request.result.objectStoreNames.contains(storeName)) request.result.deleteObjectStore(storeName);
      request.result.createObjectStore(storeName);
    };
    request.onblocked = () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience.blockedMs);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(storageError(request.error));
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      const database = request.result;
      if (given) {
        database.close();
        return;
      }
      database.onclose = onGone;
      database.onversionchange = () => {
        database.close();
        onGone();
      };
      resolve(database);
    };
  });
}

/**
 * One read-write transaction. Resolves when it is complete, not when its requests have succeeded: a full disk is
 * only known at the transaction's end.
 * @throws AppError storage/quota (with `details`), storage/unavailable
 */
export async function commit(
  database: UseStore,
  write: (store: IDBObjectStore) => void,
  details: ErrorDetails = {},
): Promise<void> {
  await database('readwrite', (store) => {
    return new Promise<void>((resolve, reject) => {
      const { transaction } = store;
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(storageError(transaction.error, details));
      try {
        write(store);
      } catch (thrown) {
        reject(storageError(thrown, details));
        transaction.abort();
      }
    });
  });
}

/** Keys within [prefix, prefix + anything]. */
export function prefixRange(prefix: readonly (string | number)[]): IDBKeyRange {
  // An array sorts after every string and number, so [...prefix, []] ends the range of longer keys.
  return IDBKeyRange.bound([...prefix], [...prefix, []]);
}

export async function keysWithin(
  database: UseStore,
  prefix: readonly (string | number)[],
): Promise<IDBValidKey[]> {
  return database('readonly', (store) => asPromise(store.getAllKeys(prefixRange(prefix))));
}

export function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(storageError(request.error));
  });
}

/** What IndexedDB threw, as one of our codes. */
export function storageError(thrown: unknown, details: ErrorDetails = {}): AppError {
  if (thrown instanceof AppError) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'QuotaExceededError') {
    return new AppError(
      'storage/quota',
      'The browser gives this site no more storage: remove a model, choose a smaller one, or run it from memory.',
      { details, cause: thrown },
    );
  }
  if (name === 'VersionError') {
    return new AppError(
      'storage/blocked',
      'The model store was made by a newer version of this app: reload the page.',
      { details, cause: thrown },
    );
  }
  const reason = thrown instanceof Error ? thrown.message : 'IndexedDB is not available';
  return new AppError(
    'storage/unavailable',
    `The browser's storage does not work here (${reason}): leave private browsing or allow this site to store data.`,
    { details, cause: thrown },
  );
}
