import { expect, test } from 'vitest';
import { AppError } from '../../base/errors';
import type { ShardRecord, TensorManifest } from '../../formats/mlc/manifest';
import type { StoredShard } from '../../store/store';
import { createShimCache, installCaches } from './cache-shim';
import { VirtualFolder } from './virtual-folder';

const tensor = {
  name: 'w',
  shape: [2],
  dtype: 'float16',
  format: 'f32-to-bf16',
  nbytes: 4,
  byteOffset: 0,
} as const;
const shard: ShardRecord = { dataPath: 'a.bin', nbytes: 4, md5sum: 'aa', records: [tensor] };
const stored: StoredShard = {
  shard,
  pieces: ['abc', 'd'].map((text, i) => ({
    offset: 3 * i,
    nbytes: text.length,
    read: () => Promise.resolve(new TextEncoder().encode(text)),
  })),
};
const manifest: TensorManifest = {
  shards: [shard, { dataPath: 'b.bin', nbytes: 12, md5sum: undefined, records: [] }],
  totalBytes: 16,
};

function folderOf(signal = new AbortController().signal, first = stored): VirtualFolder {
  return new VirtualFolder(
    {
      texts: new Map([['mlc-chat-config.json', '{}']]),
      manifest,
      shards: new Map([['a.bin', first]]),
      library: new TextEncoder().encode('wasm'),
    },
    signal,
  );
}

test('WebLLM’s own address rule leaves the virtual address alone', () => {
  // cleanModelUrl appends resolve/main/ where this does not match.
  expect(folderOf().modelAddress).toMatch(/.+\/resolve\/.+\//);
  expect(folderOf().modelAddress).not.toBe(folderOf().modelAddress);
});

test('the manifest is served under the newer name in MLC’s own shape', async () => {
  const folder = folderOf();
  const response = await createShimCache(folder).match(`${folder.modelAddress}tensor-cache.json`);
  expect(await response?.json()).toEqual({
    metadata: {},
    records: [
      { dataPath: 'a.bin', format: 'raw-shard', nbytes: 4, md5sum: 'aa', records: [tensor] },
      { dataPath: 'b.bin', format: 'raw-shard', nbytes: 12, records: [] },
    ],
  });
});

test('the shim has what the folder has, and nothing can be added or removed', async () => {
  const folder = folderOf();
  const cache = createShimCache(folder);
  const shard = `${folder.modelAddress}a.bin`;
  expect(await (await cache.match(new Request(shard)))?.text()).toBe('abcd');
  expect(await (await cache.match(folder.libraryAddress))?.text()).toBe('wasm');
  expect((await cache.keys()).map(({ url }) => url)).toContain(shard);
  expect(await cache.match(`${folder.modelAddress}other.bin`)).toBeUndefined();
  await expect(cache.add(`${folder.modelAddress}tokenizer.model`)).rejects.toMatchObject({
    code: 'network/not-a-model',
    details: { file: 'tokenizer.model' },
  });
  expect(await cache.delete(shard)).toBe(false);
  expect(await cache.match(shard)).toBeDefined();
});

test('a shard says how long it is before it is read, and why it could not be', async () => {
  const whole = folderOf();
  const response = await createShimCache(whole).match(`${whole.modelAddress}a.bin`);
  expect(response?.headers.get('content-length')).toBe('4');
  const gone = new AppError('storage/integrity', 'Gone.', { details: { dropped: true } });
  const pieces = stored.pieces.map((piece) => ({ ...piece, read: () => Promise.reject(gone) }));
  const folder = folderOf(undefined, { shard, pieces });
  const broken = await createShimCache(folder).match(`${folder.modelAddress}a.bin`);
  await expect(broken?.arrayBuffer()).rejects.toBeDefined();
  expect(folder.failure).toBe(gone);
});

test('after an abort every read fails', async () => {
  const controller = new AbortController();
  const folder = folderOf(controller.signal);
  controller.abort();
  await expect(createShimCache(folder).match(`${folder.modelAddress}a.bin`)).rejects.toMatchObject({
    code: 'run/aborted',
  });
});

test.each([
  [
    'where caches exist',
    { caches: { open: (name: string) => Promise.resolve(`real ${name}`) } },
    'real mine',
  ],
  ['where there are none', {}, undefined],
])('only WebLLM’s caches are replaced, and only for the time being: %s', async (_, scope, real) => {
  const before = { ...scope } as Record<string, unknown>;
  const restore = installCaches(folderOf(), scope);
  const { caches } = scope as unknown as { caches: CacheStorage };
  expect(await caches.open('webllm/model')).toHaveProperty('match');
  if (real === undefined)
    await expect(caches.open('mine')).rejects.toMatchObject({ code: 'storage/unavailable' });
  else expect(await caches.open('mine')).toBe(real);
  restore();
  expect(scope).toEqual(before);
});
