import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { del, get, keys, set } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../base/errors';
import { prng } from '../base/prng';
import { createDatabase, type ModelDatabase } from './disk/database';
import type { StoreKey } from './disk/keys';
import { createShardStore } from './shard-store';
import type { FetchProgress, ModelStore } from './store';
import { isLostPiece } from './disk/stored-shard';
import { verifyModel } from './admin/verify';

const shardBytes = 40_000;
const partBytes = 8_000;

function randomBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const next = prng(seed);
  return Uint8Array.from({ length }, () => next() * 256);
}

function modelFiles(manifestName = 'tensor-cache.json'): Map<string, string | Uint8Array<ArrayBuffer>> {
  const shards = [1, 2, 3, 4, 5, 6, 7].map((seed) => randomBytes(shardBytes, seed));
  const records = shards.map((bytes, i) => ({
    dataPath: `params_shard_${i}.bin`,
    format: 'raw-shard',
    nbytes: shardBytes,
    md5sum: createHash('md5').update(bytes).digest('hex'),
    records: [
      {
        name: `tensor${i}`,
        shape: [shardBytes / 4],
        dtype: 'uint32',
        format: 'raw',
        nbytes: shardBytes,
        byteOffset: 0,
      },
    ],
  }));
  const files = new Map<string, string | Uint8Array<ArrayBuffer>>([
    ['mlc-chat-config.json', '{"model_type":"phi3"}'],
    ['tokenizer.json', '{"model":{}}'],
    [manifestName, JSON.stringify({ metadata: {}, records })],
  ]);
  shards.forEach((bytes, i) => files.set(`params_shard_${i}.bin`, bytes));
  return files;
}

let files: Map<string, string | Uint8Array<ArrayBuffer>>;
let requests: string[];
let override: ((name: string, request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
let base: string;
let store: ModelStore;
let databaseName: string;
let databases = 0;
const server = createServer((request, response) => {
  const name = (request.url ?? '').slice('/model/'.length);
  requests.push(name);
  if (override?.(name, request, response)) return;
  const body = files.get(name);
  if (body === undefined) response.writeHead(404).end('nothing here');
  else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(body);
});

beforeEach(async () => {
  files = modelFiles();
  requests = [];
  override = undefined;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model/`;
  databaseName = `test-${databases++}`;
  store = createShardStore({
    databaseName,
    retry: { attempts: 4, baseDelayMs: 5, maxDelayMs: 20, random: Math.random },
    stall: { windowMs: 300, minBytes: 1 },
    partBytes,
  });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function load(onProgress?: (progress: FetchProgress) => void): Promise<Map<string, Buffer>> {
  const model = await store.open(base, {
    signal: new AbortController().signal,
    ...(onProgress && { onProgress }),
  });
  await model.text('mlc-chat-config.json');
  await model.text('tokenizer.json');
  const loaded = new Map<string, Buffer>();
  for await (const { shard, pieces } of model.shards()) {
    expect(loaded.has(shard.dataPath)).toBe(false);
    loaded.set(shard.dataPath, Buffer.concat(await Promise.all(pieces.map((piece) => piece.read()))));
  }
  return loaded;
}

const database = (): ModelDatabase => createDatabase(databaseName);

/** Key of the part of a shard that begins at an offset. */
async function partAt(dataPath: string, offset: number): Promise<StoreKey> {
  const [key, ...more] = (await keys<StoreKey>(database())).filter(
    (each) => each[1] === 'part' && each[2] === dataPath && each[5] === offset,
  );
  if (!key || more.length > 0) throw new Error(`${dataPath} has no part at ${offset}`);
  return key;
}

function expectWhole(loaded: Map<string, Buffer>): void {
  expect(loaded.size).toBe(7);
  for (const [name, bytes] of loaded) expect(bytes.equals(files.get(name) as Uint8Array)).toBe(true);
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

describe('the shard store', () => {
  it('fetches each file once and then starts without any request', async () => {
    expectWhole(await load());
    expect(requests.toSorted()).toEqual([...files.keys()].toSorted());
    expect((await store.status(base)).complete).toBe(true);
    requests = [];
    expectWhole(await load());
    expect(requests).toEqual([]);
  });

  it('reads the older manifest name where the newer is absent', async () => {
    files = modelFiles('ndarray-cache.json');
    expectWhole(await load());
    expect((await store.status(base)).complete).toBe(true);
  });

  it('takes a web page answered with 200 for an absent file, never for a shard', async () => {
    files = modelFiles('ndarray-cache.json');
    override = (name, _request, response) => {
      if (files.has(name)) return false;
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>app</title>');
      return true;
    };
    expectWhole(await load());
    await store.remove(base);
    override = (name, _request, response) => {
      if (name !== 'params_shard_3.bin') return false;
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
      return true;
    };
    const error = await failure(load());
    expect(error.code).toBe('network/not-a-model');
    expect(error.message).toContain('params_shard_3.bin');
    expect((await store.status(base)).complete).toBe(false);
  });

  it('refuses a damaged shard by name and host, and keeps the others', async () => {
    const good = files.get('params_shard_6.bin') as Uint8Array<ArrayBuffer>;
    files.set('params_shard_6.bin', randomBytes(shardBytes, 99));
    const error = await failure(load());
    expect(error.code).toBe('storage/integrity');
    expect(error.message).toContain('params_shard_6.bin');
    expect(error.message).toContain('127.0.0.1');
    const status = await store.status(base);
    expect(status.complete).toBe(false);
    expect(status.missing.map((shard) => shard.dataPath)).toContain('params_shard_6.bin');
    files.set('params_shard_6.bin', good);
    expectWhole(await load());
    expect((await store.status(base)).complete).toBe(true);
  });

  it('refuses a short shard', async () => {
    files.set(
      'params_shard_2.bin',
      (files.get('params_shard_2.bin') as Uint8Array<ArrayBuffer>).slice(0, 39_999),
    );
    const error = await failure(load());
    expect(error.code).toBe('storage/integrity');
    expect(error.message).toContain('39999');
  });

  it('says that a folder without a manifest is not a model', async () => {
    files.delete('tensor-cache.json');
    const error = await failure(load());
    expect(error.code).toBe('network/not-a-model');
  });

  it('leaves no entry for a folder that lacks a small file', async () => {
    files.delete('tokenizer.json');
    const error = await failure(load());
    expect(error.code).toBe('network/http-status');
    expect(await keys(database())).toEqual([]);
    expect(requests.filter((name) => name.startsWith('params_'))).toEqual([]);
    expect(await store.list()).toEqual([]);
    // And it loads once the file is there.
    files = modelFiles();
    expectWhole(await load());
  });

  it('keeps what is stored when cancelled, and counts it on the next start', async () => {
    const controller = new AbortController();
    const model = await store.open(base, { signal: controller.signal });
    const error = await failure(
      (async () => {
        for await (const _ of model.shards()) controller.abort();
      })(),
    );
    expect(error.code).toBe('run/aborted');
    const before = await store.status(base);
    expect(before.complete).toBe(false);
    expect(before.storedBytes).toBeGreaterThanOrEqual(shardBytes);
    const progress: FetchProgress[] = [];
    expectWhole(await load((entry) => progress.push(entry)));
    const last = progress.at(-1);
    expect(last?.doneBytes).toBe(7 * shardBytes);
    expect(last?.fetchedBytes).toBe(7 * shardBytes - before.storedBytes);
  });

  it('deletes every key of a model and nothing of another', async () => {
    await load();
    const other = base.replace('/model/', '/model/nested/');
    override = (name, request) => {
      request.url = `/model/${name.replace('nested/', '')}`;
      return false;
    };
    expect((await store.list()).map((model) => model.base)).toEqual([base]);
    await store.remove(base);
    expect(await store.list()).toEqual([]);
    expect((await store.status(other)).complete).toBe(false);
  });

  it('keeps a shard in the parts it came in, proven by the keys alone', async () => {
    await load();
    const stored = await keys<StoreKey>(database());
    const parts = stored.filter(([, kind, path]) => kind === 'part' && path === 'params_shard_0.bin');
    expect(parts.map((key) => key.slice(5))).toEqual([0, 1, 2, 3, 4].map((i) => [i * partBytes, partBytes]));
    expect(stored.filter(([, kind]) => kind === 'proof')).toHaveLength(7);
    const [part] = parts;
    if (!part) throw new Error('the shard has parts');
    await del(part, database());
    const status = await store.status(base);
    expect(status.missing).toEqual([{ dataPath: 'params_shard_0.bin', nbytes: shardBytes, storedBytes: 0 }]);
    requests = [];
    expectWhole(await load());
    expect(requests).toEqual(['params_shard_0.bin']);
  });

  it('finds a piece of a complete shard lost when it is read, and fetches that shard again', async () => {
    await load();
    const part = await partAt('params_shard_4.bin', 16_000);
    await set(part, new Blob([new Uint8Array(10)]), database());
    const error = await failure(load());
    expect(error.code).toBe('storage/integrity');
    expect(error.message).toContain('params_shard_4.bin');
    expect(isLostPiece(error)).toBe(true);
    const status = await store.status(base);
    expect(status.complete).toBe(false);
    expect(status.missing).toEqual([{ dataPath: 'params_shard_4.bin', nbytes: shardBytes, storedBytes: 0 }]);
    requests = [];
    expectWhole(await load());
    expect(requests).toEqual(['params_shard_4.bin']);
    expect((await store.status(base)).complete).toBe(true);
  });

  it.each(['a load', 'Verify'])('finds a bit that has changed in a stored piece: %s', async (reader) => {
    await load();
    const part = await partAt('params_shard_4.bin', 16_000);
    const blob = await get<Blob>(part, database());
    if (!blob) throw new Error('no piece');
    const bytes = new Uint8Array(await blob.arrayBuffer());
    bytes[1234] = (bytes[1234] ?? 0) ^ 4;
    await set(part, new Blob([bytes], { type: blob.type }), database());
    if (reader === 'a load') expect(isLostPiece(await failure(load()))).toBe(true);
    else {
      const { signal } = new AbortController();
      const report = await verifyModel(database(), base, { signal });
      expect(report.damaged).toEqual(['params_shard_4.bin']);
    }
    requests = [];
    expectWhole(await load());
    expect(requests).toEqual(['params_shard_4.bin']);
  });

  it('goes on where a download ended, and ends parts at multiples of their size again', async () => {
    let cut = true;
    override = (name, request, response) => {
      if (name !== 'params_shard_5.bin') return false;
      const body = files.get(name) as Uint8Array;
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
      const range = `bytes ${from}-${shardBytes - 1}/${shardBytes}`;
      response.writeHead(206, { 'content-range': range, 'content-length': shardBytes - from });
      if (!cut) response.end(body.subarray(from));
      else {
        response.write(body.subarray(from, Math.max(from, 20_000)));
        setTimeout(() => response.destroy(), 50);
      }
      return true;
    };
    await failure(load());
    cut = false;
    expectWhole(await load());
    const parts = (await keys<StoreKey>(database())).filter(
      ([, kind, path]) => kind === 'part' && path === 'params_shard_5.bin',
    );
    expect(parts.map((key) => key[5])).toEqual([0, 8_000, 16_000, 20_000, 24_000, 32_000]);
  });

  it('fetches a begun shard anew when a part of it cannot be read back', async () => {
    override = (name, _request, response) => {
      if (name !== 'params_shard_5.bin') return false;
      const body = files.get(name) as Uint8Array;
      response.writeHead(200, { 'content-length': shardBytes }).write(body.subarray(0, 20_000));
      setTimeout(() => response.destroy(), 50);
      return true;
    };
    await failure(load());
    const part = await partAt('params_shard_5.bin', 8_000);
    await set(part, new Blob([new Uint8Array(10)]), database());
    override = undefined;
    expectWhole(await load());
  });

  it('runs from memory without writing a shard', async () => {
    const { signal } = new AbortController();
    const model = await store.open(base, { signal, memoryOnly: true });
    const loaded = new Map<string, Buffer>();
    for await (const { shard, pieces } of model.shards()) {
      expect(pieces.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4].map((i) => i * partBytes));
      loaded.set(shard.dataPath, Buffer.concat(await Promise.all(pieces.map((piece) => piece.read()))));
    }
    expectWhole(loaded);
    expect(await keys(database())).toEqual([]);
  });

  it('starts anew where the first layout is found', async () => {
    const name = `test-${databases++}`;
    const old = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () =>
        request.result.createObjectStore('files').put('old', [base, 'manifest']);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('no database'));
    });
    old.close();
    expect(await keys(createDatabase(name))).toEqual([]);
  });

  it('refuses an address that no folder can have', async () => {
    const signal = new AbortController().signal;
    for (const address of ['models/phi/mini', 'ftp://x/y', 'https://user:pass@x/']) {
      const error = await failure(Promise.resolve().then(() => store.open(address, { signal })));
      expect(error.code).toBe('network/bad-address');
    }
  });
});
