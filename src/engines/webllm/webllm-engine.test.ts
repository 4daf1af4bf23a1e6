// Our side of generating, over a scripted WebLLM: the real one cannot generate without a compiled library, which
// is not to be had where tests run. Loading is tested for real in e2e/webllm.spec.ts.
import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';
import { buildLibrary } from '../../../e2e/webllm/stand-in-library';
import { parseManifest } from '../../formats/mlc/parse-manifest';
import type { GenerateEvent, GenerateRequest } from '../../protocol/chat';
import type { ModelStore } from '../../store/store';
import type { Engine } from '../engine';
import { withLibrary } from '../../store/address';
import { catalogue } from '../../store/catalogue/catalogue';
import { resolveWebLlmModel } from './resolve';
import { createWebLlmEngine } from './webllm-engine';

type Chunk = { choices: { delta: { content?: string }; finish_reason?: string }[]; usage?: object };
const said = (content: string): Chunk => ({ choices: [{ delta: { content } }] });
const ended = (finish_reason: string): Chunk => ({ choices: [{ delta: {}, finish_reason }] });
const usage: Chunk = {
  choices: [],
  usage: {
    prompt_tokens: 3,
    completion_tokens: 2,
    extra: { prefill_tokens_per_s: 30, decode_tokens_per_s: 20 },
  },
};

const script = vi.hoisted(() => ({
  chunks: (() => []) as () => Iterable<Chunk>,
  interrupted: 0,
  unloaded: 0,
  requests: [] as unknown[],
  gpu: undefined as unknown as GPU,
}));
vi.mock('@mlc-ai/web-llm', () => ({
  ModelType: { LLM: 0, VLM: 2 },
  MLCEngine: class {
    async reload(): Promise<void> {
      const adapter = await script.gpu.requestAdapter();
      const device = await adapter?.requestDevice();
      device?.createBuffer({ size: 1000, usage: 0 }).destroy();
      device?.createBuffer({ size: 4096, usage: 0 });
    }
    unload = (): Promise<void> => Promise.resolve(void (script.unloaded += 1));
    interruptGenerate = (): void => void (script.interrupted += 1);
    chat = {
      completions: {
        create: (request: unknown) => {
          script.requests.push(request);
          return (async function* () {
            yield* script.chunks();
          })();
        },
      },
    };
  },
}));

const folder = new URL('../../../public/models/phield-tiny/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const store = {
  open: (base: string) =>
    Promise.resolve({
      base,
      text: (name: string) => Promise.resolve(text(name)),
      manifest: () => Promise.resolve(parseManifest(text('tensor-cache.json'))),
      shards: async function* () {},
    }),
} as unknown as ModelStore;

let loseDevice: (info: GPUDeviceLostInfo) => void;
let destroyed: number;

function fakeGpu(): GPU {
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => (loseDevice = resolve));
  const device = {
    lost,
    createBuffer: () => ({ destroy: () => undefined }),
    destroy: () => (destroyed += 1),
  };
  const limits = {
    maxBufferSize: 2 ** 30,
    maxStorageBufferBindingSize: 2 ** 30,
    maxComputeWorkgroupStorageSize: 32_768,
    maxStorageBuffersPerShaderStage: 10,
    maxComputeInvocationsPerWorkgroup: 256,
  };
  const info = { vendor: 'v', architecture: 'a', description: 'd', isFallbackAdapter: false };
  return {
    requestAdapter: () =>
      Promise.resolve({
        info,
        limits,
        features: new Set(['shader-f16']),
        requestDevice: () => Promise.resolve(device),
      }),
  } as unknown as GPU;
}

async function loaded(): Promise<Engine> {
  const engine = createWebLlmEngine({
    store,
    resolve: (name) => resolveWebLlmModel(name, 'https://phield.example/'),
    fetch: () => Promise.resolve(new Response(buildLibrary())),
    gpu: script.gpu,
  });
  await engine.load('phi-3-mini', { signal: new AbortController().signal, onProgress: () => {} });
  return engine;
}

const hello: GenerateRequest = { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 10 };

async function collect(engine: Engine, signal = new AbortController().signal): Promise<GenerateEvent[]> {
  const events: GenerateEvent[] = [];
  for await (const event of engine.generate(hello, { signal })) events.push(event);
  return events;
}

beforeEach(() => {
  vi.stubGlobal('navigator', { userAgent: 'test' });
  Object.assign(script, { chunks: () => [], interrupted: 0, unloaded: 0, requests: [], gpu: fakeGpu() });
  destroyed = 0;
});

test('a load says what was loaded, what it holds, and what the engine cannot do', async () => {
  const engine = createWebLlmEngine({
    store,
    resolve: (name) => resolveWebLlmModel(name, 'https://phield.example/'),
    fetch: () => Promise.resolve(new Response(buildLibrary())),
    gpu: script.gpu,
  });
  const info = await engine.load('phi-3-mini', {
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  expect(info).toMatchObject({
    id: 'Phi-3-mini-4k-instruct-q4f16_1-MLC',
    engine: 'webllm',
    gpuBytes: 4096,
    abilities: ['json'],
  });
  expect(info.caveats).toContain('prefill-uninterruptible');
  expect(engine.gpuBytes).toBe(4096);
  await engine.dispose();
  expect(engine.gpuBytes).toBe(0);
  expect([script.unloaded, destroyed]).toEqual([1, 1]);
});

test('a folder of one’s own runs by the library that came with it', async () => {
  const asked: string[] = [];
  const engine = createWebLlmEngine({
    store,
    resolve: (name) => resolveWebLlmModel(name, 'https://phield.example/'),
    fetch: (address) => {
      asked.push(address);
      return Promise.resolve(new Response(buildLibrary()));
    },
    gpu: script.gpu,
  });
  const library = 'https://example.org/own.wasm';
  const info = await engine.load(withLibrary('https://example.org/own/', library), {
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  expect(asked).toEqual([library]);
  expect(info.contextWindow).toBeLessThanOrEqual(4096);
  // As many as the tensors of the folder hold, scales left out.
  expect(info.parameters).toBe(catalogue.find(({ id }) => id === 'phield-tiny')?.parameters);
  await engine.dispose();
});

test('text, then usage over the whole prompt, then the reason', async () => {
  script.chunks = () => [said(''), said('Hi'), said(' there'), ended('stop'), usage];
  const engine = await loaded();
  const events = await collect(engine);
  expect(events.map((event) => (event.type === 'token' ? event.text : event.type))).toEqual([
    'Hi',
    ' there',
    'usage',
    'done',
  ]);
  const prompt = await engine.countTokens(hello.messages);
  expect(prompt).toBeGreaterThan(3);
  expect(events[2]).toMatchObject({
    usage: { prompt_tokens: prompt, cached_tokens: prompt - 3, completion_tokens: 2 },
  });
  expect(events[3]).toEqual({ type: 'done', finishReason: 'stop' });
});

test('a stop is passed on, again where WebLLM may have forgotten it, and ends the run as cancelled', async () => {
  const controller = new AbortController();
  script.chunks = function* () {
    yield said('One');
    controller.abort();
    yield said('two');
    yield ended('abort');
    yield usage;
  };
  const events = await collect(await loaded(), controller.signal);
  expect(script.interrupted).toBeGreaterThan(1);
  expect(events.at(-1)).toEqual({ type: 'done', finishReason: 'cancelled' });
});

test('a run that is cancelled before it began asks nothing of WebLLM', async () => {
  const controller = new AbortController();
  controller.abort();
  expect(await collect(await loaded(), controller.signal)).toEqual([
    { type: 'done', finishReason: 'cancelled' },
  ]);
  expect(script.requests).toEqual([]);
});

test('a second run while one is under way is run/busy; leaving the first early frees the engine', async () => {
  script.chunks = () => [said('One'), said('two'), ended('stop')];
  const engine = await loaded();
  for await (const _ of engine.generate(hello, { signal: new AbortController().signal })) {
    await expect(collect(engine)).rejects.toMatchObject({ code: 'run/busy' });
    break;
  }
  expect((await collect(engine)).at(-1)).toEqual({ type: 'done', finishReason: 'stop' });
});

test('what WebLLM throws becomes ours, and the engine can be asked again', async () => {
  script.chunks = () => {
    throw Object.assign(new Error('Prompt tokens exceed context window size: 5000.'), {
      name: 'ContextWindowSizeExceededError',
    });
  };
  const engine = await loaded();
  await expect(collect(engine)).rejects.toMatchObject({ code: 'run/context-full' });
  script.chunks = () => [said('Yes'), ended('stop')];
  expect((await collect(engine)).at(-1)).toEqual({ type: 'done', finishReason: 'stop' });
});

test.each([
  ['unknown', 'gpu/device-lost'],
  ['destroyed', 'gpu/out-of-memory'],
] as const)('a device that is lost (%s) is %s, for whoever waits and whoever asks', async (reason, code) => {
  const engine = await loaded();
  loseDevice({ reason, message: 'gone' } as GPUDeviceLostInfo);
  expect(await engine.lost).toMatchObject({ code, retryable: true });
  await expect(collect(engine)).rejects.toMatchObject({ code });
});

test.each([
  ['phield-tiny', 'model/bad-library'],
  ['https://example.org/my-model/', 'model/bad-library'],
  ['phi-3-medium', 'model/unsupported-arch'],
  ['nothing', 'model/unknown-model'],
])('%s is refused with %s', (name, code) => {
  expect(() => resolveWebLlmModel(name, 'https://phield.example/')).toThrow(
    expect.objectContaining({ code }) as Error,
  );
});
