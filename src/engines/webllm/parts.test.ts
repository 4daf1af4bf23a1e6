// The parts of the WebLLM engine that need neither WebLLM nor a GPU. What does is in e2e/webllm.spec.ts.
import type { CompletionUsage } from '@mlc-ai/web-llm';
import { expect, test } from 'vitest';
import { AppError } from '../../base/errors';
import type { ShardRecord, TensorManifest } from '../../formats/mlc/manifest';
import type { LoadProgress } from '../../protocol/chat';
import type { StoredShard } from '../../store/store';
import { createShimCache, installCaches } from './cache-shim';
import { exactTemplate } from '../../formats/exact-template';
import { phi3Mini } from '../../formats/testing/phi-configs';
import { configForWebLlm, readChatConfig } from './chat-config';
import { LoadMeter } from './load-meter';
import { toFinish, toUsage, toWebLlmRequest } from './request';
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

test('WebLLM is told the ends that its own reading would run past, and the exact template', () => {
  const config = { ...phi3Mini, conv_template: { ...phi3Mini.conv_template, stop_token_ids: [2] } };
  const text = JSON.stringify({
    ...config,
    conv_template: { ...config.conv_template, stop_str: ['<|end|>', 'Bye'] },
    eos_token_id: 32000,
  });
  const { template } = readChatConfig(text);
  const tokenizer = { controlId: (content: string) => (content === '<|end|>' ? 32007 : undefined) };
  const told = (exact: boolean): Record<string, unknown> => {
    const used = exact ? exactTemplate(template) : template;
    return (JSON.parse(configForWebLlm(text, template, used, tokenizer)) as typeof phi3Mini).conv_template;
  };
  expect(told(false)).toEqual({
    ...phi3Mini.conv_template,
    stop_str: ['<|end|>', 'Bye'],
    stop_token_ids: [2, 32000, 32007],
  });
  expect(told(true)).toMatchObject({
    system_template: '<|system|>\n{system_message}<|end|>\n',
    system_message: '',
    render_empty_system_message: false,
    seps: ['<|end|>\n'],
  });
});

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

test('a request in WebLLM’s shape', () => {
  const request = toWebLlmRequest(
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is this?', images: ['data:image/png;base64,AA=='] },
      ],
      temperature: 0,
      seed: 7,
      max_tokens: 5,
      stop: ['END'],
      response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
    },
    { seesImages: true },
  );
  expect(request).toEqual({
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
        ],
      },
    ],
    temperature: 0,
    seed: 7,
    max_tokens: 5,
    stop: ['END'],
    response_format: { type: 'json_object', schema: '{"type":"object"}' },
  });
});

test.each([
  ['a picture for a model without eyes', 'user', 'data:image/png;base64,AA==', false],
  ['a picture from the network', 'user', 'https://example.org/cat.png', true],
  ['a page posing as a picture', 'user', 'data:text/html;base64,AA==', true],
  ['a picture in an answer', 'assistant', 'data:image/png;base64,AA==', true],
] as const)('%s is refused', (_, role, url, seesImages) => {
  const messages = [{ role, content: 'x', images: [url] }];
  expect(() => toWebLlmRequest({ messages }, { seesImages })).toThrow(
    expect.objectContaining({ code: 'run/bad-request' }) as Error,
  );
});

test('usage counts the whole prompt, though WebLLM reports only what it had to read', () => {
  const usage = {
    prompt_tokens: 5,
    completion_tokens: 10,
    total_tokens: 15,
    extra: { prefill_tokens_per_s: 100, decode_tokens_per_s: 20 },
  } as CompletionUsage;
  expect(toUsage(usage, 25, 123)).toEqual({
    prompt_tokens: 25,
    completion_tokens: 10,
    total_tokens: 35,
    cached_tokens: 20,
    ttft_ms: 123,
    prefill_tokens_per_s: 100,
    decode_tokens_per_s: 20,
  });
  const nothing = { ...usage, completion_tokens: 1, extra: { ...usage.extra, prefill_tokens_per_s: NaN } };
  expect(toUsage(nothing, 0, 1)).toMatchObject({
    prompt_tokens: 5,
    prefill_tokens_per_s: 0,
    decode_tokens_per_s: 0,
  });
});

test.each([
  ['stop', false, 5, undefined, { finishReason: 'stop' }],
  ['length', false, 5, 5, { finishReason: 'length' }],
  ['length', false, 5, 9, { finishReason: 'length', contextFull: true }],
  ['length', false, 5, undefined, { finishReason: 'length', contextFull: true }],
  ['abort', false, 5, undefined, { finishReason: 'cancelled' }],
  ['stop', true, 5, undefined, { finishReason: 'cancelled' }],
] as const)('%s, cancelled %s, after %i of %s tokens', (reason, cancelled, count, most, finish) => {
  expect(toFinish(reason, cancelled, count, most)).toEqual(finish);
});

test('the meter only rises, and says 1 at the end alone', () => {
  const seen: LoadProgress[] = [];
  const meter = new LoadMeter((progress) => seen.push(progress));
  const fetching = { phase: 'shards', totalBytes: 16 } as const;
  meter.fetching({ ...fetching, doneBytes: 0, fetchedBytes: 0 });
  meter.fetching({ ...fetching, doneBytes: 16, fetchedBytes: 8 });
  meter.uploading(manifest);
  meter.reported(1);
  meter.read('mlc-chat-config.json');
  meter.read('a.bin');
  meter.reported(0.25);
  meter.read('b.bin');
  meter.reported(1);
  meter.reported(0.5);
  meter.reported(1);
  const fractions = seen.map(({ fraction }) => fraction);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(Math.max(...fractions)).toBeLessThan(1);
  meter.ready();
  expect(seen.at(-1)).toMatchObject({ phase: 'ready', fraction: 1, loadedBytes: 16, fetchedBytes: 8 });
  expect(seen.map(({ phase }) => phase)).toContain('compile');
});

test.each([
  ['not JSON', 'nope'],
  ['a list', '[]'],
  ['no template', '{"vocab_size":1,"context_window_size":1,"tokenizer_files":[]}'],
  ['no vocabulary', '{"conv_template":{},"context_window_size":1,"tokenizer_files":[]}'],
  [
    'half a token of context',
    '{"conv_template":{},"vocab_size":1,"context_window_size":0.5,"tokenizer_files":[]}',
  ],
  ['no tokenizer', '{"conv_template":{},"vocab_size":1,"context_window_size":1}'],
])('a configuration that has %s is model/bad-config', (_, text) => {
  expect(() => readChatConfig(text)).toThrow(expect.objectContaining({ code: 'model/bad-config' }) as Error);
});
