// The pieces of the shards of one model while they arrive: each is committed as its own record, so that a killed
// tab loses at most the piece it was receiving, and stays that record for good. The proof that is written with
// the last one makes them a shard; nothing is joined and nothing written twice.
import { get } from 'idb-keyval';
import { invariant } from '../../base/errors';
import type { ShardRecord } from '../../formats/mlc/manifest';
import { commit, keysWithin, prefixRange, storageError, type ModelDatabase } from './database';
import { pieceSum } from './hashing';
import {
  parseKey,
  parsePart,
  partKey,
  partPrefix,
  proofKey,
  proofPrefix,
  sourceKey,
  type Part,
  type PartSource,
  type ShardProof,
} from './keys';
import type { StoredShard } from '../store';
import { block, blockBytes, blockStart } from './blocks';
import { pieceBlob, readPart, readWhole, storedShard } from './stored-shard';

/** Where the bytes of one model's shards are kept while they arrive: in the database, or in memory only. */
export interface PartStore {
  /** The pieces that lie without a gap from byte 0, in order; `source` is theirs, where they may be continued. */
  parts(
    shard: ShardRecord,
  ): Promise<{ readonly parts: readonly Part[]; readonly source: PartSource | undefined }>;
  /** @throws AppError storage/integrity when the piece cannot be read back, storage/unavailable */
  read(shard: ShardRecord, part: Part): Promise<Uint8Array<ArrayBuffer>>;
  /** @param bytes stay as they are until this is over. @param source undefined when nobody may continue after this run. */
  add(
    shard: ShardRecord,
    offset: number,
    bytes: Uint8Array<ArrayBuffer>,
    source: PartSource | undefined,
  ): Promise<void>;
  drop(shard: ShardRecord): Promise<void>;
  /** The rest, which may be empty, and the proof become the end of the shard, in one transaction. */
  finish(shard: ShardRecord, rest: Uint8Array<ArrayBuffer>, proof: ShardProof): Promise<StoredShard>;
}

/** A part whose bytes are kept, but for a record that says so. */
export interface Placed {
  readonly part: Part;
  readonly value: Blob | true;
}

export function databaseParts(database: ModelDatabase, base: string): PartStore {
  const parts = async (shard: ShardRecord): ReturnType<PartStore['parts']> => {
    const keys = await keysWithin(database, partPrefix(base, shard));
    const found: Part[] = [];
    let end = 0;
    for (const key of keys) {
      const part = parsePart(parseKey(key)?.rest ?? []);
      if (part?.offset !== end) break;
      found.push(part);
      end += part.length;
    }
    const source = found.length > 0 ? await get<PartSource>(sourceKey(base, shard), database) : undefined;
    return { parts: found, source };
  };
  /** With the parts before it in its block, where those are records' Blobs too: one larger Blob is read sooner. */
  const placeInBlock = async (
    shard: ShardRecord,
    offset: number,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<Placed> => {
    const end = offset + bytes.byteLength;
    if ((await database.way()) === 'indexeddb' && (end === shard.nbytes || end % blockBytes === 0)) {
      const { parts: before } = await parts(shard);
      const start = blockStart(end);
      const joined = await block(before, start, offset, bytes, (part) =>
        readPart(database, base, shard, part),
      );
      if (joined) {
        const part = { offset: start, length: joined.byteLength };
        return { part, value: await pieceBlob(joined) };
      }
    }
    return place(database, base, shard, offset, bytes);
  };
  /** What lay from there on can only be the rest of a version that has lost its beginning. */
  const append = (store: IDBObjectStore, shard: ShardRecord, { part, value }: Placed): void => {
    const prefix = partPrefix(base, shard);
    store.delete(IDBKeyRange.bound([...prefix, part.offset], [...prefix, []]));
    if (part.length > 0) store.put(value, partKey(base, shard, part));
  };
  return {
    parts,
    read: (shard, part) => readPart(database, base, shard, part),
    add: async (shard, offset, bytes, source) => {
      const placed = await placeInBlock(shard, offset, bytes);
      await commit(
        database,
        (store) => {
          append(store, shard, placed);
          if (source) store.put(source, sourceKey(base, shard));
        },
        { file: shard.dataPath },
      );
    },
    drop: async (shard) => {
      await commit(database, (store) => {
        // Of any version of the file: what belongs to an older manifest goes with it.
        store.delete(prefixRange([base, 'part', shard.dataPath]));
        store.delete(sourceKey(base, shard));
      });
      await database.files.remove(base, shard);
    },
    finish: async (shard, rest, proof) => {
      const { parts: before } = await parts(shard);
      const last = await placeInBlock(shard, shard.nbytes - rest.byteLength, rest);
      const all = withLast(shard, before, last.part);
      const ours = partPrefix(base, shard);
      const anyVersion = [base, 'part', shard.dataPath];
      await commit(
        database,
        (store) => {
          store.delete(IDBKeyRange.bound(anyVersion, ours, false, true));
          store.delete(IDBKeyRange.bound([...ours, []], [...anyVersion, []]));
          store.delete(prefixRange(proofPrefix(base, shard)));
          append(store, shard, last);
          store.put(proof, proofKey(base, shard));
          store.delete(sourceKey(base, shard));
        },
        { file: shard.dataPath },
      );
      return storedShard(database, base, shard, all);
    },
  };
}

/** To the shard's file where that is the way and this realm can write one, else as a Blob, which the record holds. */
export async function place(
  database: ModelDatabase,
  base: string,
  shard: ShardRecord,
  offset: number,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Placed> {
  const part: Part = { offset, length: bytes.byteLength };
  try {
    if ((await database.way()) === 'files' && (await database.files.write(base, shard, offset, bytes)))
      return { part: { ...part, sum: await pieceSum(bytes) }, value: true };
  } catch (thrown) {
    throw storageError(thrown, { file: shard.dataPath });
  }
  return { part, value: await pieceBlob(bytes) };
}

/** Whole shards whose bytes are kept and which no record names yet: none of them, or all in one transaction. */
export interface StagedShards {
  /** From byte 0 on, in order. */
  add(shard: ShardRecord, offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  prove(shard: ShardRecord, proof: ShardProof): void;
  /** Into a transaction that has removed what stood there before. */
  write(store: IDBObjectStore): void;
  /** @param spared their files hold bytes that records name. */
  discard(spared: (shard: ShardRecord) => boolean): Promise<void>;
}

export function stageShards(database: ModelDatabase, base: string): StagedShards {
  const staged = new Map<ShardRecord, { readonly placed: Placed[]; proof?: ShardProof }>();
  return {
    async add(shard, offset, bytes) {
      const entry = staged.get(shard) ?? { placed: [] };
      staged.set(shard, entry);
      entry.placed.push(await place(database, base, shard, offset, bytes));
    },
    prove(shard, proof) {
      const entry = staged.get(shard);
      invariant(entry, `${shard.dataPath} was proven before it was here`);
      entry.proof = proof;
    },
    write(store) {
      for (const [shard, { placed, proof }] of staged) {
        invariant(proof, `${shard.dataPath} was not proven`);
        for (const { part, value } of placed) store.put(value, partKey(base, shard, part));
        store.put(proof, proofKey(base, shard));
      }
    },
    async discard(spared) {
      for (const shard of staged.keys()) if (!spared(shard)) await database.files.remove(base, shard);
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
    add: async ({ dataPath }, offset, bytes, source) => {
      const entry = held.get(dataPath) ?? { parts: [], source };
      held.set(dataPath, entry);
      entry.source = source;
      entry.parts.push({ offset, length: bytes.byteLength, blob: await pieceBlob(bytes) });
    },
    drop: ({ dataPath }) => {
      held.delete(dataPath);
      return Promise.resolve();
    },
    finish: async (shard, rest) => {
      const before = held.get(shard.dataPath)?.parts ?? [];
      held.delete(shard.dataPath);
      const length = rest.byteLength;
      const last: MemoryPart = { offset: shard.nbytes - length, length, blob: await pieceBlob(rest) };
      const all = [...before, last];
      const pieces = withLast(shard, before, last).map((part) => ({
        offset: part.offset,
        nbytes: part.length,
        read: () => read(shard, part, all),
      }));
      return { shard, pieces };
    },
  };
}

/** The parts before the last one, and it, unless it is empty. */
function withLast(shard: ShardRecord, stored: readonly Part[], last: Part): readonly Part[] {
  const before = stored.filter(({ offset }) => offset < last.offset);
  const previous = before.at(-1);
  const end = previous ? previous.offset + previous.length : 0;
  invariant(
    end === last.offset && end + last.length === shard.nbytes,
    `${shard.dataPath} would end with ${end + last.length} of ${shard.nbytes} bytes`,
  );
  return last.length > 0 ? [...before, last] : before;
}
