// The one way out of the store for the bytes of a shard: out of its file, or of a record's Blob where there was no
// file to write, and in either case held against the sum of when they arrived. A Blob that came out of IndexedDB is
// read whole, at once, and goes no further: Chromium kills the tab that slices or wraps one whose registration it
// has dropped (crbug.com/392376370), which it does under load. docs/adr/0002-shard-store.md tells the story.
import { get } from 'idb-keyval';
import { AppError, toAppError } from '../../base/errors';
import type { ShardRecord } from '../../formats/mlc/manifest';
import { keysWithin, storageError, type ModelDatabase } from './database';
import { pieceSum } from './hashing';
import { parseKey, parsePart, partKey, partPrefix, type Part } from './keys';
import { dropShard } from './records';
import type { ShardFiles } from './shard-files';
import type { StoredPiece, StoredShard } from '../store';

const sumParameter = ';xxh64=';

/** A piece as a record of its own. Its type carries the sum of its bytes, so that neither can be had without the other. */
export async function pieceBlob(bytes: Uint8Array<ArrayBuffer>): Promise<Blob> {
  const type = `application/octet-stream${sumParameter}${await pieceSum(bytes)}`;
  return new Blob([bytes], { type });
}

/** @returns undefined when the bytes are not the ones that pieceBlob was given. */
export async function readIntact(blob: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return blob.type.split(sumParameter)[1] === (await pieceSum(bytes)) ? bytes : undefined;
}

/**
 * @param into where the bytes may be put, as of StoredPiece.
 * @throws AppError storage/integrity when the bytes are gone or not the ones that arrived, storage/unavailable
 */
export async function readPart(
  database: ModelDatabase,
  base: string,
  shard: ShardRecord,
  part: Part,
  into?: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> {
  if (part.sum === undefined)
    return readWhole(await get<Blob>(partKey(base, shard, part), database), shard, part);
  return readFilePart(database.files, base, shard, part, into);
}

/** Of a part with a sum: out of the shard's file. @throws AppError as readPart */
export async function readFilePart(
  files: Pick<ShardFiles, 'read'>,
  base: string,
  shard: ShardRecord,
  part: Part,
  into?: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> {
  return checked(shard, part, async () => {
    const bytes = await files.read(base, shard, part, into);
    return (await pieceSum(bytes)) === part.sum ? bytes : undefined;
  });
}

/** @throws AppError as readPart */
export async function readWhole(
  blob: Blob | undefined,
  shard: ShardRecord,
  part: Part,
): Promise<Uint8Array<ArrayBuffer>> {
  return checked(shard, part, async () => blob && readIntact(blob));
}

async function checked(
  shard: ShardRecord,
  part: Part,
  read: () => Promise<Uint8Array<ArrayBuffer> | undefined>,
): Promise<Uint8Array<ArrayBuffer>> {
  let cause: unknown;
  try {
    const bytes = await read();
    if (bytes?.byteLength === part.length) return bytes;
  } catch (thrown) {
    if (!saysGone(thrown)) throw storageError(thrown, { file: shard.dataPath });
    cause = thrown;
  }
  throw new AppError(
    'storage/integrity',
    `${shard.dataPath} was stored, but its ${part.length} bytes from ${part.offset} on cannot be read any more, or are not the ones that arrived: load the model again, which fetches this file again.`,
    {
      details: { file: shard.dataPath, offset: part.offset, expectedBytes: part.length },
      retryable: true,
      cause,
    },
  );
}

/** Bytes of a stored shard are gone: it has been dropped, and the next call of `shards()` fetches it again. */
export function isLostPiece(thrown: unknown): thrown is AppError {
  return isGone(thrown) && thrown.details['dropped'] === true;
}

/** What to say when a damaged file could not be fetched again: that it is damaged, which the network's error hides. */
export function stillLost(lost: AppError, thrown: unknown): AppError {
  const error = toAppError(thrown);
  if (!error.code.startsWith('network/')) return error;
  const { file, offset } = lost.details;
  return new AppError('storage/integrity', `${lost.message} It could not be fetched now: ${error.message}`, {
    details: {
      ...(file !== undefined && { file }),
      ...(offset !== undefined && { offset }),
      network: error.code,
    },
    retryable: true,
    cause: error,
  });
}

function isGone(thrown: unknown): thrown is AppError {
  return thrown instanceof AppError && thrown.code === 'storage/integrity';
}

/** A shard that is whole in the database, as its keys say. */
export function storedShard(
  database: ModelDatabase,
  base: string,
  shard: ShardRecord,
  parts: readonly Part[],
): StoredShard {
  const pieces = parts.map((part): StoredPiece => ({
    offset: part.offset,
    nbytes: part.length,
    stored: part,
    read: async (into) => {
      try {
        return await readPart(database, base, shard, part, into);
      } catch (thrown) {
        if (!isGone(thrown)) throw thrown;
      }
      try {
        // Once more, where it lies now: dropping a good shard for one failed read would cost a download.
        return await readAgain(database, base, shard, part, into);
      } catch (thrown) {
        if (!isGone(thrown)) throw thrown;
        await dropShard(database, base, shard);
        throw new AppError(thrown.code, thrown.message, {
          details: { ...thrown.details, dropped: true },
          retryable: true,
          cause: thrown,
        });
      }
    },
  }));
  return { shard, pieces };
}

/**
 * Another tab may have moved the bytes to the other place since the piece was handed out, as other parts.
 * @throws AppError as readPart
 */
async function readAgain(
  database: ModelDatabase,
  base: string,
  shard: ShardRecord,
  part: Part,
  into?: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> {
  const keys = await keysWithin(database, partPrefix(base, shard));
  const now = keys.flatMap((key) => parsePart(parseKey(key)?.rest ?? []) ?? []);
  const end = part.offset + part.length;
  const over = now.filter(({ offset, length }) => offset < end && offset + length > part.offset);
  const covered = over.reduce((to, { offset, length }) => (offset <= to ? offset + length : to), part.offset);
  const stayed = over.some(
    ({ offset, length, sum }) => offset === part.offset && length === part.length && sum === part.sum,
  );
  if (stayed || covered < end || (over[0]?.offset ?? end) > part.offset)
    return readPart(database, base, shard, part, into);
  const bytes = new Uint8Array(part.length);
  for (const one of over) {
    const read = await readPart(database, base, shard, one);
    const from = Math.max(one.offset, part.offset);
    bytes.set(
      read.subarray(from - one.offset, Math.min(one.offset + one.length, end) - one.offset),
      from - part.offset,
    );
  }
  return bytes;
}

/**
 * The bytes in order; a piece is read when the reader wants it.
 * @param onFailure told what `read` threw: not every consumer of a stream hands its error on.
 */
export function streamOf(
  { pieces }: StoredShard,
  onFailure?: (thrown: unknown) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const left = pieces.values();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        const next = left.next();
        if (next.done) {
          controller.close();
          return;
        }
        try {
          controller.enqueue(await next.value.read());
        } catch (thrown) {
          onFailure?.(thrown);
          throw thrown;
        }
      },
    },
    { highWaterMark: 1 },
  );
}

function saysGone(thrown: unknown): boolean {
  return thrown instanceof DOMException && ['NotFoundError', 'NotReadableError'].includes(thrown.name);
}
