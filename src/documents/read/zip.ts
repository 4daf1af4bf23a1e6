// Looks into an archive before anybody unpacks it: its directory says how much comes out, and each part is then unpacked
// into nothing, counted, to see whether the directory told the truth. A few kilobytes can hold terabytes.
import { AppError } from '../../base/errors';
import { limits } from './blocks';

interface ZipPart {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly headerOffset: number;
}

/** @throws AppError `documents/zip-bomb`, `documents/damaged`, `documents/encrypted`. */
export async function checkZip(
  bytes: Uint8Array<ArrayBuffer>,
  limit: number = limits.unpackedBytes,
): Promise<void> {
  const parts = directory(bytes);
  const declared = parts.reduce((sum, part) => sum + part.unpackedBytes, 0);
  if (declared > limit) throw bomb(limit);
  let left = limit;
  for (const part of parts) left -= await unpackedSize(bytes, part, Math.min(left, part.unpackedBytes + 1));
}

function directory(bytes: Uint8Array): readonly ZipPart[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfDirectory(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const parts: ZipPart[] = [];
  try {
    for (let i = 0; i < count; i++) {
      if (view.getUint32(at, true) !== 0x02014b50) throw damaged();
      if ((view.getUint16(at + 8, true) & 1) !== 0)
        throw new AppError('documents/encrypted', 'A part of the archive is protected by a password.');
      const nameLength = view.getUint16(at + 28, true);
      parts.push({
        name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
        method: view.getUint16(at + 10, true),
        packedBytes: view.getUint32(at + 20, true),
        unpackedBytes: view.getUint32(at + 24, true),
        headerOffset: view.getUint32(at + 42, true),
      });
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : damaged();
  }
  return parts;
}

/** The record at the archive's end, before a comment of up to 64 kB. */
function endOfDirectory(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 22 - 0xffff; at--)
    if (view.getUint32(at, true) === 0x06054b50) return at;
  throw damaged();
}

/** How much the part really unpacks to; stops counting at `limit`. */
async function unpackedSize(bytes: Uint8Array<ArrayBuffer>, part: ZipPart, limit: number): Promise<number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (part.headerOffset + 30 > bytes.length || view.getUint32(part.headerOffset, true) !== 0x04034b50)
    throw damaged();
  const start =
    part.headerOffset +
    30 +
    view.getUint16(part.headerOffset + 26, true) +
    view.getUint16(part.headerOffset + 28, true);
  const packed = bytes.subarray(start, start + part.packedBytes);
  if (packed.length < part.packedBytes) throw damaged();
  if (part.method === 0) return packed.length;
  if (part.method !== 8) throw damaged();
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return size;
      size += value.length;
      if (size >= limit) throw bomb(limit);
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : damaged();
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function bomb(limit: number): AppError {
  return new AppError('documents/zip-bomb', 'The archive unpacks to more than a document can hold.', {
    details: { limit },
  });
}

function damaged(): AppError {
  return new AppError('documents/damaged', 'The archive inside the file is not whole.');
}
