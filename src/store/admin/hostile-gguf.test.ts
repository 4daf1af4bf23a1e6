// GGUF files as somebody wicked writes them, from a stick and from a host: an error with a code and its words, no memory
// to speak of, and nothing of them stored.
import 'fake-indexeddb/auto';
import { clear, keys } from 'idb-keyval';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import { prng } from '../../base/prng';
import { parseHeader } from '../../formats/gguf/header';
import { smallGguf, smallTokens } from '../../formats/gguf/testing/small-model';
import { createDatabase } from '../disk/database';
import { preflight } from '../download/preflight';
import { importFiles, inspectFiles } from './import-folder';

type Bytes = Uint8Array<ArrayBuffer>;

const database = createDatabase('hostile-gguf-test');
const { signal } = new AbortController();
const mostBytes = 64 * 2 ** 20;

const good = smallGguf();
const text = Buffer.from(good);
const u64 = (file: Uint8Array, at: number, value: bigint): void =>
  new DataView(file.buffer).setBigUint64(at, value, true);
const after = (name: string): number => text.indexOf(name) + name.length;
const tokens = after('tokenizer.ggml.tokens') + 8;
const firstTensor = after('token_embd.weight');

/** One more entry in front: a list of so many zeros of that type, of a byte each. */
function withEntry(file: Bytes, type: number, count: number): Bytes {
  const entry = new Uint8Array(32 + count);
  const view = new DataView(entry.buffer);
  u64(entry, 0, 8n);
  entry.set(new TextEncoder().encode('a.b.list'), 8);
  view.setUint32(16, 9, true);
  view.setUint32(20, type, true);
  u64(entry, 24, BigInt(count));
  const out = new Uint8Array(file.byteLength + entry.byteLength);
  out.set(file.subarray(0, 24));
  out.set(entry, 24);
  out.set(file.subarray(24), 24 + entry.byteLength);
  u64(out, 16, BigInt(out[16] ?? 0) + 1n);
  return out;
}

const planned: readonly (readonly [string, (file: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>])[] = [
  ['another magic', (f) => (f.set([0x47, 0x47, 0x4d, 0x4c]), f)],
  ['version 1', (f) => ((f[4] = 1), f)],
  ['version 4 billion', (f) => (f.fill(255, 4, 8), f)],
  ['a billion tensors', (f) => (u64(f, 8, 1_000_000_000n), f)],
  ['2^63 tensors', (f) => (u64(f, 8, 1n << 63n), f)],
  ['one tensor more', (f) => (u64(f, 8, BigInt(f[8] ?? 0) + 1n), f)],
  ['a billion entries', (f) => (u64(f, 16, 1_000_000_000n), f)],
  ['one entry more', (f) => (u64(f, 16, BigInt(f[16] ?? 0) + 1n), f)],
  ['a key of a terabyte', (f) => (u64(f, 24, 1n << 40n), f)],
  ['a vocabulary of a billion', (f) => (u64(f, tokens, 1_000_000_000n), f)],
  ['a vocabulary of 2^64 - 1', (f) => (u64(f, tokens, (1n << 64n) - 1n), f)],
  ['a token of four gigabytes', (f) => (u64(f, tokens + 8, 1n << 32n), f)],
  ['a list of lists', (f) => ((f[tokens - 4] = 9), f)],
  ['a value of type 77', (f) => ((f[after('general.name')] = 77), f)],
  ['no dimensions', (f) => ((f[firstTensor] = 0), f)],
  ['nine dimensions', (f) => ((f[firstTensor] = 9), f)],
  ['dimensions that overflow', (f) => (u64(f, firstTensor + 4, 1n << 62n), f)],
  ['an empty dimension', (f) => (u64(f, firstTensor + 12, 0n), f)],
  ['a row that no blocks fill', (f) => (u64(f, firstTensor + 4, 63n), f)],
  ['an offset past the end', (f) => (u64(f, firstTensor + 24, 1n << 40n), f)],
  ['an offset of 2^64 - 32', (f) => (u64(f, firstTensor + 24, (1n << 64n) - 32n), f)],
  ['an offset that is not aligned', (f) => (u64(f, firstTensor + 24, 8n), f)],
  ['a tensor over another', (f) => (u64(f, after('output_norm.weight') + 16, 0n), f)],
  ['cut in the data', (f) => f.slice(0, f.byteLength - 64)],
  ['cut in the head', (f) => f.slice(0, 3000)],
  ['cut in the magic', (f) => f.slice(0, 3)],
  ['empty', () => new Uint8Array(0)],
  ['a web page', () => new TextEncoder().encode('<!doctype html><title>404</title>'.repeat(40))],
  ['alignment 24', () => smallGguf({ metadata: { 'general.alignment': 24 } })],
  ['alignment 0', () => smallGguf({ metadata: { 'general.alignment': 0 } })],
  ['alignment in words', () => smallGguf({ metadata: { 'general.alignment': 'wide' } })],
  ['an alignment of a gigabyte', () => smallGguf({ metadata: { 'general.alignment': 2 ** 30 } })],
  ['a list of eight million numbers', (f) => withEntry(f, 0, 8 * 2 ** 20)],
  ['kinds for two of its tokens', () => smallGguf({ metadata: { 'tokenizer.ggml.token_type': [1, 1] } })],
  [
    'a token twice',
    () => smallGguf({ metadata: { 'tokenizer.ggml.tokens': ['a', ...smallTokens.slice(1, -1), 'a'] } }),
  ],
  ['no scores for pieces', () => smallGguf({ metadata: { 'tokenizer.ggml.model': 'llama' } })],
  ['an end that no token is', () => smallGguf({ metadata: { 'tokenizer.ggml.eos_token_id': 99_999 } })],
  [
    'a template of a hundred thousand loops',
    () => smallGguf({ metadata: { 'tokenizer.chat_template': '{% for m in messages %}'.repeat(1e5) } }),
  ],
  ['heads that cannot share', () => smallGguf({ metadata: { 'llama.attention.head_count_kv': 3 } })],
  [
    'a tensor twice',
    () =>
      smallGguf({
        extra: [{ name: 'output_norm.weight', type: 'f32', shape: [64], bytes: new Uint8Array(256) }],
      }),
  ],
  [
    'factors for other pairs',
    () =>
      smallGguf({
        extra: [{ name: 'rope_freqs.weight', type: 'f32', shape: [3], bytes: new Uint8Array(12).fill(63) }],
      }),
  ],
];

/** A host of that one file, which answers ranges. */
function host(file: Bytes) {
  return (_: string, { headers }: RequestInit = {}): Promise<Response> => {
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(new Headers(headers).get('range') ?? '') ?? [];
    const end = Math.min(Number(to) + 1, file.byteLength);
    const range = `bytes ${from}-${end - 1}/${file.byteLength}`;
    const body = file.slice(Number(from), end);
    return Promise.resolve(new Response(body, { status: 206, headers: { 'content-range': range } }));
  };
}

const held = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

beforeEach(() => clear(database));

describe.each(planned)('a file with %s', (_, change) => {
  it('is refused from a stick and from a host, and nothing of it is kept', async () => {
    const file = change(good.slice());
    const files = [{ path: 'bad.gguf', blob: new Blob([file]) }];
    const refused = expect.objectContaining({ code: 'model/bad-gguf' });
    const before = held();
    await expect(inspectFiles(files)).rejects.toThrow(refused);
    await expect(importFiles(database, files, 'imported:/bad.gguf/', { signal })).rejects.toThrow(refused);
    expect(held() - before - 4 * file.byteLength).toBeLessThan(mostBytes);
    expect(await keys(database)).toEqual([]);
    if (file.byteLength === 0) return;
    const code = /web page/.test(_) ? 'network/not-a-model' : 'model/bad-gguf';
    const looking = preflight('https://example.org/bad.gguf', { signal, fetch: host(file) });
    await expect(looking).rejects.toThrow(expect.objectContaining({ code }));
    expect(await keys(database)).toEqual([]);
  });
});

it('there are forty of them', () => {
  expect(planned.length).toBeGreaterThanOrEqual(40);
});

it.each([
  ['a layer more than it has', { metadata: { 'llama.block_count': 3 } }, 'model/missing-tensor'],
  ['wider layers than it has', { metadata: { 'llama.feed_forward_length': 128 } }, 'model/shape-mismatch'],
])('%s: told before anything is stored', async (_, change, code) => {
  const files = [{ path: 'bad.gguf', blob: new Blob([smallGguf(change)]) }];
  await expect(inspectFiles(files)).rejects.toThrow(expect.objectContaining({ code }));
});

it('random bytes of the head changed: read as well-formed, or an error with a code', async () => {
  const random = prng(40);
  const { dataOffset } = parseHeader(good, good.byteLength) as { dataOffset: number };
  let refused = 0;
  for (let round = 0; round < 200; round++) {
    const file = good.slice();
    for (let i = 0; i <= random() * 4; i++)
      file[Math.floor(random() * dataOffset)] = Math.floor(random() * 256);
    try {
      await inspectFiles([{ path: 'bad.gguf', blob: new Blob([file]) }]);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(AppError);
      expect((thrown as AppError).code).toMatch(/^(model|tokenizer)\//);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(20);
});
