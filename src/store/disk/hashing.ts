// MD5 (what the manifest promises) and SHA-256 (what we record) over a stream of bytes, in one pass, and XXH64 over
// one piece, which is quick enough for every read. WebCrypto has no MD5 and no streaming, hence WebAssembly. Runs
// wherever it is called: call it in a worker.
import { createMD5, createSHA256, createXXHash64 } from 'hash-wasm';

/** Lower-case hex. */
export interface ShardDigest {
  readonly md5sum: string;
  readonly sha256: string;
}

export interface LocalHasher {
  update(bytes: Uint8Array): void;
  /** The hasher is finished afterwards. */
  digest(): ShardDigest;
}

/** On this thread: shard-hasher.ts has a thread for them. */
export async function createLocalHasher(): Promise<LocalHasher> {
  const [md5, sha256] = await Promise.all([createMD5(), createSHA256()]);
  md5.init();
  sha256.init();
  return {
    update: (bytes) => {
      md5.update(bytes);
      sha256.update(bytes);
    },
    digest: () => ({ md5sum: md5.digest('hex'), sha256: sha256.digest('hex') }),
  };
}

let xxh64: ReturnType<typeof createXXHash64> | undefined;

/** Lower-case hex. Against accidents of the disk, not against people. */
export async function pieceSum(bytes: Uint8Array): Promise<string> {
  const hasher = await (xxh64 ??= createXXHash64());
  // One for all callers: nothing may be awaited from here on.
  hasher.init();
  hasher.update(bytes);
  return hasher.digest('hex');
}
