// One shard over the network: streamed, hashed on the way, checked against the manifest. Stores nothing.
import { AppError } from '../base/errors';
import type { ShardRecord } from '../formats/manifest';
import { fileAddress, hostOf } from './address';
import { createShardHasher } from './hashing';
import type { ShardProof } from './keys';
import { connectionError, requestFile, type Fetch } from './request';

export interface ShardDownload {
  readonly base: string;
  readonly shard: ShardRecord;
  readonly signal: AbortSignal;
  readonly fetch: Fetch;
  readonly onBytes: (count: number) => void;
}

export interface VerifiedShard {
  readonly blob: Blob;
  readonly proof: ShardProof;
}

/** @throws AppError network/*, storage/integrity, run/aborted */
export async function downloadShard(download: ShardDownload): Promise<VerifiedShard> {
  const { base, shard, signal, fetch, onBytes } = download;
  const url = fileAddress(base, shard.dataPath);
  const response = await requestFile({ url, signal, fetch });
  const hasher = await createShardHasher();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  try {
    for await (const piece of bodyOf(response)) {
      received += piece.byteLength;
      if (received > shard.nbytes) break;
      hasher.update(piece);
      pieces.push(piece);
      onBytes(piece.byteLength);
    }
  } catch (thrown) {
    throw connectionError(url, signal, thrown);
  }
  const host = hostOf(url);
  const { md5sum, sha256 } = hasher.digest();
  checkShard(shard, host, received, md5sum);
  const now = Date.now();
  return {
    blob: new Blob(pieces),
    proof: { sha256, md5sum, nbytes: shard.nbytes, host, storedAt: now, verifiedAt: now },
  };
}

/** @throws AppError storage/integrity naming the shard, the host and both figures */
export function checkShard(shard: ShardRecord, host: string, nbytes: number, md5sum: string): void {
  const details = { file: shard.dataPath, host, expectedBytes: shard.nbytes, bytes: nbytes };
  if (nbytes !== shard.nbytes) {
    throw new AppError(
      'storage/integrity',
      `${shard.dataPath} from ${host} has ${nbytes > shard.nbytes ? 'more than ' : ''}${Math.min(nbytes, shard.nbytes)} bytes; the manifest says ${shard.nbytes}.`,
      { details, retryable: true },
    );
  }
  if (shard.md5sum !== undefined && md5sum !== shard.md5sum) {
    throw new AppError(
      'storage/integrity',
      `${shard.dataPath} from ${host} arrived damaged: its md5 is ${md5sum}, the manifest says ${shard.md5sum}.`,
      { details: { ...details, expectedMd5: shard.md5sum, md5: md5sum }, retryable: true },
    );
  }
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Leaving early must free the connection.
    await reader.cancel().catch(() => undefined);
  }
}
