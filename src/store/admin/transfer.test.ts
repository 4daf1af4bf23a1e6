import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { clear, get, keys, set } from 'idb-keyval';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import { createDatabase } from '../disk/database';
import { parseManifest } from '../../formats/mlc/parse-manifest';
import { partKey, textKey, type StoreKey } from '../disk/keys';
import { dropShard, statusOf } from '../disk/records';
import { importFiles, inspectFiles } from './import-folder';
import { exportFiles, type ModelFile } from './transfer';
import { verifyModel } from './verify';

const database = createDatabase('transfer-test');
const signal = new AbortController().signal;
const base = 'https://example.org/models/tiny/';

beforeEach(() => clear(database));

function folder(root: string): ModelFile[] {
  const shards = [1, 2, 3].map((fill) => new Uint8Array(4_000).fill(fill));
  const records = shards.map((bytes, i) => ({
    dataPath: `params_shard_${i}.bin`,
    format: 'raw-shard',
    nbytes: bytes.length,
    md5sum: createHash('md5').update(bytes).digest('hex'),
    records: [
      {
        name: `t${i}`,
        shape: [1_000],
        dtype: 'uint32',
        format: 'raw',
        nbytes: bytes.length,
        byteOffset: 0,
      },
    ],
  }));
  return [
    { path: `${root}mlc-chat-config.json`, blob: new Blob(['{"model_type":"phi3"}']) },
    { path: `${root}tokenizer.json`, blob: new Blob(['{}']) },
    { path: `${root}ndarray-cache.json`, blob: new Blob([JSON.stringify({ records })]) },
    ...shards.map((bytes, i) => ({ path: `${root}params_shard_${i}.bin`, blob: new Blob([bytes]) })),
  ];
}

/** What a person would have on the stick. */
async function exported(): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  for await (const { path, nbytes, stream } of exportFiles(database, base)) {
    const blob = await new Response(stream()).blob();
    expect(blob.size, path).toBe(nbytes);
    files.push({ path, blob });
  }
  return files;
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    return thrown as AppError;
  }
  throw new Error('it did not fail');
}

describe('a model as files', () => {
  it('goes in, out and in again with the same bytes and the same address', async () => {
    await importFiles(database, folder('my model/'), base, { signal });
    expect((await statusOf(database, base)).complete).toBe(true);
    const out = await exported();
    await clear(database);
    const report = await inspectFiles(out);
    expect(report.base).toBe(base);
    expect(report.missing).toEqual([]);
    expect(report.totalBytes).toBe(12_000);
    await importFiles(database, out, report.base, { signal });
    for (const { path, blob } of folder('')) {
      const again = out.find((file) => file.path === path);
      expect(await again?.blob.text(), path).toBe(await blob.text());
    }
    expect((await statusOf(database, base)).complete).toBe(true);
  });

  it('is kept in parts, of which none is written twice, and read back in order', async () => {
    const bytes = new Uint8Array(9 * 2 ** 20 + 1).map((_, i) => (i * 2654435761) >>> 24);
    const files = folder('').slice(0, 2);
    const record = { name: 't', shape: [64], dtype: 'float16', format: 'raw', nbytes: 128, byteOffset: 0 };
    const entry = {
      dataPath: 'params_shard_0.bin',
      format: 'raw-shard',
      nbytes: bytes.length,
      md5sum: createHash('md5').update(bytes).digest('hex'),
      records: [record],
    };
    files.push({ path: 'tensor-cache.json', blob: new Blob([JSON.stringify({ records: [entry] })]) });
    files.push({ path: 'params_shard_0.bin', blob: new Blob([bytes]) });
    await importFiles(database, files, base, { signal });
    const parts = (await keys<StoreKey>(database)).filter(([, kind]) => kind === 'part');
    expect(parts.map((key) => key.slice(-2))).toEqual([
      [0, 4 * 2 ** 20],
      [4 * 2 ** 20, 4 * 2 ** 20],
      [8 * 2 ** 20, 2 ** 20 + 1],
    ]);
    const out = (await exported()).find(({ path }) => path === entry.dataPath);
    expect(out && Buffer.from(await out.blob.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('leaves nothing of a shard that came in wrong', async () => {
    const damaged = folder('');
    damaged[3] = { path: 'params_shard_0.bin', blob: new Blob([new Uint8Array(4_000).fill(9)]) };
    expect((await failure(importFiles(database, damaged, base, { signal }))).code).toBe('storage/integrity');
    expect(await keys(database)).toEqual([]);
  });

  it('takes the place of another version, of which nothing stays', async () => {
    await importFiles(database, folder(''), base, { signal });
    const other = folder('').slice(0, 2);
    other[0] = { path: 'mlc-chat-config.json', blob: new Blob(['{"model_type":"phi3","other":true}']) };
    const bytes = new Uint8Array(5_000).fill(7);
    const record = {
      name: 't',
      shape: [1_250],
      dtype: 'uint32',
      format: 'raw',
      nbytes: 5_000,
      byteOffset: 0,
    };
    const md5sum = createHash('md5').update(bytes).digest('hex');
    const shard = { dataPath: 'params_shard_0.bin', format: 'raw-shard', nbytes: 5_000, md5sum };
    const manifest = { records: [{ ...shard, records: [record] }] };
    other.push({ path: 'ndarray-cache.json', blob: new Blob([JSON.stringify(manifest)]) });
    other.push({ path: shard.dataPath, blob: new Blob([bytes]) });
    await importFiles(database, other, base, { signal });
    expect(await statusOf(database, base)).toMatchObject({ complete: true, totalBytes: 5_000 });
    const kinds = (await keys<StoreKey>(database)).map(([, kind]) => kind);
    expect(kinds.sort()).toEqual(['manifest', 'part', 'proof', 'text', 'text']);
    const config = (await exported()).find(({ path }) => path === 'mlc-chat-config.json');
    expect(await config?.blob.text()).toContain('other');
  });

  it('leaves a model as it was when what was to replace it is wrong', async () => {
    await importFiles(database, folder(''), base, { signal });
    const before = JSON.stringify(await keys(database));
    const wrong = folder('');
    wrong[0] = { path: 'mlc-chat-config.json', blob: new Blob(['{"model_type":"phi3","other":true}']) };
    const manifest = (await wrong[2]?.blob.text())?.replace(
      /"md5sum":"[0-9a-f]+"/,
      `"md5sum":"${'0'.repeat(32)}"`,
    );
    wrong[2] = { path: 'ndarray-cache.json', blob: new Blob([manifest ?? '']) };
    expect((await failure(importFiles(database, wrong, base, { signal }))).code).toBe('storage/integrity');
    expect(JSON.stringify(await keys(database))).toBe(before);
    expect(await get(textKey(base, 'mlc-chat-config.json'), database)).toEqual({
      text: '{"model_type":"phi3"}',
    });
  });

  it('gives a folder without a label an address that no server has', async () => {
    const report = await inspectFiles(folder('sticks/my model/'));
    expect(report.base).toBe('imported:/my%20model/');
    await importFiles(database, folder('sticks/my model/'), report.base, { signal });
    expect((await statusOf(database, report.base)).complete).toBe(true);
  });

  it('refuses a damaged, a short and an absent shard by name and leaves nothing', async () => {
    const damaged = folder('');
    damaged[4] = { path: 'params_shard_1.bin', blob: new Blob([new Uint8Array(4_000).fill(9)]) };
    expect((await failure(importFiles(database, damaged, base, { signal }))).code).toBe('storage/integrity');
    const short = folder('');
    short[4] = { path: 'params_shard_1.bin', blob: new Blob([new Uint8Array(3_999)]) };
    expect((await failure(importFiles(database, short, base, { signal }))).message).toContain('3999');
    const absent = folder('').filter(({ path }) => path !== 'params_shard_1.bin');
    expect((await inspectFiles(absent)).missing).toEqual(['params_shard_1.bin']);
    expect((await failure(importFiles(database, absent, base, { signal }))).message).toContain(
      'params_shard_1',
    );
    expect(await keys(database)).toEqual([]);
  });

  it('refuses files that are no model', async () => {
    const error = await failure(inspectFiles([{ path: 'holiday.jpg', blob: new Blob(['x']) }]));
    expect(error.code).toBe('network/not-a-model');
  });
});

describe('verify', () => {
  it('finds the one shard whose bytes changed, drops it, and says when all was right', async () => {
    await importFiles(database, folder(''), base, { signal });
    expect(await verifyModel(database, base, { signal })).toEqual({ checkedBytes: 12_000, damaged: [] });
    expect((await statusOf(database, base)).verifiedAt).toBeGreaterThan(0);
    const manifest = parseManifest(await (folder('')[2]?.blob.text() ?? Promise.resolve('')));
    const shard = manifest.shards[2];
    if (!shard) throw new Error('the folder has three shards');
    const bytes = new Uint8Array(4_000).fill(3);
    bytes[1234] = 4;
    await set(partKey(base, shard, { offset: 0, length: 4_000 }), new Blob([bytes]), database);
    const report = await verifyModel(database, base, { signal });
    expect(report.damaged).toEqual(['params_shard_2.bin']);
    expect(await get(partKey(base, shard, { offset: 0, length: 4_000 }), database)).toBeUndefined();
    const status = await statusOf(database, base);
    expect(status.complete).toBe(false);
    expect(status.missing.map((missing) => missing.dataPath)).toEqual(['params_shard_2.bin']);
    await importFiles(database, folder(''), base, { signal });
    expect((await statusOf(database, base)).complete).toBe(true);
  });

  it('keeps the manifest as a plan when a shard is dropped, so that status can tell what is missing', async () => {
    await importFiles(database, folder(''), base, { signal });
    const { shards } = parseManifest(await (folder('')[2]?.blob.text() ?? Promise.resolve('')));
    for (const shard of shards) await dropShard(database, base, shard);
    const status = await statusOf(database, base);
    expect(status).toMatchObject({ complete: false, storedBytes: 0, totalBytes: 12_000 });
    expect(status.missing).toHaveLength(3);
  });
});
