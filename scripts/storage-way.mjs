// What `--storage` of the commands may be.

/** @param {string} asked @returns {'files' | 'indexeddb'} exits with 2 where it is neither */
export function asStorageWay(asked) {
  if (asked === 'files' || asked === 'indexeddb') return asked;
  console.error(`--storage takes files or indexeddb, not "${asked}".`);
  process.exit(2);
}
