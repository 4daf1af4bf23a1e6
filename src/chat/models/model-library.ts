// The models on this device and what is being done with them: one long task at a time, and the downloads of all
// tabs. Outlives the page that shows it. Knows nothing of engines.
import { AppError, toAppError } from '../../base/errors';
import type { StorageWay } from '../../base/storage-way';
import type {
  ExportedFile,
  ModelFile,
  ModelStorage,
  StorageUsage,
  StoredModel,
  TransferProgress,
} from './model-storage';
import { Subscribable } from '../subscribable';

export type TaskKind = 'verify' | 'export' | 'import' | 'move';

export interface LibraryTask {
  readonly kind: TaskKind;
  readonly base: string;
  readonly progress: TransferProgress | undefined;
}

export interface TaskOutcome {
  readonly kind: TaskKind;
  readonly base: string;
  /** Files that a check found damaged and dropped. */
  readonly damaged: readonly string[];
}

export interface LibraryState {
  /** Undefined until they are read. */
  readonly models: readonly StoredModel[] | undefined;
  readonly usage: StorageUsage | undefined;
  /** Bytes kept of what each model has computed in chats, by its folder's address. */
  readonly prefixes: ReadonlyMap<string, number>;
  readonly task: LibraryTask | undefined;
  /** How the last task ended. */
  readonly outcome: TaskOutcome | undefined;
  /** Why the last thing asked for did not work. */
  readonly error: AppError | undefined;
  /** Files that a crash has damaged; they were dropped. Empty once the person has seen it. */
  readonly crashDamage: readonly string[];
  /** By folder address. */
  readonly downloads: ReadonlyMap<string, TransferProgress>;
}

/** A download that says nothing for so long has ended, or its tab has. */
const silenceMs = 12_000;

export class ModelLibrary extends Subscribable<LibraryState> {
  readonly storage: ModelStorage;
  readonly #silence = new Map<string, ReturnType<typeof setTimeout>>();
  #running: AbortController | undefined;
  #checkingCrash = false;

  constructor(storage: ModelStorage) {
    super({
      models: undefined,
      usage: undefined,
      prefixes: new Map(),
      task: undefined,
      outcome: undefined,
      error: undefined,
      crashDamage: [],
      downloads: new Map(),
    });
    this.storage = storage;
    storage.watch((base, progress) => this.#onDownload(base, progress));
  }

  /** Reads what is stored. Never rejects: failure is this store's state. */
  async refresh(): Promise<void> {
    await this.#attempt(async () => {
      const [models, usage, prefixes] = await Promise.all([
        this.storage.models(),
        this.storage.usage(),
        this.storage.savedPrefixes(),
      ]);
      this.#change({ models, usage, prefixes });
    });
  }

  async remove(base: string): Promise<void> {
    this.#change({ error: undefined, outcome: undefined });
    await this.#attempt(() => this.storage.remove(base));
    this.#dropDownload(base);
    await this.refresh();
  }

  /** What a model has computed in chats; it can be computed anew. */
  async removePrefixes(base: string): Promise<void> {
    this.#change({ error: undefined, outcome: undefined });
    await this.#attempt(() => this.storage.removePrefixes(base));
    await this.refresh();
  }

  /** From a click: some browsers ask the person, others decide by themselves. */
  async askPersistence(): Promise<void> {
    this.#change({ error: undefined });
    await this.#attempt(async () => {
      await this.storage.requestPersistence();
    });
    await this.refresh();
  }

  /** For idle time after a start. A check that cannot be made now is made after another start. */
  async checkAfterCrash(): Promise<void> {
    if (this.#checkingCrash) return;
    this.#checkingCrash = true;
    try {
      const crashDamage = await this.storage.verifyAfterCrash(new AbortController().signal);
      if (crashDamage.length === 0) return;
      this.#change({ crashDamage });
      await this.refresh();
    } catch {
      // Nobody asked for it, and nothing was changed.
    } finally {
      this.#checkingCrash = false;
    }
  }

  dismissCrashDamage(): void {
    this.#change({ crashDamage: [] });
  }

  verify(base: string): Promise<void> {
    return this.#perform('verify', base, async (options) => {
      const { damaged } = await this.storage.verify(base, options);
      return damaged;
    });
  }

  move(base: string, to: StorageWay): Promise<void> {
    return this.#perform('move', base, async (options) => {
      const { damaged } = await this.storage.move(base, to, options);
      return damaged;
    });
  }

  exportTo(base: string, directory: FileSystemDirectoryHandle): Promise<void> {
    return this.#perform('export', base, async (options) => {
      await this.storage.exportTo(base, directory, options);
      return [];
    });
  }

  /** Where there is no directory picker. @param save hands one file to the browser's downloads. */
  exportFiles(base: string, save: (file: ExportedFile) => Promise<void>): Promise<void> {
    return this.#perform('export', base, async ({ signal, onProgress }) => {
      const totalBytes = this.getState().models?.find((model) => model.base === base)?.totalBytes ?? 0;
      let doneBytes = 0;
      for await (const file of this.storage.exportFiles(base)) {
        if (signal.aborted) throw new AppError('run/aborted', 'The export was cancelled.');
        await save(file);
        doneBytes = Math.min(totalBytes, doneBytes + file.nbytes);
        onProgress({ doneBytes, totalBytes });
      }
      return [];
    });
  }

  importFiles(files: readonly ModelFile[], base: string): Promise<void> {
    return this.#perform('import', base, async (options) => {
      await this.storage.importFiles(files, base, options);
      return [];
    });
  }

  cancel(): void {
    this.#running?.abort();
  }

  pause(base: string): void {
    this.storage.pause(base);
    const progress = this.getState().downloads.get(base);
    // The owner may be silent from now on.
    if (progress) this.#setDownload(base, { ...progress, paused: true });
  }

  resume(base: string): void {
    this.storage.resume(base);
    const progress = this.getState().downloads.get(base);
    if (progress) this.#onDownload(base, { ...progress, paused: false });
  }

  async #perform(
    kind: TaskKind,
    base: string,
    work: (options: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: TransferProgress) => void;
    }) => Promise<readonly string[]>,
  ): Promise<void> {
    if (this.#running) return;
    const running = new AbortController();
    this.#running = running;
    this.#change({ task: { kind, base, progress: undefined }, outcome: undefined, error: undefined });
    await this.#attempt(async () => {
      const damaged = await work({
        signal: running.signal,
        onProgress: (progress) => this.#change({ task: { kind, base, progress } }),
      });
      this.#change({ outcome: { kind, base, damaged } });
    });
    this.#running = undefined;
    this.#change({ task: undefined });
    await this.refresh();
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = toAppError(thrown, 'storage/unavailable');
      // What a person has cancelled has not failed.
      if (error.code !== 'run/aborted') this.#change({ error });
    }
  }

  #onDownload(base: string, progress: TransferProgress): void {
    if (progress.totalBytes > 0 && progress.doneBytes >= progress.totalBytes) {
      this.#dropDownload(base);
      void this.refresh();
      return;
    }
    this.#setDownload(base, progress);
    if (progress.paused) return;
    const timer = setTimeout(() => {
      this.#dropDownload(base);
      void this.refresh();
    }, silenceMs);
    this.#silence.set(base, timer);
  }

  #setDownload(base: string, progress: TransferProgress): void {
    clearTimeout(this.#silence.get(base));
    this.#change({ downloads: new Map(this.getState().downloads).set(base, progress) });
  }

  #dropDownload(base: string): void {
    clearTimeout(this.#silence.get(base));
    this.#silence.delete(base);
    const downloads = new Map(this.getState().downloads);
    if (downloads.delete(base)) this.#change({ downloads });
  }

  #change(change: Partial<LibraryState>): void {
    this.set({ ...this.getState(), ...change });
  }
}
