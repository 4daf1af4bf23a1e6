// What another storage holds, found by its records and read out of its files; nothing there changes.
import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { commit, createDatabase } from '../disk/database';
import { pieceSum } from '../disk/hashing';
import { manifestKey, partKey, proofKey, textKey } from '../disk/keys';
import { findLent } from './find-lent';
import { createPortStore } from './port-store';
import { StoreLink } from './store-link';

const base = 'https://models.example/tiny/';
const bytes = Uint8Array.from({ length: 3000 }, (_, i) => (i * 7) % 251);
const shard = {
  dataPath: 'params_shard_0.bin',
  nbytes: bytes.byteLength,
  md5sum: createHash('md5').update(bytes).digest('hex'),
};
const text = JSON.stringify({
  metadata: {},
  records: [
    {
      ...shard,
      format: 'raw-shard',
      records: [
        { name: 'w', shape: [750], dtype: 'float32', format: 'raw', nbytes: shard.nbytes, byteOffset: 0 },
      ],
    },
  ],
});

/** A folder in which every file is this one. */
class Folder {
  constructor(readonly content: Uint8Array<ArrayBuffer>) {}
  getDirectoryHandle(): Promise<Folder> {
    return Promise.resolve(this);
  }
  getFileHandle() {
    return Promise.resolve({ getFile: () => Promise.resolve(new File([this.content], 'shard')) });
  }
}

afterEach(() => vi.unstubAllGlobals());

let databases = 0;

/** Storage that holds the model as the app in a tab has left it. @param sum absent: its bytes are a record's. */
async function kept(sum: string | undefined, content = bytes) {
  vi.stubGlobal('FileSystemDirectoryHandle', Folder);
  const name = `lent-${++databases}`;
  await commit(createDatabase(name), (store) => {
    const part = { offset: 0, length: shard.nbytes, ...(sum !== undefined && { sum }) };
    store.put(sum === undefined ? new Blob([bytes]) : 1, partKey(base, shard, part));
    store.put({ sha256: '' }, proofKey(base, shard));
    store.put({ text: '{"model_type":"phi3"}' }, textKey(base, 'mlc-chat-config.json'));
    store.put({ name: 'tensor-cache.json', text, at: 1 }, manifestKey(base));
  });
  const directory = new Folder(content) as unknown as FileSystemDirectoryHandle;
  return { name, storage: { indexedDB, getDirectory: () => Promise.resolve(directory) } };
}

/** A store that would tell of every word to whoever has the network. */
function reader(name: string) {
  const wanted = vi.fn();
  return { store: createPortStore(new StoreLink(wanted), `${name}-own`), wanted };
}

it('is whole for the engine, which reads it where it lies and asks nobody for it', async () => {
  const { name, storage } = await kept(await pieceSum(bytes));
  const lent = await findLent(storage, base, name);
  expect(lent?.base).toBe(base);
  const { store, wanted } = reader(name);
  if (lent) store.lend(lent);
  expect(await store.status(base)).toMatchObject({ complete: true, totalBytes: 3000, missing: [] });
  const files = await store.open(base, { signal: new AbortController().signal });
  expect(await files.text('mlc-chat-config.json')).toBe('{"model_type":"phi3"}');
  const read: Uint8Array[] = [];
  for await (const { pieces } of files.shards()) for (const piece of pieces) read.push(await piece.read());
  expect(read).toEqual([bytes]);
  expect(wanted).not.toHaveBeenCalled();
});

it('is an error, and no download, where its bytes have changed or a file is not there', async () => {
  const { name, storage } = await kept(
    await pieceSum(bytes),
    bytes.map((byte) => byte ^ 1),
  );
  const lent = await findLent(storage, base, name);
  const { store, wanted } = reader(name);
  if (lent) store.lend(lent);
  const files = await store.open(base, { signal: new AbortController().signal });
  await expect(files.text('tokenizer.json')).rejects.toMatchObject({ code: 'storage/integrity' });
  const reading = async (): Promise<void> => {
    for await (const { pieces } of files.shards()) for (const piece of pieces) await piece.read();
  };
  await expect(reading()).rejects.toMatchObject({ code: 'storage/integrity' });
  expect(wanted).not.toHaveBeenCalled();
});

it('is not there where it is another model, not in files, or nothing at all; looking makes no database', async () => {
  const { name, storage } = await kept(await pieceSum(bytes));
  expect(await findLent(storage, 'https://models.example/other/', name)).toBeUndefined();
  const inRecords = await kept(undefined);
  expect(await findLent(inRecords.storage, base, inRecords.name)).toBeUndefined();
  expect(await findLent(storage, base, 'nobody')).toBeUndefined();
  expect((await indexedDB.databases()).map((one) => one.name)).not.toContain('nobody');
});
