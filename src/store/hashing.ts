// MD5 (what the manifest promises) and SHA-256 (what we record) over a stream of bytes, in one pass.
// WebCrypto has no MD5 and no streaming, hence WebAssembly. Runs wherever it is called: call it in a worker.
import { createMD5, createSHA256 } from 'hash-wasm';

export interface ShardHasher {
  update(bytes: Uint8Array): void;
  /** Lower-case hex. The hasher is finished afterwards. */
  digest(): { readonly md5sum: string; readonly sha256: string };
}

export async function createShardHasher(): Promise<ShardHasher> {
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
