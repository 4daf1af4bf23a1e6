import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import { tensorSpecs } from '../../formats/decoder-tensors';
import { parseConfig } from '../../formats/mlc/parse-config';
import { phi3Mini } from '../../formats/testing/phi-configs';
import { folderAddress, libraryIn, pinnedFolder, withLibrary } from '../address';
import { preflight } from './preflight';
import { ProgressMeter } from './progress';
import { retryAfterMs, retryDelayMs } from './retry';
import type { FetchProgress } from '../store';

const library = 'https://example.org/my-phi.wasm?v=2';
const signal = new AbortController().signal;
let base: string;
let answers: Map<string, (response: ServerResponse) => void>;
const requests: string[] = [];
const server = createServer((request, response) => {
  const name = (request.url ?? '').slice(1);
  requests.push(`${request.method} ${name}`);
  const answer = answers.get(name);
  if (answer) answer(response);
  else response.writeHead(404).end();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  const record = { name: 't', shape: [4], dtype: 'uint32', format: 'raw', nbytes: 16, byteOffset: 0 };
  const shard = { dataPath: 's.bin', format: 'raw-shard', nbytes: 16, records: [record] };
  const json = (value: unknown) => (response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  answers = new Map([
    ['mlc-chat-config.json', json({ model_type: 'phi3' })],
    ['ndarray-cache.json', json({ records: [shard] })],
    ['tokenizer.json', json({})],
    ['s.bin', (response) => void response.writeHead(200).end('0123456789abcdef')],
  ]);
  requests.length = 0;
});

async function failure(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    return thrown as AppError;
  }
  throw new Error('it did not fail');
}

describe('preflight', () => {
  it('tells the size of a good folder without fetching a shard', async () => {
    expect(await preflight(withLibrary(base, library), { signal })).toMatchObject({
      base,
      totalBytes: 16,
      shards: 1,
    });
    expect(requests).not.toContain('GET s.bin');
  });

  it.each(['llama', 'qwen2'])('takes a folder of %s, whose tensors have other names', async (model_type) => {
    const config = JSON.stringify({ ...phi3Mini, model_type });
    const { shape } = parseConfig(config);
    let byteOffset = 0;
    const records = tensorSpecs(shape).map(({ name, shape: sizes, dtype, nbytes }) => {
      byteOffset += nbytes;
      return { name, shape: sizes, dtype, nbytes, format: 'raw', byteOffset: byteOffset - nbytes };
    });
    const shard = { dataPath: 's.bin', format: 'raw-shard', nbytes: byteOffset, records };
    const serve = (text: string) => (response: ServerResponse) => void response.writeHead(200).end(text);
    answers.set('mlc-chat-config.json', serve(config));
    answers.set('ndarray-cache.json', serve(JSON.stringify({ records: [shard] })));
    expect(records.map(({ name }) => name)).toContain(
      `model.layers.31.self_attn.${model_type === 'llama' ? 'qkv_proj.q_weight' : 'c_attn.bias'}`,
    );
    expect(await preflight(base, { signal })).toMatchObject({
      totalBytes: byteOffset,
      facts: { architecture: model_type, mix: [{ type: 'q4f16_1', share: 1 }] },
    });
    // The same configuration over Phi-3's names.
    const { shape: other } = parseConfig(JSON.stringify(phi3Mini));
    expect(tensorSpecs(other).map(({ name }) => name)).toContain('transformer.h.31.mixer.qkv_proj.q_weight');
    answers.set('mlc-chat-config.json', serve(JSON.stringify(phi3Mini)));
    const error = await failure(preflight(base, { signal }));
    expect(error).toMatchObject({ code: 'model/unsupported-arch' });
    expect(error.message).toContain(model_type === 'llama' ? 'a Llama model' : 'a Qwen2 model');
  });

  it('gives each kind of bad folder its own error', async () => {
    expect((await failure(preflight('not an address', { signal }))).code).toBe('network/bad-address');
    expect((await failure(preflight('http://127.0.0.1:1/', { signal }))).code).toBe('network/offline');
    // The default check is our engine's own parser, and this configuration is not one.
    expect((await failure(preflight(base, { signal }))).code).toBe('model/bad-config');
    answers.set(
      'mlc-chat-config.json',
      (response) => void response.writeHead(200).end('{"model_type":"gemma"}'),
    );
    expect((await failure(preflight(base, { signal }))).code).toBe('model/unsupported-arch');
    answers.delete('mlc-chat-config.json');
    const error = await failure(preflight(withLibrary(base, library), { signal }));
    expect(error.code).toBe('network/not-a-model');
    expect(error.message).toContain('mlc-chat-config.json');
  });

  it('knows a folder that comes with its library by both', async () => {
    const name = withLibrary(base, library);
    expect([folderAddress(name), libraryIn(name)]).toEqual([base, library]);
    expect(libraryIn(base)).toBeUndefined();
    for (const wrong of ['my.wasm', 'javascript:alert(1)', 'https://me:secret@example.org/a.wasm'])
      expect((await failure(preflight(withLibrary(base, wrong), { signal }))).code).toBe(
        'network/bad-address',
      );
  });

  it('gives up on a server that never answers', async () => {
    answers.set('mlc-chat-config.json', () => undefined);
    const error = await failure(preflight(base, { signal, patienceMs: 150 }));
    expect(error.code).toBe('network/timeout');
    expect(error.message).toContain('127.0.0.1');
    const stopped = new AbortController();
    const ended = failure(preflight(base, { signal: stopped.signal }));
    stopped.abort();
    expect((await ended).code).toBe('run/aborted');
  });

  it('names the file that is absent', async () => {
    for (const name of ['tokenizer.json', 's.bin', 'ndarray-cache.json']) {
      const answer = answers.get(name);
      answers.delete(name);
      const error = await failure(preflight(withLibrary(base, library), { signal }));
      expect(error.code, name).toBe('network/not-a-model');
      expect(error.message).toContain(name);
      if (answer) answers.set(name, answer);
    }
  });
});

describe('addresses', () => {
  it('takes a repository page on Hugging Face for the folder of its files', () => {
    const folder = 'https://huggingface.co/mlc-ai/Phi-3-mini/resolve/main/';
    expect(folderAddress('https://huggingface.co/mlc-ai/Phi-3-mini')).toBe(folder);
    expect(folderAddress('https://huggingface.co/mlc-ai/Phi-3-mini/tree/main')).toBe(folder);
    expect(folderAddress(folder)).toBe(folder);
    expect(folderAddress('mlc-ai/Phi-3-mini')).toBe(folder);
    const file = 'https://huggingface.co/o/n/resolve/main/x.gguf/';
    expect(folderAddress('https://huggingface.co/o/n/blob/main/x.gguf?download=true')).toBe(file);
    const parts = [1, 3].map((n) => folderAddress(`https://h/x-0000${n}-of-00003.gguf`));
    expect(parts).toEqual(Array(2).fill('https://h/x-00001-of-00003.gguf/'));
    expect(folderAddress('https://example.org/a?b#c')).toBe('https://example.org/a/');
    for (const name of ['mlc-chat-config.json', 'tensor-cache.json', 'ndarray-cache.json', 'tokenizer.json'])
      expect(folderAddress(`https://example.org/a/${name}?download=true`)).toBe('https://example.org/a/');
    expect(folderAddress(`https://huggingface.co/mlc-ai/Phi-3-mini/blob/main/mlc-chat-config.json`)).toBe(
      folder,
    );
    expect(folderAddress('https://example.org/a/my-tokenizer.json')).toBe(
      'https://example.org/a/my-tokenizer.json/',
    );
  });

  it('pins a folder to a commit only where there is a branch to replace', () => {
    const commit = 'a'.repeat(40);
    expect(pinnedFolder('https://h/x/resolve/main/', commit)).toBe(`https://h/x/resolve/${commit}/`);
    expect(pinnedFolder('https://h/x/resolve/main/sub/x.gguf/', commit)).toBe(
      `https://h/x/resolve/${commit}/sub/x.gguf/`,
    );
    expect(pinnedFolder('https://h/models/x/', commit)).toBe('https://h/models/x/');
    expect(pinnedFolder('https://h/x/resolve/main/', '../../evil')).toBe('https://h/x/resolve/main/');
  });
});

describe('retries', () => {
  it('doubles with jitter up to a ceiling', () => {
    const policy = { attempts: 9, baseDelayMs: 100, maxDelayMs: 1_000, random: () => 1 };
    expect([1, 2, 3, 4, 5, 9].map((n) => retryDelayMs(n, policy))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
    expect(retryDelayMs(1, { ...policy, random: () => 0 })).toBe(50);
  });

  it('reads Retry-After as seconds and as a date', () => {
    const refused = (retryAfter: string): AppError =>
      new AppError('network/http-status', 'busy', { details: { retryAfter } });
    expect(retryAfterMs(refused('3'), 0)).toBe(3_000);
    expect(retryAfterMs(refused('Thu, 01 Jan 1970 00:00:10 GMT'), 4_000)).toBe(6_000);
    expect(retryAfterMs(refused('soon'), 0)).toBeUndefined();
  });
});

describe('progress', () => {
  it('never falls, also when bytes are dropped and come again', () => {
    const seen: FetchProgress[] = [];
    const meter = new ProgressMeter(100, (progress) => seen.push(progress));
    meter.stored(20);
    for (let i = 0; i < 5; i++) {
      meter.received(10);
      meter.flush();
    }
    meter.dropped(50);
    meter.flush();
    for (let i = 0; i < 8; i++) {
      meter.received(10);
      meter.flush();
    }
    const done = seen.map((progress) => progress.doneBytes);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBe(100);
    expect(seen.at(-1)?.fetchedBytes).toBe(130);
  });
});
