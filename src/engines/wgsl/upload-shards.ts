// Shards from the store into whatever holds the weights: piece by piece, several reads under way, and never more
// in memory than those and what the GPU has not taken yet. Knows nothing of models: `npm run bench:load` runs it too.
import { AppError } from '../../base/errors';
import type { ShardRecord, TensorRecord } from '../../formats/mlc/manifest';
import { checkShardLength } from '../../formats/mlc/parse-manifest';
import type { ModelFiles, StoredPiece } from '../../store/store';
import { isLostPiece, stillLost } from '../../store/disk/stored-shard';

export interface UploadTarget {
  /** Tensors that nobody wants are not uploaded, and where a piece has no others it is not read. */
  wants(record: TensorRecord): boolean;
  /** @param offset where in the tensor `bytes` begin, at any byte. They are copied before this returns. */
  upload(record: TensorRecord, offset: number, bytes: Uint8Array<ArrayBuffer>): void;
  /** Until what was uploaded is held elsewhere. */
  flush(): Promise<void>;
  /** So many bytes of shards are done with. */
  onBytes(nbytes: number): void;
}

/** Pieces being read at once: enough to keep a disk busy, few enough to hold little memory. */
const piecesInFlight = 4;
/** Bytes uploaded before waiting for `flush`: what the GPU has not copied yet is held in memory. */
const uploadWindowBytes = 64 * 2 ** 20;

/**
 * Uploads every wanted tensor. A shard of which a stored piece turns out to be gone is fetched again.
 * @throws AppError of the store, of `upload` and of `flush`; run/aborted. No read is left running.
 */
export async function uploadShards(
  files: ModelFiles,
  target: UploadTarget,
  signal: AbortSignal,
): Promise<void> {
  const done = new Set<string>();
  const lost = await uploadOnce(files, target, signal, done);
  if (lost) {
    const again = await uploadOnce(files, target, signal, done).catch((thrown: unknown) => {
      throw stillLost(lost, thrown);
    });
    if (again) throw again;
  }
  await target.flush();
}

/** @returns why a shard is not among `done` afterwards, where that is so. */
async function uploadOnce(
  files: ModelFiles,
  target: UploadTarget,
  signal: AbortSignal,
  done: Set<string>,
): Promise<AppError | undefined> {
  const reads = new Set<Promise<void>>();
  let failure: { readonly thrown: unknown } | undefined;
  let lost: AppError | undefined;
  let windowBytes = 0;
  // Of pieces that are done with: a new array for each costs a fifth of the time, and the memory until it is collected.
  const buffers: ArrayBuffer[] = [];
  const upload = async (piece: StoredPiece, wanted: TensorRecord[]): Promise<void> => {
    const bytes = await piece.read(buffers.pop() ?? new ArrayBuffer(piece.nbytes));
    // The model may be freed by now.
    if (failure || signal.aborted) return;
    for (const record of wanted) {
      const from = Math.max(record.byteOffset, piece.offset);
      const to = Math.min(record.byteOffset + record.nbytes, piece.offset + piece.nbytes);
      target.upload(record, from - record.byteOffset, bytes.subarray(from - piece.offset, to - piece.offset));
    }
    windowBytes += bytes.byteLength;
    target.onBytes(bytes.byteLength);
    buffers.push(bytes.buffer);
  };
  const start = (shard: ShardRecord, piece: StoredPiece, wanted: TensorRecord[]): void => {
    const read: Promise<void> = upload(piece, wanted)
      .catch((thrown: unknown) => {
        if (!isLostPiece(thrown)) failure ??= { thrown };
        else {
          lost ??= thrown;
          done.delete(shard.dataPath);
        }
      })
      .finally(() => reads.delete(read));
    reads.add(read);
  };
  try {
    for await (const { shard, pieces } of files.shards()) {
      throwIfAborted(signal);
      if (done.has(shard.dataPath)) continue;
      checkShardLength(
        shard,
        pieces.reduce((sum, { nbytes }) => sum + nbytes, 0),
      );
      done.add(shard.dataPath);
      const records = shard.records.filter((record) => target.wants(record));
      for (const piece of pieces) {
        const wanted = records.filter(
          ({ byteOffset, nbytes }) =>
            byteOffset < piece.offset + piece.nbytes && byteOffset + nbytes > piece.offset,
        );
        if (wanted.length === 0) {
          target.onBytes(piece.nbytes);
          continue;
        }
        start(shard, piece, wanted);
        if (reads.size >= piecesInFlight) await Promise.race(reads);
        if (failure) throw failure.thrown;
        throwIfAborted(signal);
        if (windowBytes >= uploadWindowBytes) {
          windowBytes = 0;
          await target.flush();
        }
      }
    }
  } finally {
    // No read may touch the model after this returns.
    failure ??= signal.aborted ? { thrown: aborted() } : undefined;
    await Promise.all(reads);
  }
  if (failure) throw failure.thrown;
  throwIfAborted(signal);
  return lost;
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw aborted();
}

/** What a load that was cancelled ends with. */
export function aborted(): AppError {
  return new AppError('run/aborted', 'Loading the model was cancelled; what was downloaded stays.');
}
