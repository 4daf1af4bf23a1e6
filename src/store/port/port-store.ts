// The store as the worker without a network has it: what is stored it reads itself, so that a start waits for
// nobody; for the rest it asks the other worker, and reads what has arrived where that one has put it.
import { get } from 'idb-keyval';
import { AppError } from '../../base/errors';
import type { TensorManifest } from '../../formats/mlc/manifest';
import { folderAddress } from '../address';
import { createDatabase, type ModelDatabase } from '../disk/database';
import { textKey, type StoredText } from '../disk/keys';
import { readStoredManifest, statusOf } from '../disk/records';
import { heldOrNothing } from '../disk/refused';
import { storedShard } from '../disk/stored-shard';
import { LentFiles, lentStatus } from './lent';
import type { LentModel } from '../../base/lent-model';
import { Arrivals } from '../download/arrivals';
import { libraryAddressOf, storedLibraryOf } from '../download/model-library';
import { throwIfAborted } from '../download/retry';
import { createShardStore, defaultDatabaseName } from '../shard-store';
import type { ModelFiles, ModelStore, OpenOptions, StoredPiece, StoredShard } from '../store';
import type { ArrivedShard, Folder, StoreAnswer } from './messages';
import type { StoreLink } from './store-link';

export interface LibraryQuery {
  readonly base: string;
  readonly address: string;
  readonly signal: AbortSignal;
  readonly memoryOnly?: boolean;
}

export interface PortStore extends ModelStore {
  /** WebLLM's compiled library. @throws AppError as readLibrary */
  library(query: LibraryQuery): Promise<Uint8Array<ArrayBuffer>>;
  /** Where the library of a stored folder came from. */
  libraryAddress(base: string): Promise<string | undefined>;
  /** llama.cpp's program. @throws AppError network/* */
  llamaCpp(signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads this model from there from now on, and asks nobody for it. */
  lend(model: LentModel): void;
  /** Looks at an address that nobody has checked. @throws AppError as preflight */
  preflight(base: string, signal: AbortSignal): Promise<{ readonly totalBytes: number }>;
}

let sessions = 0;

export function createPortStore(link: StoreLink, databaseName = defaultDatabaseName): PortStore {
  const database = createDatabase(databaseName);
  const local = createShardStore({ databaseName, fetch: noNetwork });
  // When nobody holds a load's files any more the other worker forgets them too.
  const gone = new FinalizationRegistry<number>((session) => link.close(session));
  const lent = new Map<string, LentModel>();
  return {
    ...local,
    lend: (model) => void lent.set(model.base, model),
    status: async (address) => {
      const model = lent.get(folderAddress(address));
      return model ? lentStatus(model) : local.status(address);
    },
    open: async (address, options) => {
      const base = folderAddress(address);
      const model = lent.get(base);
      if (model) return new LentFiles(model, databaseName);
      const files = new PortFiles(base, options, { link, database, local: await local.open(base, options) });
      gone.register(files, files.folder.session);
      return files;
    },
    library: async ({ base, address, signal, memoryOnly = false }) => {
      const there = lent.get(base)?.library;
      if (there?.address === address) return there.bytes.slice();
      const stored = await heldOrNothing(storedLibraryOf(database, base, address), undefined, memoryOnly);
      if (stored) return stored;
      const folder = { session: ++sessions, base, mirrors: [], memoryOnly };
      const bytes = await link.call({ op: 'library', folder, address }, signal);
      if (bytes instanceof Uint8Array) return bytes;
      throw unexpected('library');
    },
    libraryAddress: async (address) => {
      const base = folderAddress(address);
      return lent.get(base)?.library?.address ?? libraryAddressOf(database, base);
    },
    llamaCpp: async (signal) => {
      const bytes = await link.call({ op: 'llamaCpp' }, signal);
      if (bytes instanceof Uint8Array) return bytes;
      throw unexpected('a program');
    },
    preflight: async (base, signal) => {
      const found = await link.call({ op: 'preflight', base }, signal);
      if (typeof found === 'object' && 'totalBytes' in found) return found;
      throw unexpected('preflight');
    },
  };
}

interface Place {
  readonly link: StoreLink;
  readonly database: ModelDatabase;
  /** The same folder, as far as it is stored. */
  readonly local: ModelFiles;
}

class PortFiles implements ModelFiles {
  readonly base: string;
  readonly folder: Folder;
  readonly #options: OpenOptions;
  readonly #place: Place;

  constructor(base: string, options: OpenOptions, place: Place) {
    this.base = base;
    this.#options = options;
    this.#place = place;
    this.folder = {
      session: ++sessions,
      base,
      mirrors: (options.mirrors ?? []).map(folderAddress),
      memoryOnly: options.memoryOnly ?? false,
    };
    // What is under way for a load that was given up ends with it.
    const { link } = place;
    const { session } = this.folder;
    options.signal.addEventListener('abort', () => link.close(session), { once: true });
  }

  async text(name: string): Promise<string> {
    const { link, database } = this.#place;
    const held = get<StoredText>(textKey(this.base, name), database);
    const stored = await heldOrNothing(held, undefined, this.folder.memoryOnly);
    if (stored) return stored.text;
    const text = await link.call({ op: 'text', folder: this.folder, name }, this.#options.signal);
    if (typeof text === 'string') return text;
    throw unexpected(name);
  }

  async manifest(): Promise<TensorManifest> {
    const { link, database } = this.#place;
    const held = readStoredManifest(database, this.base);
    const known = await heldOrNothing(held, undefined, this.folder.memoryOnly);
    if (known && known.stored.doubtful !== true) return known.manifest;
    const manifest = await link.call({ op: 'manifest', folder: this.folder }, this.#options.signal);
    if (isManifest(manifest)) return manifest;
    throw unexpected('manifest');
  }

  async *shards(): AsyncGenerator<StoredShard> {
    const { database, local } = this.#place;
    const held = statusOf(database, this.base);
    const status = await heldOrNothing(held, undefined, this.folder.memoryOnly);
    throwIfAborted(this.#options.signal);
    yield* status?.complete ? local.shards() : this.#arriving();
  }

  async *#arriving(): AsyncGenerator<StoredShard> {
    const { link } = this.#place;
    const left = new AbortController();
    const arrivals = new Arrivals<StoredShard>();
    const signal = AbortSignal.any([this.#options.signal, left.signal]);
    const producing = link
      .call({ op: 'shards', folder: this.folder }, signal, {
        onProgress: this.#options.onProgress,
        onShard: (arrived) => arrivals.push(this.#shard(arrived)),
      })
      .then(
        () => arrivals.end(),
        (thrown: unknown) => arrivals.fail(thrown),
      );
    try {
      yield* arrivals;
    } finally {
      left.abort();
      await producing;
    }
  }

  #shard({ shard, number, pieces }: ArrivedShard): StoredShard {
    const { link, database } = this.#place;
    const parts = pieces.flatMap(({ stored }) => stored ?? []);
    if (parts.length === pieces.length) return storedShard(database, this.base, shard, parts);
    const inMemory = pieces.map(({ offset, nbytes }, index): StoredPiece => ({
      offset,
      nbytes,
      read: async () => {
        const bytes = await link.call({ op: 'piece', shard: number, index }, this.#options.signal);
        if (bytes instanceof Uint8Array) return bytes;
        throw unexpected(shard.dataPath);
      },
    }));
    return { shard, pieces: inMemory };
  }
}

function isManifest(answer: StoreAnswer): answer is TensorManifest {
  return typeof answer === 'object' && 'shards' in answer;
}

function unexpected(what: string): AppError {
  return new AppError('internal/invariant', `The store answered with something else than ${what}.`);
}

function noNetwork(): Promise<never> {
  return Promise.reject(
    new AppError('internal/invariant', 'The worker that sees words was about to use the network.'),
  );
}
