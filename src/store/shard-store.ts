// The store: opens a model's folder, hands out its files, and keeps what was fetched. Works in a module worker
// and in the window; hashing happens in the calling realm, so downloads belong in a worker.
import { get, type UseStore } from 'idb-keyval';
import type { ShardRecord, TensorManifest } from '../formats/manifest';
import { Arrivals } from './arrivals';
import { folderAddress } from './address';
import { asPromise, commit, createDatabase, keysWithin, prefixRange } from './database';
import { manifestKey, parseKey, planKey, proofKey, shardId, shardKey, type StoredManifest } from './keys';
import type { Fetch } from './request';
import { downloadShard } from './shard-download';
import { readManifest, readStoredManifest, readText, requiredTexts, type ReadManifest } from './small-files';
import type { ModelFiles, ModelStatus, ModelStore, OpenOptions } from './store';

export interface ShardStoreOptions {
  readonly databaseName?: string;
  readonly fetch?: Fetch;
  /** Shards in flight at once. */
  readonly connections?: number;
}

export function createShardStore(options: ShardStoreOptions = {}): ModelStore {
  const database = createDatabase(options.databaseName ?? 'phield-models');
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const connections = options.connections ?? 5;
  return {
    open: (base, openOptions) =>
      Promise.resolve(
        new StoredModel({ base: folderAddress(base), database, fetch, connections, ...openOptions }),
      ),
    status: (base) => statusOf(database, folderAddress(base)),
    list: async () => {
      const keys = await database('readonly', (store) => asPromise(store.getAllKeys()));
      const bases = new Set(keys.flatMap((key) => parseKey(key)?.base ?? []));
      return Promise.all([...bases].map((base) => statusOf(database, base)));
    },
    remove: async (base) => {
      const range = prefixRange([folderAddress(base)]);
      await commit(database, (store) => store.delete(range));
    },
  };
}

async function statusOf(database: UseStore, base: string): Promise<ModelStatus> {
  const known = await readStoredManifest(database, base);
  if (!known) return { base, complete: false, storedBytes: 0, totalBytes: undefined, missing: [] };
  const present = await presentShards(database, base);
  const missing = known.manifest.shards.filter((shard) => !present.has(shardId(shard)));
  const missingBytes = missing.reduce((sum, shard) => sum + shard.nbytes, 0);
  return {
    base,
    complete: known.complete && missing.length === 0,
    storedBytes: known.manifest.totalBytes - missingBytes,
    totalBytes: known.manifest.totalBytes,
    missing: missing.map(({ dataPath, nbytes }) => ({ dataPath, nbytes })),
  };
}

async function presentShards(database: UseStore, base: string): Promise<ReadonlySet<string>> {
  const keys = await keysWithin(database, [base, 'shard']);
  return new Set(keys.map((key) => JSON.stringify(parseKey(key)?.rest)));
}

interface StoredModelInit extends OpenOptions {
  readonly base: string;
  readonly database: UseStore;
  readonly fetch: Fetch;
  readonly connections: number;
}

class StoredModel implements ModelFiles {
  readonly base: string;
  readonly #init: StoredModelInit;
  #manifest: Promise<ReadManifest> | undefined;

  constructor(init: StoredModelInit) {
    this.base = init.base;
    this.#init = init;
  }

  text(name: string): Promise<string> {
    return readText(this.#init, name);
  }

  async manifest(): Promise<TensorManifest> {
    return (await this.#readManifest()).manifest;
  }

  async *shards(): AsyncGenerator<{ readonly shard: ShardRecord; readonly blob: Blob }> {
    const { base, database, signal, connections } = this.#init;
    const known = await this.#readManifest();
    const present = await presentShards(database, base);
    const { shards, totalBytes } = known.manifest;
    const queue = [...shards].sort(
      (a, b) => Number(present.has(shardId(b))) - Number(present.has(shardId(a))),
    );
    const stop = new AbortController();
    const anySignal = AbortSignal.any([signal, stop.signal]);
    const arrivals = new Arrivals<{ shard: ShardRecord; blob: Blob }>();
    let doneBytes = 0;
    let fetchedBytes = 0;
    const report = (bytes: number, fetched: boolean): void => {
      doneBytes += bytes;
      if (fetched) fetchedBytes += bytes;
      this.#init.onProgress?.({ phase: 'shards', doneBytes, totalBytes, fetchedBytes });
    };
    const work = async (): Promise<void> => {
      for (let shard = queue.shift(); shard && !anySignal.aborted; shard = queue.shift()) {
        const stored = present.has(shardId(shard))
          ? await get<Blob>(shardKey(base, shard), database)
          : undefined;
        const blob = stored ?? (await this.#fetchShard(shard, anySignal, (bytes) => report(bytes, true)));
        if (stored) report(shard.nbytes, false);
        arrivals.push({ shard, blob });
      }
    };
    const workers = Promise.all(Array.from({ length: connections }, work))
      .then(() => (known.complete ? undefined : this.#complete(known.stored, anySignal)))
      .then(() => arrivals.end())
      .catch((thrown: unknown) => {
        stop.abort();
        arrivals.fail(thrown);
      });
    try {
      yield* arrivals;
    } finally {
      stop.abort();
      await workers;
    }
  }

  #readManifest(): Promise<ReadManifest> {
    this.#manifest ??= readManifest(this.#init).catch((thrown: unknown) => {
      this.#manifest = undefined;
      throw thrown;
    });
    return this.#manifest;
  }

  async #fetchShard(shard: ShardRecord, signal: AbortSignal, onBytes: (n: number) => void): Promise<Blob> {
    const { base, database, fetch } = this.#init;
    const { blob, proof } = await downloadShard({ base, shard, signal, fetch, onBytes });
    await commit(
      database,
      (store) => {
        store.put(blob, shardKey(base, shard));
        store.put(proof, proofKey(base, shard));
      },
      { file: shard.dataPath, neededBytes: shard.nbytes },
    );
    // The committed blob is backed by a file; ours still by memory.
    return (await get<Blob>(shardKey(base, shard), database)) ?? blob;
  }

  async #complete(plan: StoredManifest, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { base, database } = this.#init;
    for (const name of requiredTexts) await this.text(name);
    const record: StoredManifest = { ...plan, at: Date.now() };
    await commit(database, (store) => {
      store.put(record, manifestKey(base));
      store.delete(planKey(base));
    });
  }
}
