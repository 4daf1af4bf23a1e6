// Larger Blobs for the way of IndexedDB: what reading a Blob costs is for the most part the way between processes and
// not its bytes, so the parts of a finished stretch of a shard become one record. The new Blob is made of bytes in
// memory, each part read whole: nothing that lies in the database is sliced or joined (0002-shard-store.md says why).
import type { Part } from './keys';

/** What one record's Blob holds at most, bytes. MLC cuts its shards at as much. */
export const blockBytes = 32 * 2 ** 20;

/** @param end of some part, exclusive @returns where its block begins */
export function blockStart(end: number): number {
  return Math.floor((end - 1) / blockBytes) * blockBytes;
}

/**
 * The bytes of a block that ends with `last`.
 * @param before the shard's stored parts, in order from byte 0
 * @param start of the block @param offset of `last`, which may be empty
 * @returns undefined where there is nothing to join, or something that cannot be: it then stays as it is.
 */
export async function block(
  before: readonly Part[],
  start: number,
  offset: number,
  last: Uint8Array<ArrayBuffer>,
  read: (part: Part) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const inside = before.filter((part) => part.offset >= start && part.offset < offset);
  const pieces = inside.length + Number(last.byteLength > 0);
  // A part that lies in a file stays there, and so do those beside it.
  if (pieces < 2 || inside[0]?.offset !== start || inside.some(({ sum }) => sum !== undefined))
    return undefined;
  const bytes = new Uint8Array(offset + last.byteLength - start);
  try {
    for (const part of inside) bytes.set(await read(part), part.offset - start);
  } catch {
    // Whoever reads it finds out, and drops the shard.
    return undefined;
  }
  bytes.set(last, offset - start);
  return bytes;
}
