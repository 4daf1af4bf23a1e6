/** Where the bytes of a model's shards lie: in the origin-private file system, or in IndexedDB as Blobs. */
export const storageWays = ['files', 'indexeddb'] as const;
export type StorageWay = (typeof storageWays)[number];

/** @returns undefined for anything else */
export function asStorageWay(untrusted: unknown): StorageWay | undefined {
  return storageWays.find((way) => way === untrusted);
}
