// A place for models that answers from a script: for component tests only.
import type {
  ExportedFile,
  ModelFacts,
  ModelFile,
  ModelSources,
  ModelStorage,
  RepositoryFiles,
  StoredModel,
  TransferProgress,
} from '../../chat/models/model-storage';
import { AppError } from '../../base/errors';
import type { StorageWay } from '../../base/storage-way';

export const tinyBase = 'https://app.example/models/phield-tiny/';
export const miniBase = 'https://hub.example/phi-3-mini/';

export const storedTiny: StoredModel = {
  base: tinyBase,
  complete: true,
  storedBytes: 6_000_000,
  filesBytes: 6_000_000,
  totalBytes: 6_000_000,
  missing: [],
  verifiedAt: Date.UTC(2026, 0, 2, 12),
};

export const storedPart: StoredModel = {
  base: miniBase,
  complete: false,
  storedBytes: 1_000_000_000,
  filesBytes: 400_000_000,
  totalBytes: 2_150_000_000,
  missing: [{ dataPath: 'params_shard_9.bin', nbytes: 30_000_000, storedBytes: 4_000_000 }],
};

export class FakeStorage implements ModelStorage {
  stored: StoredModel[] = [];
  readonly prefixes = new Map<string, number>();
  mirrors: readonly string[] = [];
  library: string | undefined;
  persistent: boolean | undefined = false;
  damaged: readonly string[] = [];
  /** What the next call that fetches, checks or copies rejects with. */
  failure: AppError | undefined;
  /** When true, long tasks wait until they are cancelled. */
  hold = false;
  readonly calls: string[] = [];
  readonly #listeners = new Set<(base: string, progress: TransferProgress) => void>();

  models = (): Promise<readonly StoredModel[]> => Promise.resolve([...this.stored]);
  usage = () =>
    Promise.resolve({ usedBytes: 7_000_000, quotaBytes: 60_000_000_000, persistent: this.persistent });
  requestPersistence = (): Promise<boolean> => {
    this.persistent = true;
    return Promise.resolve(true);
  };
  remove = (base: string): Promise<void> => {
    this.calls.push(`remove ${base}`);
    this.stored = this.stored.filter((model) => model.base !== base);
    return Promise.resolve();
  };
  verify = async (base: string, { signal, onProgress }: Parameters<ModelStorage['verify']>[1]) => {
    this.calls.push(`verify ${base}`);
    onProgress?.({ doneBytes: 3_000_000, totalBytes: 6_000_000 });
    await this.#work(signal);
    return { damaged: this.damaged };
  };
  move = async (base: string, to: StorageWay, { signal }: Parameters<ModelStorage['move']>[2]) => {
    this.calls.push(`move ${base} to ${to}`);
    await this.#work(signal);
    this.stored = this.stored.map((model) =>
      model.base === base ? { ...model, filesBytes: to === 'files' ? model.storedBytes : 0 } : model,
    );
    return { damaged: this.damaged };
  };
  verifyAfterCrash = (): Promise<readonly string[]> => {
    this.calls.push('verifyAfterCrash');
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(this.damaged);
  };
  exportTo = (base: string): Promise<void> => {
    this.calls.push(`exportTo ${base}`);
    return Promise.resolve();
  };
  async *exportFiles(base: string): AsyncGenerator<ExportedFile> {
    this.calls.push(`exportFiles ${base}`);
    const blob = new Blob(['{}']);
    yield await Promise.resolve({ path: 'mlc-chat-config.json', nbytes: 2, stream: () => blob.stream() });
  }
  filesOf = (): Promise<readonly ModelFile[]> => Promise.resolve([]);
  inspect = (files: readonly ModelFile[]) => {
    if (this.failure) return Promise.reject(this.failure);
    return Promise.resolve({
      name: 'my-phi',
      base: 'imported:/my-phi/',
      totalBytes: 6_000_000,
      missing: files.length > 1 ? [] : ['tokenizer.json'],
    });
  };
  importFiles = (_files: readonly ModelFile[], base: string): Promise<void> => {
    this.calls.push(`import ${base}`);
    return Promise.resolve();
  };
  preflight = (address: string, { library }: { readonly library?: string } = {}) =>
    this.failure
      ? Promise.reject(this.failure)
      : Promise.resolve({
          name: library === undefined ? address : `${address} by ${library}`,
          base: address,
          totalBytes: 2_000_000_000,
          shards: 83,
          ...(this.found && { facts: this.found }),
          ...(this.eyes?.of === address && { eyes: this.eyes }),
        });
  /** What the model of that address would see by. */
  eyes: { of: string; name: string; nbytes: number; address: string } | undefined;
  /** What a look finds. */
  found: ModelFacts | undefined;
  /** What a stored model says of itself. */
  facts = (base: string): Promise<ModelFacts | undefined> =>
    Promise.resolve(this.stored.some((model) => model.base === base) ? this.found : undefined);
  /** By what was typed. */
  readonly repositories = new Map<string, RepositoryFiles>();
  repository = (address: string): Promise<RepositoryFiles | undefined> =>
    Promise.resolve(this.repositories.get(address));
  pause = (base: string): void => void this.calls.push(`pause ${base}`);
  resume = (base: string): void => void this.calls.push(`resume ${base}`);
  watch = (listener: (base: string, progress: TransferProgress) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  savedPrefixes = (): Promise<ReadonlyMap<string, number>> => Promise.resolve(new Map(this.prefixes));
  removePrefixes = (base: string): Promise<void> => {
    this.calls.push(`removePrefixes ${base}`);
    this.prefixes.delete(base);
    return Promise.resolve();
  };
  sourcesOf = (model: string): ModelSources | undefined => {
    const folder = this.folderOf(model);
    return folder === undefined ? undefined : { folder, mirrors: this.mirrors, library: this.library };
  };
  folderOf = (model: string): string | undefined =>
    model.startsWith('https:')
      ? model
      : { 'phield-tiny': tinyBase, 'phi-3-mini': miniBase, build: miniBase }[model];

  download(base: string, progress: TransferProgress): void {
    for (const listener of this.#listeners) listener(base, progress);
  }

  async #work(signal: AbortSignal): Promise<void> {
    if (this.failure) throw this.failure;
    if (!this.hold) return;
    await new Promise<void>((_, reject) =>
      signal.addEventListener('abort', () => reject(new AppError('run/aborted', 'Cancelled.'))),
    );
  }
}
