// The two ends of the port over a real MessageChannel and a real database: what one has downloaded the other reads,
// and what nobody has named is not fetched.
import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { createDatabase } from '../disk/database';
import type { Fetch } from '../download/request';
import { createShardStore } from '../shard-store';
import type { ModelFiles, StoredShard } from '../store';
import { Allowed } from './allowed';
import { createPortStore, type PortStore } from './port-store';
import { serveStore } from './serve-store';
import { StoreLink } from './store-link';

const base = 'https://models.example/tiny/';
const bytes = Uint8Array.from({ length: 3000 }, (_, i) => (i * 7) % 251);
const md5 = createHash('md5').update(bytes).digest('hex');
const manifest = {
  metadata: {},
  records: [
    {
      dataPath: 'params_shard_0.bin',
      format: 'raw-shard',
      nbytes: bytes.byteLength,
      md5sum: md5,
      records: [
        { name: 'w', shape: [750], dtype: 'float32', format: 'raw', nbytes: bytes.byteLength, byteOffset: 0 },
      ],
    },
  ],
};
const hosted: Record<string, string | Uint8Array<ArrayBuffer>> = {
  'mlc-chat-config.json': '{"model_type":"phi3"}',
  'tokenizer.json': '{"model":{}}',
  'tensor-cache.json': JSON.stringify(manifest),
  'params_shard_0.bin': bytes,
};

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
  vi.unstubAllGlobals();
});

let databases = 0;

interface Pair {
  readonly store: PortStore;
  readonly asked: string[];
  readonly allowed: Allowed;
  /** How often the page was asked for a port. */
  readonly wanted: () => number;
}

/** @param databaseName of an earlier pair: another start of the browser. */
function pair(databaseName = `port-${++databases}`): Pair & { readonly databaseName: string } {
  const asked: string[] = [];
  const allowed = new Allowed();
  const fetch: Fetch = (url) => {
    asked.push(url);
    const body = hosted[url.slice(base.length)];
    return Promise.resolve(body === undefined ? new Response('', { status: 404 }) : new Response(body));
  };
  let wanted = 0;
  const link = new StoreLink(() => {
    wanted++;
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const store = createShardStore({ databaseName, fetch });
    serveStore(port1, { store, database: createDatabase(databaseName), allowed });
    link.attach(port2);
  });
  return { store: createPortStore(link, databaseName), asked, allowed, wanted: () => wanted, databaseName };
}

const open = (
  store: PortStore,
  options: { signal?: AbortSignal; memoryOnly?: boolean } = {},
): Promise<ModelFiles> => store.open(base, { signal: new AbortController().signal, ...options });

async function bytesOf(files: ModelFiles): Promise<Uint8Array> {
  const shards: StoredShard[] = [];
  for await (const shard of files.shards()) shards.push(shard);
  const pieces = await Promise.all(shards.flatMap(({ pieces }) => pieces.map((piece) => piece.read())));
  return Buffer.concat(pieces);
}

test('a first load comes through the port; the next start reads what is stored and asks nobody', async () => {
  const { store, asked, allowed, wanted, databaseName } = pair();
  allowed.add([base]);
  const files = await open(store);
  expect(await files.text('tokenizer.json')).toBe(hosted['tokenizer.json']);
  expect((await files.manifest()).totalBytes).toBe(3000);
  expect(Buffer.compare(await bytesOf(files), bytes)).toBe(0);
  expect(asked).toContain(`${base}params_shard_0.bin`);
  expect(wanted()).toBe(1);

  const again = pair(databaseName);
  const stored = await open(again.store);
  expect(await stored.text('tokenizer.json')).toBe(hosted['tokenizer.json']);
  expect((await stored.manifest()).totalBytes).toBe(3000);
  expect(Buffer.compare(await bytesOf(stored), bytes)).toBe(0);
  expect(again.asked).toEqual([]);
  expect(again.wanted()).toBe(0);
});

test('from memory only: the bytes themselves come through the port, and nothing is stored', async () => {
  const { store, allowed } = pair();
  allowed.add([base]);
  const files = await open(store, { memoryOnly: true });
  expect(Buffer.compare(await bytesOf(files), bytes)).toBe(0);
  expect(await store.list()).toEqual([]);
});

test('from memory only: where the browser refuses all storage nothing is looked up, and every file comes through the port', async () => {
  const { store, allowed } = pair();
  allowed.add([base]);
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new DOMException('Access is denied in this context.', 'SecurityError');
    },
  });
  const files = await open(store, { memoryOnly: true });
  expect(await files.text('tokenizer.json')).toBe(hosted['tokenizer.json']);
  expect((await files.manifest()).totalBytes).toBe(3000);
  expect(Buffer.compare(await bytesOf(files), bytes)).toBe(0);
  await expect((await open(store)).text('tokenizer.json')).rejects.toMatchObject({
    code: 'storage/unavailable',
  });
});

test('an address or a file that nobody has chosen is not fetched, whatever it says', async () => {
  const { store, asked, allowed } = pair();
  const never = await open(store);
  await expect(never.manifest()).rejects.toMatchObject({ code: 'run/bad-request' });
  await expect(
    store.preflight('https://evil.example/my-secret/', new AbortController().signal),
  ).rejects.toMatchObject({ code: 'run/bad-request' });
  allowed.add([base]);
  const files = await open(store);
  await expect(files.text('my-secret.json')).rejects.toMatchObject({ code: 'run/bad-request' });
  await expect(
    store.library({
      base,
      address: 'https://evil.example/my-secret.wasm',
      signal: new AbortController().signal,
    }),
  ).rejects.toMatchObject({ code: 'run/bad-request' });
  expect(asked).toEqual([]);
});

test('an abort ends a call, and the error of the store comes back with its code', async () => {
  const { store, allowed } = pair();
  allowed.add([base, 'https://models.example/tiny/none/']);
  const stop = new AbortController();
  const files = await open(store, { signal: stop.signal });
  stop.abort();
  await expect(files.text('tokenizer.json')).rejects.toMatchObject({ code: 'run/aborted' });
  const none = await store.open('https://models.example/tiny/none/', {
    signal: new AbortController().signal,
  });
  await expect(none.manifest()).rejects.toMatchObject({ code: 'network/not-a-model' });
});

test('a new port after the other worker died: what was under way may be tried again', async () => {
  const link = new StoreLink(() => undefined);
  const silent = new MessageChannel();
  ports.push(silent.port1, silent.port2);
  link.attach(silent.port2);
  const call = link.call({ op: 'preflight', base }, new AbortController().signal);
  const fresh = new MessageChannel();
  ports.push(fresh.port1, fresh.port2);
  link.attach(fresh.port2);
  await expect(call).rejects.toMatchObject({ code: 'worker/crashed', retryable: true });
});
