// What the keys of a model say, and the changes that keep its records true to each other: which shards are
// present, complete and not complete any more. Reads no shard.
import { get, type UseStore } from 'idb-keyval';
import type { ShardRecord } from '../formats/manifest';
import { asPromise, commit, keysWithin, prefixRange } from './database';
import {
  manifestKey,
  parseKey,
  planKey,
  proofKey,
  sessionKey,
  shardId,
  shardPrefix,
  type StoredManifest,
} from './keys';
import { readStoredManifest } from './small-files';
import type { ModelStatus } from './store';

export async function presentShards(database: UseStore, base: string): Promise<ReadonlySet<string>> {
  const keys = await keysWithin(database, [base, 'shard']);
  return new Set(keys.map((key) => JSON.stringify(parseKey(key)?.rest)));
}

export async function basesOf(database: UseStore): Promise<readonly string[]> {
  const keys = await database('readonly', (store) => asPromise(store.getAllKeys()));
  return [...new Set(keys.flatMap((key) => parseKey(key)?.base ?? []))];
}

export async function statusOf(database: UseStore, base: string): Promise<ModelStatus> {
  const known = await readStoredManifest(database, base);
  if (!known) return { base, complete: false, storedBytes: 0, totalBytes: undefined, missing: [] };
  const { manifest, stored } = known;
  const present = await presentShards(database, base);
  const parts = await partBytes(database, base);
  const missing = manifest.shards
    .filter((shard) => !present.has(shardId(shard)))
    .map((shard) => {
      const { dataPath, nbytes } = shard;
      return { dataPath, nbytes, storedBytes: parts.get(shardId(shard)) ?? 0 };
    });
  const missingBytes = missing.reduce((sum, shard) => sum + shard.nbytes - shard.storedBytes, 0);
  const complete = known.complete && missing.length === 0;
  return {
    base,
    complete,
    storedBytes: manifest.totalBytes - missingBytes,
    totalBytes: manifest.totalBytes,
    missing,
    ...(complete && { completedAt: stored.at }),
    ...(complete && stored.verifiedAt !== undefined && { verifiedAt: stored.verifiedAt }),
  };
}

async function partBytes(database: UseStore, base: string): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>();
  for (const key of await keysWithin(database, [base, 'part'])) {
    const [dataPath, nbytes, md5sum, offset, length] = parseKey(key)?.rest ?? [];
    const id = JSON.stringify([dataPath, nbytes, md5sum]);
    const end = bytes.get(id) ?? 0;
    if (offset === end && typeof length === 'number') bytes.set(id, end + length);
  }
  return bytes;
}

/** Removes a shard whose bytes cannot be trusted; the model is then not complete any more. */
export async function dropShard(database: UseStore, base: string, shard: ShardRecord): Promise<void> {
  const complete = await get<StoredManifest>(manifestKey(base), database);
  await commit(database, (store) => {
    store.delete(prefixRange(shardPrefix(base, shard)));
    store.delete(proofKey(base, shard));
    if (!complete) return;
    store.delete(manifestKey(base));
    store.put({ name: complete.name, text: complete.text, at: complete.at }, planKey(base));
  });
}

/** A manifest that could not be met is asked for anew next time; it still tells what is missing until then. */
export async function doubtPlan(database: UseStore, base: string): Promise<void> {
  const plan = await get<StoredManifest>(planKey(base), database);
  if (plan) await commit(database, (store) => store.put({ ...plan, doubtful: true }, planKey(base)));
}

export async function writeComplete(database: UseStore, base: string, plan: StoredManifest): Promise<void> {
  const now = Date.now();
  const record: StoredManifest = { name: plan.name, text: plan.text, at: now, verifiedAt: now };
  await commit(database, (store) => {
    store.put(record, manifestKey(base));
    store.delete(planKey(base));
  });
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
