// A browser that gives the page no storage at all: a model that is not to be kept runs all the same.
import { createHash } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { createShardStore } from './shard-store';

const weights = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 31) % 251);
const files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {
  'mlc-chat-config.json': '{"model_type":"phi3"}',
  'tokenizer.json': '{"model":{}}',
  'tensor-cache.json': JSON.stringify({
    metadata: {},
    records: [
      {
        dataPath: 'params_shard_0.bin',
        format: 'raw-shard',
        nbytes: weights.length,
        md5sum: createHash('md5').update(weights).digest('hex'),
        records: [
          {
            name: 'a',
            shape: [weights.length / 4],
            dtype: 'uint32',
            format: 'raw',
            nbytes: weights.length,
            byteOffset: 0,
          },
        ],
      },
    ],
  }),
  'params_shard_0.bin': weights,
};
const denied = (): never => {
  throw new DOMException('Access is denied in this context.', 'SecurityError');
};

afterEach(() => vi.unstubAllGlobals());

function open(memoryOnly: boolean) {
  vi.stubGlobal('indexedDB', { open: denied });
  vi.stubGlobal('navigator', {
    locks: { request: () => Promise.reject(new DOMException('Denied.', 'SecurityError')) },
    storage: { getDirectory: () => Promise.reject(new DOMException('Denied.', 'SecurityError')) },
  });
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      constructor() {
        denied();
      }
    },
  );
  const store = createShardStore({
    fetch: (address) => {
      const name = new URL(address).pathname.split('/').at(-1);
      const body = files[name ?? ''];
      return Promise.resolve(new Response(body ?? null, { status: body === undefined ? 404 : 200 }));
    },
  });
  return store.open('https://models.example/tiny/', { signal: new AbortController().signal, memoryOnly });
}

it('from memory: every file comes over the network and nothing is looked up first', async () => {
  const model = await open(true);
  expect(await model.text('tokenizer.json')).toBe(files['tokenizer.json']);
  const arrived: Uint8Array[] = [];
  for await (const { pieces } of model.shards()) for (const piece of pieces) arrived.push(await piece.read());
  expect(Buffer.concat(arrived).equals(Buffer.from(weights))).toBe(true);
});

it('else says that there is no storage, so that memory can be offered', async () => {
  const model = await open(false);
  await expect(model.text('tokenizer.json')).rejects.toMatchObject({ code: 'storage/unavailable' });
});
