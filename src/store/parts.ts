// The pieces of the shards of one model while they arrive: each is committed as its own record, so that a killed
// tab loses at most the piece it was receiving, and stays that record for good. The proof that is written with
// the last one makes them a shard; nothing is joined and nothing written twice.
import { get, type UseStore } from 'idb-keyval';
import { invariant } from '../base/errors';
import type { ShardRecord } from '../formats/manifest';
import { commit, keysWithin, prefixRange } from './database';
import {
  parseKey,
  partKey,
  partPrefix,
  proofKey,
  proofPrefix,
  sourceKey,
  type PartSource,
  type ShardProof,
} from './keys';
import type { StoredShard } from './store';
import { readPart, readWhole, storedShard, type Part } from './stored-shard';

/** Where the bytes of one model's shards are kept while they arrive: in the database, or in memory only. */
export interface PartStore {
  /** The pieces that lie without a gap from byte 0, in order; `source` is theirs, where they may be continued. */
  parts(
    shard: ShardRecord,
  ): Promise<{ readonly parts: readonly Part[]; readonly source: PartSource | undefined }>;
  /** @throws AppError storage/integrity when the piece cannot be read back, storage/unavailable */
  read(shard: ShardRecord, part: Part): Promise<Uint8Array<ArrayBuffer>>;
  /** @param bytes of pieceBlob, made in memory. @param source undefined when nobody may continue after this run. */
  add(shard: ShardRecord, offset: number, bytes: Blob, source: PartSource | undefined): Promise<void>;
  drop(shard: ShardRecord): Promise<void>;
  /** The rest, which may be empty, and the proof become the end of the shard, in one transaction. */
  finish(shard: ShardRecord, rest: Blob, proof: ShardProof): Promise<StoredShard>;
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
  /** What lay from there on can only be the rest of a version that has lost its beginning. */
  const append = (store: IDBObjectStore, shard: ShardRecord, offset: number, bytes: Blob): void => {
    const prefix = partPrefix(base, shard);
    store.delete(IDBKeyRange.bound([...prefix, offset], [...prefix, []]));
    if (bytes.size > 0) store.put(bytes, partKey(base, shard, offset, bytes.size));
  };
  return {
    parts,
    read: (shard, part) => readPart(database, base, shard, part),
    add: (shard, offset, bytes, source) =>
      commit(
        database,
        (store) => {
          append(store, shard, offset, bytes);
          if (source) store.put(source, sourceKey(base, shard));
        },
        { file: shard.dataPath },
      ),
    drop: (shard) =>
      commit(database, (store) => {
        // Of any version of the file: what belongs to an older manifest goes with it.
        store.delete(prefixRange([base, 'part', shard.dataPath]));
        store.delete(sourceKey(base, shard));
      }),
    finish: async (shard, rest, proof) => {
      const { parts: before } = await parts(shard);
      const all = withRest(shard, before, rest);
      const ours = partPrefix(base, shard);
      const anyVersion = [base, 'part', shard.dataPath];
      await commit(
        database,
        (store) => {
          store.delete(IDBKeyRange.bound(anyVersion, ours, false, true));
          store.delete(IDBKeyRange.bound([...ours, []], [...anyVersion, []]));
          store.delete(prefixRange(proofPrefix(base, shard)));
          append(store, shard, shard.nbytes - rest.size, rest);
          store.put(proof, proofKey(base, shard));
          store.delete(sourceKey(base, shard));
        },
        { file: shard.dataPath },
      );
      return storedShard(database, base, shard, all);
    },
  };
}

interface MemoryPart extends Part {
  /** Of bytes in memory; the browser may keep them outside of the page's process. */
  readonly blob: Blob;
}

/** For a run without storing. */
export function memoryParts(): PartStore {
  const held = new Map<string, { readonly parts: MemoryPart[]; source: PartSource | undefined }>();
  const read = (shard: ShardRecord, part: Part, from: readonly MemoryPart[]): ReturnType<PartStore['read']> =>
    readWhole(from.find(({ offset }) => offset === part.offset)?.blob, shard, part);
  return {
    parts: ({ dataPath }) => {
      const { parts = [], source } = held.get(dataPath) ?? {};
      return Promise.resolve({ parts, source });
    },
    read: (shard, part) => read(shard, part, held.get(shard.dataPath)?.parts ?? []),
    add: ({ dataPath }, offset, blob, source) => {
      const entry = held.get(dataPath) ?? { parts: [], source };
      held.set(dataPath, entry);
      entry.parts.push({ offset, length: blob.size, blob });
      entry.source = source;
      return Promise.resolve();
    },
    drop: ({ dataPath }) => {
      held.delete(dataPath);
      return Promise.resolve();
    },
    finish: (shard, rest) => {
      const before = held.get(shard.dataPath)?.parts ?? [];
      held.delete(shard.dataPath);
      const last: MemoryPart = { offset: shard.nbytes - rest.size, length: rest.size, blob: rest };
      const all = [...before, last];
      const pieces = withRest(shard, before, rest).map((part) => ({
        offset: part.offset,
        nbytes: part.length,
        read: () => read(shard, part, all),
      }));
      return Promise.resolve({ shard, pieces });
    },
  };
}

function withRest(shard: ShardRecord, stored: readonly Part[], rest: Blob): readonly Part[] {
  const before = stored.filter((part) => part.offset < shard.nbytes - rest.size);
  const last = before.at(-1);
  const offset = last ? last.offset + last.length : 0;
  invariant(
    offset + rest.size === shard.nbytes,
    `${shard.dataPath} would end with ${offset + rest.size} of ${shard.nbytes} bytes`,
  );
  return rest.size > 0 ? [...before, { offset, length: rest.size }] : before;
}
