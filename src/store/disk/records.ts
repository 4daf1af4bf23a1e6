// What the keys of a model say, and the changes that keep its records true to each other: which shards are
// whole, complete and not complete any more. Reads no shard.
import { get, type UseStore } from 'idb-keyval';
import type { ShardRecord, TensorManifest } from '../../formats/mlc/manifest';
import { parseManifest } from '../../formats/mlc/parse-manifest';
import { asPromise, commit, keysWithin, prefixRange, type ModelDatabase } from './database';
import {
  manifestKey,
  parseKey,
  parsePart,
  partPrefix,
  planKey,
  proofKey,
  sessionKey,
  shardId,
  type Part,
  type StoredManifest,
} from './keys';
import type { ModelStatus } from '../store';

export interface ReadManifest {
  readonly stored: StoredManifest;
  readonly manifest: TensorManifest;
  readonly complete: boolean;
}

/** Complete, or the plan of a download under way; undefined where neither is stored. */
export async function readStoredManifest(
  database: UseStore,
  base: string,
): Promise<ReadManifest | undefined> {
  const complete = await get<StoredManifest>(manifestKey(base), database);
  const stored = complete ?? (await get<StoredManifest>(planKey(base), database));
  if (!stored) return undefined;
  return { stored, manifest: parseManifest(stored.text, stored.name), complete: complete !== undefined };
}

export interface StoredParts {
  /** Without a gap from byte 0. */
  readonly parts: readonly Part[];
  readonly bytes: number;
  /** Proven, and every byte is there. */
  readonly whole: boolean;
}

/** What the keys say of a model's shards, by `shardId`, all at one moment. */
export async function storedParts(
  database: UseStore,
  base: string,
): Promise<ReadonlyMap<string, StoredParts>> {
  const found = new Map<string, { parts: Part[]; bytes: number; proven: boolean; nbytes: unknown }>();
  for (const key of await keysWithin(database, [base])) {
    const { kind, rest = [] } = parseKey(key) ?? {};
    if (kind !== 'part' && kind !== 'proof') continue;
    const [dataPath, nbytes, md5sum] = rest;
    const id = JSON.stringify([dataPath, nbytes, md5sum]);
    const entry = found.get(id) ?? { parts: [], bytes: 0, proven: false, nbytes };
    found.set(id, entry);
    const part = parsePart(rest);
    if (kind === 'proof') entry.proven = true;
    else if (part?.offset === entry.bytes) {
      entry.parts.push(part);
      entry.bytes += part.length;
    }
  }
  return new Map(
    [...found].map(([id, { parts, bytes, proven, nbytes }]) => [
      id,
      { parts, bytes, whole: proven && bytes === nbytes },
    ]),
  );
}

export async function basesOf(database: UseStore): Promise<readonly string[]> {
  const keys = await database('readonly', (store) => asPromise(store.getAllKeys()));
  return [...new Set(keys.flatMap((key) => parseKey(key)?.base ?? []))];
}

export async function statusOf(database: UseStore, base: string): Promise<ModelStatus> {
  const known = await readStoredManifest(database, base);
  if (!known)
    return { base, complete: false, storedBytes: 0, totalBytes: undefined, filesBytes: 0, missing: [] };
  const { manifest, stored } = known;
  const present = await storedParts(database, base);
  const missing = manifest.shards
    .filter((shard) => present.get(shardId(shard))?.whole !== true)
    .map((shard) => {
      const { dataPath, nbytes } = shard;
      return { dataPath, nbytes, storedBytes: present.get(shardId(shard))?.bytes ?? 0 };
    });
  const filesBytes = manifest.shards
    .flatMap((shard) => present.get(shardId(shard))?.parts ?? [])
    .reduce((sum, part) => sum + (part.sum === undefined ? 0 : part.length), 0);
  const missingBytes = missing.reduce((sum, shard) => sum + shard.nbytes - shard.storedBytes, 0);
  const complete = known.complete && missing.length === 0;
  return {
    base,
    complete,
    storedBytes: manifest.totalBytes - missingBytes,
    totalBytes: manifest.totalBytes,
    filesBytes,
    missing,
    ...(complete && { completedAt: stored.at }),
    ...(complete && stored.verifiedAt !== undefined && { verifiedAt: stored.verifiedAt }),
  };
}

/**
 * Removes a whole shard whose bytes cannot be trusted; the model is then not complete any more. One that is not
 * whole is left alone: somebody has dropped it before and may be fetching it again.
 */
export async function dropShard(database: UseStore, base: string, shard: ShardRecord): Promise<void> {
  await commit(database, (store) => {
    const proof = store.getKey(proofKey(base, shard));
    proof.onsuccess = () => {
      if (proof.result === undefined) return;
      store.delete(proofKey(base, shard));
      store.delete(prefixRange(partPrefix(base, shard)));
    };
    const manifest = store.get(manifestKey(base)) as IDBRequest<StoredManifest | undefined>;
    manifest.onsuccess = () => {
      if (proof.result === undefined || !manifest.result) return;
      const { name, text, at } = manifest.result;
      store.delete(manifestKey(base));
      store.put({ name, text, at }, planKey(base));
    };
  });
}

/** A manifest that could not be met is asked for anew next time; it still tells what is missing until then. */
export async function doubtPlan(database: UseStore, base: string): Promise<void> {
  const plan = await get<StoredManifest>(planKey(base), database);
  if (plan) await commit(database, (store) => store.put({ ...plan, doubtful: true }, planKey(base)));
}

/** @param shards the plan's: files of other shards are removed. Only the one who downloads may call this. */
export async function writeComplete(
  database: ModelDatabase,
  base: string,
  plan: StoredManifest,
  shards: readonly ShardRecord[],
): Promise<void> {
  const now = Date.now();
  const record: StoredManifest = { name: plan.name, text: plan.text, at: now, verifiedAt: now };
  await commit(database, (store) => {
    store.put(record, manifestKey(base));
    store.delete(planKey(base));
  });
  await database.files.keepOnly(base, shards);
}

/** Present while a download runs; found without one, it says that the browser died, and since when to doubt. */
export interface StoredSession {
  readonly startedAt: number;
  readonly crashed: boolean;
}

export async function beginSession(database: UseStore, base: string): Promise<void> {
  const earlier = await get<StoredSession>(sessionKey(base), database);
  const session: StoredSession = earlier
    ? { startedAt: earlier.startedAt, crashed: true }
    : { startedAt: Date.now(), crashed: false };
  await commit(database, (store) => store.put(session, sessionKey(base)));
}

export async function endSession(database: UseStore, base: string): Promise<void> {
  const session = await get<StoredSession>(sessionKey(base), database);
  // After a crash the record stays until the doubtful shards have been read back (verify.ts).
  if (session?.crashed === false) await commit(database, (store) => store.delete(sessionKey(base)));
}
