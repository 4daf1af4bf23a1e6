// The pieces of a shard that is not whole yet: each committed as its own Blob, so that a killed tab loses at
// most the piece it was receiving, and joined at the end as a Blob of Blobs, which copies no byte through JS.
import { get, type UseStore } from 'idb-keyval';
import { invariant } from '../base/errors';
import type { ShardRecord } from '../formats/manifest';
import { commit, keysWithin, prefixRange } from './database';
import {
  parseKey,
  partKey,
  partPrefix,
  proofKey,
  shardKey,
  shardPrefix,
  sourceKey,
  type PartSource,
  type ShardProof,
} from './keys';

export interface Part {
  readonly offset: number;
  readonly length: number;
}

/** Where the bytes of one model's shards are kept while they arrive: in the database, or in memory only. */
export interface PartStore {
  /** The pieces that lie without a gap from byte 0, in order. */
  parts(
    shard: ShardRecord,
  ): Promise<{ readonly parts: readonly Part[]; readonly source: PartSource | undefined }>;
  read(shard: ShardRecord, part: Part): Promise<Blob | undefined>;
  add(shard: ShardRecord, offset: number, bytes: Blob, source: PartSource): Promise<void>;
  drop(shard: ShardRecord): Promise<void>;
  /** The pieces and the rest become the shard, with its proof, in one transaction. */
  finish(shard: ShardRecord, rest: Blob, proof: ShardProof): Promise<Blob>;
}

export function databaseParts(database: UseStore, base: string): PartStore {
  const parts = async (shard: ShardRecord): ReturnType<PartStore['parts']> => {
    const keys = await keysWithin(database, partPrefix(base, shard));
    const found: Part[] = [];
    let end = 0;
    for (const key of keys) {
      const [, , , offset, length] = parseKey(key)?.rest ?? [];
      if (typeof offset !== 'number' || typeof length !== 'number' || offset !== end) break;
      found.push({ offset, length });
      end += length;
    }
    const source = found.length > 0 ? await get<PartSource>(sourceKey(base, shard), database) : undefined;
    return { parts: found, source };
  };
  const read = (shard: ShardRecord, { offset, length }: Part): Promise<Blob | undefined> =>
    get<Blob>(partKey(base, shard, offset, length), database);
  const removePieces = (store: IDBObjectStore, shard: ShardRecord): void => {
    // Of any version of the file: what belongs to an older manifest goes with it.
    store.delete(prefixRange([base, 'part', shard.dataPath]));
    store.delete(sourceKey(base, shard));
  };
  return {
    parts,
    read,
    add: (shard, offset, bytes, source) =>
      commit(
        database,
        (store) => {
          store.put(bytes, partKey(base, shard, offset, bytes.size));
          store.put(source, sourceKey(base, shard));
        },
        { file: shard.dataPath },
      ),
    drop: (shard) => commit(database, (store) => removePieces(store, shard)),
    finish: async (shard, rest, proof) => {
      const pieces: Blob[] = [];
      for (const part of (await parts(shard)).parts) {
        const piece = await read(shard, part);
        if (piece) pieces.push(piece);
      }
      const whole = pieces.length === 0 ? rest : new Blob([...pieces, rest]);
      invariant(whole.size === shard.nbytes, `${shard.dataPath} was joined to ${whole.size} bytes`);
      const key = shardKey(base, shard);
      await commit(
        database,
        (store) => {
          store.delete(prefixRange(shardPrefix(base, shard)));
          store.put(whole, key);
          store.put(proof, proofKey(base, shard));
          removePieces(store, shard);
        },
        { file: shard.dataPath },
      );
      // What comes back is backed by the store's file; `whole` is backed by memory and by files just removed.
      return (await get<Blob>(key, database)) ?? whole;
    },
  };
}

/** For a run without storing: pieces stay Blobs, which the browser may keep outside of JS memory. */
export function memoryParts(): PartStore {
  const pieces = new Map<string, { blobs: { part: Part; blob: Blob }[]; source: PartSource | undefined }>();
  const of = (
    shard: ShardRecord,
  ): { blobs: { part: Part; blob: Blob }[]; source: PartSource | undefined } => {
    const found = pieces.get(shard.dataPath) ?? { blobs: [], source: undefined };
    pieces.set(shard.dataPath, found);
    return found;
  };
  return {
    parts: (shard) => {
      const { blobs, source } = of(shard);
      return Promise.resolve({ parts: blobs.map(({ part }) => part), source });
    },
    read: (shard, { offset }) =>
      Promise.resolve(of(shard).blobs.find(({ part }) => part.offset === offset)?.blob),
    add: (shard, offset, blob, source) => {
      const entry = of(shard);
      entry.blobs.push({ part: { offset, length: blob.size }, blob });
      entry.source = source;
      return Promise.resolve();
    },
    drop: (shard) => {
      pieces.delete(shard.dataPath);
      return Promise.resolve();
    },
    finish: (shard, rest) => {
      const whole = new Blob([...of(shard).blobs.map(({ blob }) => blob), rest]);
      pieces.delete(shard.dataPath);
      return Promise.resolve(whole);
    },
  };
}
