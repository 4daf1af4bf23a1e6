// The store: opens a model's folder, hands out its files, and keeps what was fetched. Works in a module worker
// and in the window; hashing happens in the calling realm, so downloads belong in a worker.
import { toAppError, type AppError } from '../base/errors';
import type { TensorManifest } from '../formats/mlc/manifest';
import { folderAddress } from './address';
import { Arrivals } from './download/arrivals';
import { StoreChannel } from './download/channel';
import {
  commit,
  createDatabase,
  defaultDatabaseName,
  prefixRange,
  type AskedWay,
  type ModelDatabase,
} from './disk/database';
import { DownloadRun } from './download/download-run';
import { downloadLock, exclusively } from './download/owner';
import { removeSavedPrefixes } from './disk/prefix-store';
import { basesOf, statusOf, type ReadManifest } from './disk/records';
import { defaultSettings, type DownloadSettings } from './download/settings';
import {
  dropUnbegun,
  foldersOf,
  readManifest,
  readText,
  textsOf,
  type SmallFileContext,
} from './download/small-files';
import type { ModelFiles, ModelStore, OpenOptions, StoredShard } from './store';

export interface ShardStoreOptions extends Partial<DownloadSettings> {
  readonly databaseName?: string;
  /** Where bytes that arrive are to lie. */
  readonly way?: AskedWay;
}

export { defaultDatabaseName };

export function createShardStore(options: ShardStoreOptions = {}): ModelStore {
  const { databaseName = defaultDatabaseName, way, ...tuning } = options;
  const database = createDatabase(databaseName, undefined, way);
  const settings: DownloadSettings = { ...defaultSettings, ...tuning };
  return {
    open: async (base, openOptions) =>
      Promise.resolve(
        new StoredModel(openOptions, {
          base: folderAddress(base),
          mirrors: (openOptions.mirrors ?? []).map(folderAddress),
          database,
          settings,
          signal: openOptions.signal,
          memoryOnly: openOptions.memoryOnly ?? false,
          named: {},
        }),
      ),
    status: async (base) => statusOf(database, folderAddress(base)),
    list: async () => {
      const bases = await basesOf(database);
      return Promise.all(bases.map((base) => statusOf(database, base)));
    },
    remove: (base) => removeModel(database, folderAddress(base)),
  };
}

/** Total and offline. A download of the model, in whichever tab, is stopped first, lest it write on. */
export async function removeModel(database: ModelDatabase, base: string): Promise<void> {
  const channel = new StoreChannel(database.databaseName);
  channel.post({ v: 1, base, kind: 'stop' });
  try {
    await exclusively(downloadLock(base), new AbortController().signal, async () => {
      await commit(database, (store) => store.delete(prefixRange([base])));
      await database.files.removeModel(base);
    });
    await removeSavedPrefixes(database.databaseName, base);
  } finally {
    channel.close();
  }
}

class StoredModel implements ModelFiles {
  readonly base: string;
  readonly #options: OpenOptions;
  readonly #context: SmallFileContext;
  #manifest: Promise<ReadManifest> | undefined;

  constructor(options: OpenOptions, context: SmallFileContext) {
    this.base = context.base;
    this.#options = options;
    this.#context = context;
  }

  async text(name: string): Promise<string> {
    try {
      return await readText(this.#context, name);
    } catch (thrown) {
      throw await this.#failed(thrown);
    }
  }

  async manifest(): Promise<TensorManifest> {
    return (await this.#readManifest()).manifest;
  }

  async *shards(): AsyncGenerator<StoredShard> {
    const known = await this.#readManifest();
    const stop = new AbortController();
    const arrivals = new Arrivals<StoredShard>();
    const run = new DownloadRun({
      ...this.#context,
      known,
      folders: await foldersOf(this.#context),
      signal: AbortSignal.any([this.#context.signal, stop.signal]),
      onProgress: this.#options.onProgress,
      onShard: (stored) => arrivals.push(stored),
      completeTexts: async () => {
        for (const name of textsOf(this.base)) await readText({ ...this.#context, mustKeep: true }, name);
      },
    });
    const producing = run.run().then(
      () => arrivals.end(),
      async (thrown: unknown) => {
        // The next call must see what the store holds now, not what it held when this one began.
        this.#manifest = undefined;
        arrivals.fail(await this.#failed(thrown));
      },
    );
    try {
      yield* arrivals;
    } finally {
      stop.abort();
      await producing;
    }
  }

  #readManifest(): Promise<ReadManifest> {
    this.#manifest ??= readManifest(this.#context).catch(async (thrown: unknown) => {
      this.#manifest = undefined;
      throw await this.#failed(thrown);
    });
    return this.#manifest;
  }

  async #failed(thrown: unknown): Promise<AppError> {
    const error = toAppError(thrown);
    // What a full disk has kept out is a model all the same, which a person may make room for.
    const isModel = this.#context.memoryOnly || error.code === 'storage/quota';
    // What went wrong first is what is told, also where the store itself is what fails.
    if (!isModel) await dropUnbegun(this.#context).catch(() => undefined);
    return error;
  }
}
