// Reads stored shards back and compares them with what was recorded when they were committed. What fails is
// dropped, so that the next load fetches it again. Hashing happens in the calling realm: call it in a worker.
import { get } from 'idb-keyval';
import { createSHA256 } from 'hash-wasm';
import { AppError, toAppError } from '../../base/errors';
import type { ShardRecord } from '../../formats/mlc/manifest';
import { commit, type ModelDatabase } from '../disk/database';
import {
  manifestKey,
  proofKey,
  sessionKey,
  shardId,
  type Part,
  type ShardProof,
  type StoredManifest,
} from '../disk/keys';
import { downloadLock, exclusively } from '../download/owner';
import { basesOf, readStoredManifest, dropShard, storedParts, type StoredSession } from '../disk/records';
import { throwIfAborted } from '../download/retry';
import type { FetchProgress } from '../store';
import { readPart } from '../disk/stored-shard';

export interface VerifyReport {
  readonly checkedBytes: number;
  /** Files that were damaged and are now missing, to be fetched again by the next load. */
  readonly damaged: readonly string[];
}

export interface VerifyOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Only shards committed at or after this moment, ms since 1970. */
  readonly since?: number;
}

/** @throws AppError run/aborted, storage/unavailable */
export async function verifyModel(
  database: ModelDatabase,
  base: string,
  { signal, onProgress, since = 0 }: VerifyOptions,
): Promise<VerifyReport> {
  const known = await readStoredManifest(database, base);
  if (!known) return { checkedBytes: 0, damaged: [] };
  const { shards, totalBytes } = known.manifest;
  const damaged: string[] = [];
  let checkedBytes = 0;
  let doneBytes = 0;
  for (const shard of shards) {
    throwIfAborted(signal);
    // Asked for each anew: another tab may have fetched it again meanwhile, in other parts.
    const stored = (await storedParts(database, base)).get(shardId(shard));
    const proof = await get<ShardProof>(proofKey(base, shard), database);
    doneBytes += shard.nbytes;
    if (!stored?.whole || !proof || proof.storedAt < since) continue;
    const sha256 = await sha256Of(database, base, shard, stored.parts, signal);
    if (sha256 === proof.sha256) {
      checkedBytes += shard.nbytes;
      await commit(database, (store) =>
        store.put({ ...proof, verifiedAt: Date.now() }, proofKey(base, shard)),
      );
    } else {
      damaged.push(shard.dataPath);
      await exclusively(downloadLock(base), signal, () => dropShard(database, base, shard));
    }
    onProgress?.({ phase: 'verify', doneBytes, totalBytes, fetchedBytes: 0 });
  }
  if (damaged.length === 0 && since === 0 && known.complete) await markVerified(database, base);
  return { checkedBytes, damaged };
}

/** Undefined when a piece cannot be read back: as damaged as can be. */
async function sha256Of(
  database: ModelDatabase,
  base: string,
  shard: ShardRecord,
  parts: readonly Part[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const sha256 = await createSHA256();
  sha256.init();
  const buffer = new ArrayBuffer(Math.max(0, ...parts.map(({ length }) => length)));
  for (const part of parts) {
    throwIfAborted(signal);
    try {
      sha256.update(await readPart(database, base, shard, part, buffer));
    } catch (thrown) {
      if (toAppError(thrown).code === 'storage/integrity') return undefined;
      throw thrown;
    }
  }
  return sha256.digest('hex');
}

async function markVerified(database: ModelDatabase, base: string): Promise<void> {
  const record = await get<StoredManifest>(manifestKey(base), database);
  if (!record) return;
  await commit(database, (store) => store.put({ ...record, verifiedAt: Date.now() }, manifestKey(base)));
}

/**
 * Reads back what was committed in downloads that ended with the browser's death; for idle time after a start.
 * A model that is being downloaded right now is left for another time.
 */
export async function verifyAfterCrash(
  database: ModelDatabase,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const damaged: string[] = [];
  for (const base of await basesOf(database)) {
    const session = await get<StoredSession>(sessionKey(base), database);
    if (!session || (await isDownloading(base))) continue;
    const report = await verifyModel(database, base, { signal, since: session.startedAt });
    damaged.push(...report.damaged);
    await commit(database, (store) => store.delete(sessionKey(base)));
  }
  return damaged;
}

async function isDownloading(base: string): Promise<boolean> {
  try {
    const { held = [] } = await navigator.locks.query();
    return held.some((lock) => lock.name === downloadLock(base));
  } catch (cause) {
    throw new AppError('storage/unavailable', 'This page cannot see which tab downloads.', { cause });
  }
}
