// Moves a stored model from one place to the other, without the network: piece by piece, each held against its sum on
// the way, and each in one transaction that names it where it lies now and no longer where it lay. Ended at any
// moment, every byte is still named by a record, and the next move goes on with what is left.
import { AppError, toAppError } from '../../base/errors';
import type { StorageWay } from '../../base/storage-way';
import type { ShardRecord } from '../../formats/mlc/manifest';
import { blockBytes } from '../disk/blocks';
import { commit, type ModelDatabase } from '../disk/database';
import { partKey, shardId, type Part } from '../disk/keys';
import { place, type Placed } from '../disk/parts';
import { dropShard, readStoredManifest, storedParts } from '../disk/records';
import { readPart } from '../disk/stored-shard';
import { downloadLock, exclusively } from '../download/owner';
import { throwIfAborted } from '../download/retry';
import { defaultSettings } from '../download/settings';
import type { TransferOptions } from './transfer';
import type { VerifyReport } from './verify';

/**
 * Waits for a download of the model in any tab to end.
 * @param database its `way` is where the bytes go.
 * @returns `damaged`: files whose bytes were found wrong; they were dropped, as by a check.
 * @throws AppError run/aborted, storage/quota, storage/unavailable; what was moved stays moved.
 */
export async function moveModel(
  database: ModelDatabase,
  base: string,
  options: TransferOptions,
): Promise<VerifyReport> {
  return exclusively(downloadLock(base), options.signal, () => moveOwned(database, base, options));
}

async function moveOwned(
  database: ModelDatabase,
  base: string,
  { signal, onProgress }: TransferOptions,
): Promise<VerifyReport> {
  const to = await database.way();
  const known = await readStoredManifest(database, base);
  if (!known) return { checkedBytes: 0, damaged: [] };
  const damaged: string[] = [];
  let doneBytes = 0;
  const present = await storedParts(database, base);
  const { shards } = known.manifest;
  const totalBytes = shards.reduce((sum, shard) => sum + (present.get(shardId(shard))?.bytes ?? 0), 0);
  for (const shard of shards) {
    const { parts = [], whole = false } = present.get(shardId(shard)) ?? {};
    try {
      for (const stretch of to === 'files' ? parts.map((part) => [part]) : stretchesOf(parts)) {
        throwIfAborted(signal);
        if (!stretch.every((part) => isThere(part, to))) await moveStretch(database, base, shard, stretch);
        doneBytes += stretch.reduce((sum, { length }) => sum + length, 0);
        onProgress?.({ phase: 'verify', doneBytes, totalBytes, fetchedBytes: 0 });
      }
    } catch (thrown) {
      if (toAppError(thrown).code !== 'storage/integrity') throw thrown;
      // A part of one that is not whole is found damaged by the download that goes on with it.
      if (whole) {
        damaged.push(shard.dataPath);
        await dropShard(database, base, shard);
      }
    }
    // Nothing names it any more; where a tab still has it open it goes with the model.
    if (to === 'indexeddb') await removeUnnamed(database, base, shard);
  }
  return { checkedBytes: doneBytes, damaged };
}

const isThere = ({ sum }: Part, way: StorageWay): boolean => (sum !== undefined) === (way === 'files');

/** Parts of one block each. */
function stretchesOf(parts: readonly Part[]): readonly (readonly Part[])[] {
  const byBlock = new Map<number, Part[]>();
  for (const part of parts) {
    const number = Math.floor(part.offset / blockBytes);
    byBlock.set(number, [...(byBlock.get(number) ?? []), part]);
  }
  return [...byBlock.values()];
}

async function moveStretch(
  database: ModelDatabase,
  base: string,
  shard: ShardRecord,
  stretch: readonly Part[],
): Promise<void> {
  const start = stretch[0]?.offset ?? 0;
  const bytes = new Uint8Array(stretch.reduce((sum, { length }) => sum + length, 0));
  for (const part of stretch) bytes.set(await readPart(database, base, shard, part), part.offset - start);
  const to = await database.way();
  const largest = to === 'files' ? defaultSettings.partBytes : blockBytes;
  const placed: Placed[] = [];
  for (let at = 0; at < bytes.byteLength; at += largest)
    placed.push(await place(database, base, shard, start + at, bytes.subarray(at, at + largest)));
  if (placed.some(({ part }) => !isThere(part, to)))
    throw new AppError(
      'storage/unavailable',
      'This browser cannot write private files here: the model stays where it is.',
    );
  await commit(
    database,
    (store) => {
      for (const part of stretch) store.delete(partKey(base, shard, part));
      for (const { part, value } of placed) store.put(value, partKey(base, shard, part));
    },
    { file: shard.dataPath },
  );
}

async function removeUnnamed(database: ModelDatabase, base: string, shard: ShardRecord): Promise<void> {
  const { parts = [] } = (await storedParts(database, base)).get(shardId(shard)) ?? {};
  if (parts.every(({ sum }) => sum === undefined)) await database.files.remove(base, shard);
}
