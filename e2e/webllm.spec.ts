// WebLLM's real code over our store, in real Chromium on a software adapter, as far as it goes without a compiled
// model library: configuration, library file, device, tokenizer, manifest, every shard, and its own upload to the
// GPU. What follows (the compiled model itself) cannot run where these tests run; docs/models.md says so.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type BrowserContext, type Page, type Worker } from '@playwright/test';
import { createServer, type ViteDevServer } from 'vite';
import { root } from '../scripts/app.mjs';
import { browserFlags, ensureBrowser, removeProfile } from '../scripts/browser.mjs';
import { parseManifest } from '../src/formats/mlc/parse-manifest';
import { libraryName, modelFolder, ModelServer } from './webllm/model-server';
import { buildLibrary } from './webllm/stand-in-library';
import type { AdapterEdit, Harness, LoadReport } from './webllm/worker';

type InWorker = typeof globalThis & { readonly harness: Harness };

/** SwiftShader has no shader-f16, which the model's build asks for; nothing here compiles a shader. */
const withF16: AdapterEdit = { pretend: ['shader-f16'] };
const compiledModelIsMissing = { code: 'model/bad-library', details: { engine: 'webllm' } };

let vite: ViteDevServer;
let models: ModelServer;
let profile: string;
let context: BrowserContext;
let worker: Worker;
const strayRequests: string[] = [];

async function openWorker(): Promise<Worker> {
  const page = context.pages()[0] ?? (await context.newPage());
  const started = page.waitForEvent('worker');
  await page.goto(`${vite.resolvedUrls?.local[0] ?? ''}e2e/webllm/page.html`);
  const opened = await started;
  await expect.poll(() => opened.evaluate(() => 'harness' in globalThis)).toBe(true);
  return opened;
}

async function load(
  name: string,
  abort: { afterUploads?: number; afterMs?: number } = {},
): Promise<LoadReport> {
  const model = {
    id: name,
    folder: models.folder(name),
    library: models.folder(name) + libraryName,
    contextWindow: 1024,
    seesImages: false,
    parameters: 5_115_072,
  };
  return worker.evaluate(
    ([record, options]) => {
      const { harness } = globalThis as InWorker;
      harness.model(record);
      return harness.load(record.id, options);
    },
    [model, abort] as const,
  );
}

async function setAdapter(edit: AdapterEdit): Promise<void> {
  await worker.evaluate((next) => (globalThis as InWorker).harness.adapter(next), edit);
}

/** What must reach the GPU: every record's bytes, in manifest order. */
async function expectedUploads(): Promise<{ names: string[]; hashes: string[]; bytes: number }> {
  const manifest = parseManifest(await readFile(new URL('tensor-cache.json', modelFolder), 'utf8'));
  const names: string[] = [];
  const hashes: string[] = [];
  for (const { dataPath, records } of manifest.shards) {
    const shard = await readFile(new URL(dataPath, modelFolder));
    for (const { name, byteOffset, nbytes } of records) {
      names.push(name);
      hashes.push(
        createHash('sha256')
          .update(shard.subarray(byteOffset, byteOffset + nbytes))
          .digest('hex'),
      );
    }
  }
  return { names, hashes, bytes: manifest.totalBytes };
}

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  models = new ModelServer();
  await models.start();
  vite = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    cacheDir: 'node_modules/.cache/vite-webllm-e2e',
    server: { host: 'localhost', port: 0, hmr: false, watch: null },
    optimizeDeps: {
      noDiscovery: true,
      include: ['@mlc-ai/web-llm', '@huggingface/tokenizers', 'hash-wasm', 'idb-keyval'],
    },
  });
  await vite.listen();
  profile = await mkdtemp(join(tmpdir(), 'phield-webllm-'));
  context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureBrowser(),
    args: browserFlags,
  });
  context.on('request', (request) => {
    const { origin } = new URL(request.url());
    const own = [vite.resolvedUrls?.local[0] ?? '', models.folder('x')].map((url) => new URL(url).origin);
    if (!own.includes(origin) && /^https?:/.test(origin)) strayRequests.push(request.url());
  });
  worker = await openWorker();
  await setAdapter(withF16);
});

test.afterAll(async () => {
  await context?.close();
  await vite?.close();
  await models?.stop();
  await removeProfile(profile);
});

test('a first start takes every file once, by our downloader, and puts exactly its bytes on the GPU @chromium', async () => {
  // The name this folder's manifest had before WebLLM 0.2.80; WebLLM itself asks for the newer one only.
  models.faults.set('/first/tensor-cache.json', 404);
  models.faults.set('/first/ndarray-cache.json', await readFile(new URL('tensor-cache.json', modelFolder)));
  const report = await load('first');
  const expected = await expectedUploads();
  expect(report.error).toMatchObject(compiledModelIsMissing);
  expect(report.cachedTensors).toEqual(expected.names);
  expect(report.uploads).toEqual(expected.hashes);
  expect(report.uploadedBytes).toBe(expected.bytes);
  expect([...models.requests].sort()).toEqual(
    [
      'mlc-chat-config.json',
      'ndarray-cache.json',
      'params_shard_0.bin',
      'params_shard_1.bin',
      'params_shard_2.bin',
      'params_shard_3.bin',
      'params_shard_4.bin',
      libraryName,
      'tensor-cache.json',
      'tokenizer.json',
    ]
      .map((name) => `/first/${name}`)
      .sort(),
  );
  expect(report.phases).toEqual(expect.arrayContaining(['shards', 'upload']));
  expect(report.fractions).toEqual([...report.fractions].sort((a, b) => a - b));
});

test('nothing is left behind by a load that failed, and WebLLM keeps no copy of its own @chromium', async () => {
  const storage = await worker.evaluate(() => (globalThis as InWorker).harness.storage());
  // The store's own records, what it has asked for, and its own files.
  expect(storage).toEqual({
    databases: ['phield-ledger', 'phield-models'],
    caches: [],
    opfs: ['phield-models'],
  });
  const { devicesOpen, locks } = await load('first');
  expect(devicesOpen).toBe(0);
  expect(locks).toBe(0);
});

test('a second start in a new page, with the server gone, asks the network for nothing @chromium', async () => {
  await models.stop();
  models.requests.length = 0;
  worker = await openWorker();
  await setAdapter(withF16);
  const report = await load('first');
  const expected = await expectedUploads();
  await models.start();
  expect(report.error).toMatchObject(compiledModelIsMissing);
  expect(report.uploads).toEqual(expected.hashes);
  expect(models.requests).toEqual([]);
});

test('an abort while WebLLM uploads ends the load, frees the device, and the next load works @chromium', async () => {
  const report = await load('first', { afterUploads: 20 });
  expect(report.error).toMatchObject({ code: 'run/aborted' });
  expect(report.uploads.length).toBeLessThan(60);
  expect([report.devicesOpen, report.locks]).toEqual([0, 0]);
  const next = await load('first');
  expect(next.uploads).toEqual((await expectedUploads()).hashes);
});

test('an abort while shards download keeps what has arrived, and the next load takes the rest @chromium', async () => {
  models.requests.length = 0;
  models.faults.set('/slow/params_shard_2.bin', { delayMs: 60_000 });
  const report = await load('slow', { afterMs: 1500 });
  expect(report.error).toMatchObject({ code: 'run/aborted' });
  expect(report.uploads).toEqual([]);
  expect([report.devicesOpen, report.locks]).toEqual([0, 0]);
  models.faults.clear();
  models.requests.length = 0;
  const next = await load('slow');
  expect(next.uploads).toEqual((await expectedUploads()).hashes);
  expect(models.requests).toContain('/slow/params_shard_2.bin');
  expect(models.requests).not.toContain('/slow/params_shard_0.bin');
});

const absent = [
  ['mlc-chat-config.json', 'network/http-status'],
  ['tokenizer.json', 'network/http-status'],
  ['tensor-cache.json', 'network/not-a-model'],
  ['params_shard_1.bin', 'network/http-status'],
  [libraryName, 'network/http-status'],
] as const;
for (const [file, code] of absent) {
  test(`404 for ${file} is ${code}, and the next load works @chromium`, async () => {
    const name = `absent-${file.replace(/\W/g, '-')}`;
    models.faults.set(`/${name}/${file}`, 404);
    const report = await load(name);
    expect(report.error).toMatchObject({ code });
    expect(report.uploads).toEqual([]);
    models.faults.clear();
    const next = await load(name);
    expect(next.error).toMatchObject(compiledModelIsMissing);
    expect(next.uploads).toEqual((await expectedUploads()).hashes);
  });
}

const whole = buildLibrary();
const badLibraries = [
  ['truncated', whole.slice(0, 200)],
  ['another program', Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
  ['no WebAssembly at all', new TextEncoder().encode('<html>404</html>')],
] as const;
for (const [what, bytes] of badLibraries) {
  test(`a library that is ${what} is refused before a shard is fetched, and is not kept @chromium`, async () => {
    const name = `library-${bytes.length}`;
    models.requests.length = 0;
    models.faults.set(`/${name}/${libraryName}`, bytes);
    const report = await load(name);
    expect(report.error).toMatchObject({ code: 'model/bad-library', details: { bytes: bytes.length } });
    expect(models.requests.filter((path) => path.endsWith('.bin'))).toEqual([]);
    models.faults.clear();
    const next = await load(name);
    expect(next.uploads).toEqual((await expectedUploads()).hashes);
  });
}

test('a shard that was cut short in the store is fetched again, and is said to be damaged where it cannot be @chromium', async () => {
  // The last shard is the only one of its size.
  const cut = 'params_shard_4.bin';
  const { length } = await readFile(new URL(cut, modelFolder));
  const cutShort = (): Promise<number> =>
    worker.evaluate((nbytes) => (globalThis as InWorker).harness.cutFiles(nbytes), length);
  const { hashes } = await expectedUploads();
  models.requests.length = 0;
  expect(await cutShort()).toBeGreaterThan(0);
  // Within one load: WebLLM meets the damage, and is started over with the shard whole.
  const online = await load('slow');
  expect(online.error).toMatchObject(compiledModelIsMissing);
  expect(models.requests).toEqual([`/slow/${cut}`]);
  expect(online.uploads.length).toBeGreaterThan(hashes.length);
  expect(online.uploads.slice(-hashes.length)).toEqual(hashes);
  expect(online.fractions).toEqual([...online.fractions].sort((a, b) => a - b));
  expect(online.devicesOpen).toBe(0);

  expect(await cutShort()).toBeGreaterThan(0);
  await models.stop();
  const offline = await load('slow');
  await models.start();
  expect(offline.error).toMatchObject({
    code: 'storage/integrity',
    retryable: true,
    details: { file: cut, network: 'network/offline' },
  });
  models.requests.length = 0;
  const next = await load('slow');
  expect(models.requests).toEqual([`/slow/${cut}`]);
  expect(next.uploads).toEqual(hashes);
});

const adapters = [
  ['without f16', {}, 'shader-f16'],
  [
    'with 16 KiB of workgroup memory',
    { ...withF16, limits: { maxComputeWorkgroupStorageSize: 16_384 } },
    'maxComputeWorkgroupStorageSize',
  ],
  [
    'with 8 storage buffers',
    { ...withF16, limits: { maxStorageBuffersPerShaderStage: 8 } },
    'maxStorageBuffersPerShaderStage',
  ],
] as const;
for (const [what, edit, limit] of adapters) {
  test(`an adapter ${what} is refused before a shard is fetched @chromium`, async () => {
    models.requests.length = 0;
    await setAdapter(edit);
    const report = await load(`adapter-${limit}`);
    await setAdapter(withF16);
    expect(report.error).toMatchObject({ code: 'gpu/limit-too-low', details: { engine: 'webllm', limit } });
    expect(report.error?.message).toContain('wgsl');
    expect(models.requests.filter((path) => path.endsWith('.bin'))).toEqual([]);
  });
}

test('asking an engine without a model is run/bad-request @chromium', async () => {
  const error = await worker.evaluate(() =>
    (globalThis as InWorker).harness.generate({ messages: [{ role: 'user', content: 'Hello' }] }),
  );
  expect(error).toMatchObject({ code: 'run/bad-request' });
});

test('the device is probed, and memory is measured by making and freeing it @chromium', async () => {
  const probe = await worker.evaluate(() => (globalThis as InWorker).harness.probe());
  expect(probe.adapter.isFallback).toBe(true);
  expect(probe.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8);
  const MiB = 1024 ** 2;
  const measure = (sizes: number[]): Promise<unknown> =>
    worker.evaluate((list) => (globalThis as InWorker).harness.measure(list), sizes);
  expect(await measure([16 * MiB, 8 * MiB, 4])).toMatchObject({ neededBytes: 24 * MiB + 4, buffers: 3 });
  expect(await measure([2 * probe.limits.maxBufferSize])).toMatchObject({
    code: 'gpu/limit-too-low',
    details: { limit: 'maxBufferSize', has: probe.limits.maxBufferSize },
  });
});

test('a picture for a model that sees is made small, loses what the camera wrote, and keeps its proportions @chromium', async () => {
  const [page] = context.pages();
  const { small, kept, refused } = await (page as Page).evaluate(async () => {
    // As the development server names the source.
    const path = '/src/chat/pictures.ts';
    const { readPicture } = (await import(path)) as typeof import('../src/chat/pictures');
    const draw = async (width: number, height: number): Promise<string> => {
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext('2d')?.fillRect(0, 0, width, height / 2);
      return readPicture(await canvas.convertToBlob({ type: 'image/png' }));
    };
    const sizeOf = async (address: string): Promise<[type: string, width: number, height: number]> => {
      const blob = await (await fetch(address)).blob();
      const { width, height } = await createImageBitmap(blob);
      return [blob.type, width, height];
    };
    const error = await readPicture(new Blob(['no picture'])).catch((thrown: unknown) => thrown);
    return {
      small: await sizeOf(await draw(3000, 1000)),
      kept: await sizeOf(await draw(20, 10)),
      refused: (error as { readonly code?: string }).code,
    };
  });
  expect({ small, kept, refused }).toEqual({
    small: ['image/jpeg', 1344, 448],
    kept: ['image/jpeg', 20, 10],
    refused: 'run/bad-request',
  });
});

test('no request ever went to a third place', () => {
  expect(strayRequests).toEqual([]);
});
