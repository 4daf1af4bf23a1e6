// What a storage page may ask, from the window: which models are here, remove, check, export, import, look at an
// address before adding it, persistence. Whatever hashes or fetches runs in the store's own worker (store-worker.ts).
import { AppError, fromWire } from '../../base/errors';
import type { StorageWay } from '../../base/storage-way';
import { outdated, scriptIsGone } from '../../base/outdated';
import type { ModelFacts } from '../../formats/model-facts';
import { folderAddress } from '../address';
import { StoreChannel } from '../download/channel';
import { asPromise, createDatabase } from '../disk/database';
import { parseKey } from '../disk/keys';
import { removeSavedPrefixes, savedPrefixBytes } from '../disk/prefix-store';
import type { Preflight } from '../download/preflight';
import type { Repository } from '../download/repository';
import { basesOf, statusOf } from '../disk/records';
import { defaultDatabaseName, removeModel } from '../shard-store';
import type { FetchProgress, ModelStatus } from '../store';
import { isFromStoreWorker, type StoreTask, type StoreTaskResult } from './store-tasks';
import type { FolderReport } from './import-folder';
import { exportFiles, type ExportedFile, type ModelFile, type TransferOptions } from './transfer';
import type { VerifyReport } from './verify';

export interface StorageUsage {
  readonly usedBytes: number | undefined;
  /** What the browser says it would give; Chromium's figure is not a promise. */
  readonly quotaBytes: number | undefined;
  /** False: the browser may delete everything when the disk runs short. Undefined: it does not say. */
  readonly persistent: boolean | undefined;
}

export interface StorageAdmin {
  models(): Promise<readonly ModelStatus[]>;
  usage(): Promise<StorageUsage>;
  /** From a click. @returns whether storage is persistent now. */
  requestPersistence(): Promise<boolean>;
  remove(base: string): Promise<void>;
  /** Reads every shard back; what is damaged is dropped and named. */
  verify(base: string, options: TransferOptions): Promise<VerifyReport>;
  /** To the other place for bytes, without the network; what was found damaged on the way is dropped and named. */
  move(base: string, to: StorageWay, options: TransferOptions): Promise<VerifyReport>;
  /**
   * For idle time after a start: reads back what a download that died had committed, and removes files that
   * belong to no model any more. @returns damaged files.
   */
  verifyAfterCrash(signal: AbortSignal): Promise<readonly string[]>;
  exportTo(base: string, directory: FileSystemDirectoryHandle, options: TransferOptions): Promise<void>;
  /** Where there is no directory picker: the files one by one, for downloads. */
  exportFiles(base: string): AsyncIterable<ExportedFile>;
  inspect(files: readonly ModelFile[]): Promise<FolderReport>;
  /** @param base the address to store it under, as `inspect` proposes or as the person chose. */
  importFiles(files: readonly ModelFile[], base: string, options: TransferOptions): Promise<void>;
  /** What a stored model says of itself; undefined where our own engine cannot run it. */
  facts(base: string): Promise<ModelFacts | undefined>;
  preflight(address: string, options: Pick<TransferOptions, 'signal'>): Promise<Preflight>;
  /** The GGUF files of a repository; undefined for an address that is none. */
  repository(address: string, options: Pick<TransferOptions, 'signal'>): Promise<Repository | undefined>;
  /** Of a download in any tab. */
  pause(base: string): void;
  resume(base: string): void;
  /** Called with the progress of downloads in all tabs. @returns the way to stop listening. */
  watch(listener: (base: string, progress: FetchProgress) => void): () => void;
  /** Bytes kept of what each model has computed in chats, by its folder's address. */
  savedPrefixes(): Promise<ReadonlyMap<string, number>>;
  removePrefixes(base: string): Promise<void>;
  dispose(): void;
}

export interface StorageAdminOptions {
  /** Starts store-worker.ts; called once, when first needed. */
  readonly createWorker: () => Worker;
  readonly databaseName?: string;
}

export function createStorageAdmin({
  createWorker,
  databaseName = defaultDatabaseName,
}: StorageAdminOptions): StorageAdmin {
  const database = createDatabase(databaseName);
  const tasks = new TaskRunner(createWorker);
  const channel = new StoreChannel(databaseName);
  return {
    models: async () => Promise.all((await basesOf(database)).map((base) => statusOf(database, base))),
    usage: readUsage,
    requestPersistence,
    remove: (base) => removeModel(database, folderAddress(base)),
    verify: async (base, options) =>
      tasks.run({ op: 'verify', base: folderAddress(base), databaseName }, options) as Promise<VerifyReport>,
    move: async (base, to, options) =>
      tasks.run(
        { op: 'move', base: folderAddress(base), to, databaseName },
        options,
      ) as Promise<VerifyReport>,
    verifyAfterCrash: async (signal) => {
      await database.files.sweep(() => basesOf(database));
      // Most starts follow no crash, and then no worker is started.
      const keys = await database('readonly', (store) => asPromise(store.getAllKeys()));
      if (!keys.some((key) => parseKey(key)?.kind === 'session')) return [];
      return tasks.run({ op: 'verifyAfterCrash', databaseName }, { signal }) as Promise<readonly string[]>;
    },
    exportTo: async (base, directory, options) => {
      await tasks.run({ op: 'export', base: folderAddress(base), directory, databaseName }, options);
    },
    exportFiles: (base) => exportFiles(database, folderAddress(base)),
    inspect: async (files) =>
      tasks.run({ op: 'inspect', files, databaseName }, never) as Promise<FolderReport>,
    importFiles: async (files, base, options) => {
      await tasks.run({ op: 'import', base: folderAddress(base), files, databaseName }, options);
    },
    // The head of a file is megabytes of words: not in the page.
    facts: async (base) =>
      tasks.run({ op: 'facts', base: folderAddress(base), databaseName }, never) as Promise<
        ModelFacts | undefined
      >,
    preflight: async (address, { signal }) =>
      tasks.run({ op: 'preflight', address, databaseName }, { signal }) as Promise<Preflight>,
    repository: async (address, { signal }) =>
      tasks.run({ op: 'repository', address, databaseName }, { signal }) as Promise<Repository | undefined>,
    pause: (base) => channel.post({ v: 1, base: folderAddress(base), kind: 'pause' }),
    resume: (base) => channel.post({ v: 1, base: folderAddress(base), kind: 'resume' }),
    watch: (listener) => {
      const listening = new StoreChannel(databaseName, (message) => {
        if (message.kind === 'progress') listener(message.base, message.progress);
      });
      return () => listening.close();
    },
    savedPrefixes: () => savedPrefixBytes(databaseName),
    removePrefixes: (base) => removeSavedPrefixes(databaseName, folderAddress(base)),
    dispose: () => {
      tasks.dispose();
      channel.close();
    },
  };
}

/** Of a look that is over before anybody could stop it. */
const never = { signal: new AbortController().signal };

async function readUsage(): Promise<StorageUsage> {
  // Absent on insecure pages, which the types do not say.
  const storage = navigator.storage as StorageManager | undefined;
  const [estimate, persistent] = await Promise.all([
    storage?.estimate().catch(() => undefined),
    storage?.persisted().catch(() => undefined),
  ]);
  return { usedBytes: estimate?.usage, quotaBytes: estimate?.quota, persistent };
}

async function requestPersistence(): Promise<boolean> {
  // Only in a window, and only on secure pages.
  const storage = navigator.storage as { persist?: () => Promise<boolean> } | undefined;
  return (await storage?.persist?.()) ?? false;
}

interface RunningTask {
  readonly resolve: (result: StoreTaskResult) => void;
  readonly reject: (error: AppError) => void;
  readonly onProgress: ((progress: FetchProgress) => void) | undefined;
}

class TaskRunner {
  readonly #createWorker: () => Worker;
  readonly #running = new Map<number, RunningTask>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(createWorker: () => Worker) {
    this.#createWorker = createWorker;
  }

  run(task: StoreTask, { signal, onProgress }: TransferOptions): Promise<StoreTaskResult> {
    return new Promise((resolve, reject) => {
      const worker = this.#start();
      const id = ++this.#lastId;
      this.#running.set(id, { resolve, reject, onProgress });
      worker.postMessage({ id, task });
      const cancel = (): void => worker.postMessage({ id, cancel: true });
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel, { once: true });
    });
  }

  dispose(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#failAll(crashed('The store was closed.'));
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#createWorker();
    worker.onmessage = (event: MessageEvent) => this.#receive(event.data);
    worker.onerror = (event) => {
      this.#worker = undefined;
      const stopped = 'The worker that checks stored files has stopped: try again.';
      this.#failAll(scriptIsGone(event) ? outdated() : crashed(stopped));
    };
    this.#worker = worker;
    return worker;
  }

  #receive(data: unknown): void {
    if (!isFromStoreWorker(data)) return;
    const task = this.#running.get(data.id);
    if (!task) return;
    if (data.kind === 'progress') {
      task.onProgress?.(data.progress);
      return;
    }
    this.#running.delete(data.id);
    if (data.kind === 'done') task.resolve(data.result);
    else task.reject(fromWire(data.error));
  }

  #failAll(error: AppError): void {
    const tasks = [...this.#running.values()];
    this.#running.clear();
    for (const task of tasks) task.reject(error);
  }
}

function crashed(message: string): AppError {
  return new AppError('worker/crashed', message, { retryable: true });
}
