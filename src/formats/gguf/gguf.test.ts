import { existsSync, openSync, readSync, fstatSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../mlc/parse-manifest';
import { ggufConfig } from './config';
import { dequantizeBlocks } from './dequantize';
import { parseHeader } from './header';
import { manifestOf, parseHeads, partNames, readHeads, type GgufSource } from './model-file';
import golden from './testing/blocks-golden.json';
import { smallGguf } from './testing/small-model';
import { ggufTypes, type GgufType } from './types';

const decode = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(base64, 'base64'));
const sourceOf = (file: Uint8Array<ArrayBuffer>, nbytes = file.byteLength): GgufSource => ({
  nbytes,
  read: (from, to) => Promise.resolve(file.slice(from, to)),
});
const headsOf = (file: Uint8Array<ArrayBuffer>) =>
  readHeads('small.gguf', () => Promise.resolve(sourceOf(file)));

describe('dequantizeBlocks', () => {
  it.each(Object.keys(ggufTypes) as GgufType[])('reads %s as the gguf package does', (type) => {
    const { blocks, values } = golden[type];
    const expected = new Float32Array(decode(values).buffer);
    const actual = dequantizeBlocks(type, decode(blocks));
    expect(actual.length).toBe(expected.length);
    // The package computes in f32; the exact number rounds to its number.
    expect(Float32Array.from(actual)).toEqual(expected);
    expect(actual.some((weight) => weight !== 0)).toBe(true);
  });
});

describe('a GGUF file', () => {
  it('is read: head, tensors, shape, template; its text gives the same model again', async () => {
    const file = smallGguf();
    const { model, text } = await headsOf(file);
    const config = ggufConfig(model);
    expect(config.shape).toMatchObject({
      architecture: 'llama',
      layers: 2,
      hidden: 64,
      heads: 4,
      kvHeads: 2,
      headDim: 16,
      vocab: 260,
      tied: true,
      ropeTheta: 10000,
      quantization: 'gguf',
    });
    expect(config.contextWindow).toBe(256);
    expect(config.template).toMatchObject({
      roles: { user: '<|im_start|>user\n', assistant: '<|im_start|>assistant\n' },
      seps: ['<|im_end|>\n', '<|im_end|>\n'],
      systemTemplate: '<|im_start|>system\n{system_message}<|im_end|>\n',
      systemMessage: undefined,
    });
    expect(config.template.stopTokenIds).toEqual([2, 0]);
    expect(ggufConfig(parseHeads(text))).toEqual(config);
    const { shards, totalBytes } = parseManifest(manifestOf(model), 'small.gguf');
    expect(totalBytes).toBe(file.byteLength);
    expect(shards[0]?.records.find(({ name }) => name === 'token_embd.weight')).toMatchObject({
      dtype: 'q4_1',
      shape: [260, 64],
      nbytes: (260 * 64 * 20) / 32,
    });
  });

  it.each([1, 8])('begins its tensors where an alignment of %d says', (alignment) => {
    const file = smallGguf({ metadata: { 'general.alignment': alignment } });
    const head = parseHeader(file, file.byteLength + alignment);
    if (typeof head === 'number') throw new Error('The head was not read');
    expect(head.dataOffset % alignment).toBe(0);
    expect(head.tensors[0]?.byteOffset).toBe(head.dataOffset);
    // No further than it must: the head ends less than one alignment before.
    expect(head.dataOffset).toBeLessThan(file.byteLength + alignment);
  });

  it('reads the factors of the rotary embedding with the heads', async () => {
    const factors = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const extra = [
      { name: 'rope_freqs.weight', type: 'f32', shape: [8], bytes: new Uint8Array(factors.buffer) },
    ] as const;
    const { model } = await headsOf(smallGguf({ extra }));
    expect(ggufConfig(model).shape.ropeFactors).toEqual([...factors]);
  });

  it('reads the sliding window of Phi-3, and of nothing that never had one', async () => {
    const windowOf = async (architecture: 'phi3' | 'llama', size: number): Promise<number | undefined> => {
      const metadata = { [`${architecture}.attention.sliding_window`]: size };
      const { model } = await headsOf(smallGguf({ architecture, metadata }));
      return ggufConfig(model).shape.slidingWindow;
    };
    expect(await windowOf('phi3', 2047)).toBe(2047);
    expect(await windowOf('phi3', 0)).toBeUndefined();
    expect(await windowOf('llama', 2047)).toBeUndefined();
  });

  it('names the parts of a split model', () => {
    expect(partNames('a.gguf')).toEqual(['a.gguf']);
    expect(partNames('m-00002-of-00003.gguf')).toEqual([1, 2, 3].map((n) => `m-0000${n}-of-00003.gguf`));
    expect(() => partNames('m-00001-of-99999.gguf')).toThrow(/parts/);
  });

  it.each([
    [
      'another architecture',
      { metadata: { 'general.architecture': 'mamba' } },
      'model/unsupported-arch',
      /mamba/,
    ],
    [
      'eyes without a model',
      { metadata: { 'general.architecture': 'clip' } },
      'model/unsupported-arch',
      /mmproj.*together with the file of the model/,
    ],
    ['experts', { metadata: { 'llama.expert_count': 8 } }, 'model/unsupported-arch', /experts/],
    ['scaling', { metadata: { 'llama.rope.scaling.type': 'yarn' } }, 'model/unsupported-arch', /yarn/],
    ['no heads', { metadata: { 'llama.attention.head_count': 0 } }, 'model/bad-gguf', /head_count/],
    [
      'wild sizes',
      { metadata: { 'llama.embedding_length': 1_000_000 } },
      'model/bad-gguf',
      /embedding_length/,
    ],
    [
      'no template',
      { metadata: { 'tokenizer.chat_template': '{{ "x" }}' } },
      'model/unsupported-arch',
      /leaves messages out/,
    ],
    [
      'endless templates',
      { metadata: { 'tokenizer.chat_template': '{% for' } },
      'model/unsupported-arch',
      /read/,
    ],
  ] as const)('is refused by name: %s', async (_, change, code, words) => {
    const { model } = await headsOf(smallGguf(change));
    const wrong = (): unknown => ggufConfig(model);
    expect(wrong).toThrow(expect.objectContaining({ code }));
    expect(wrong).toThrow(words);
  });

  it('is refused for a type of tensor that is not read, by name', async () => {
    const file = smallGguf();
    // The type of the first tensor, after its name, its number of dimensions and both.
    const at = Buffer.from(file).indexOf('token_embd.weight') + 17 + 4 + 16;
    file[at] = 10;
    await expect(headsOf(file)).rejects.toThrow(/Q2_K/);
  });
});

const smol = new URL('../../../public/models/SmolLM2-135M-Instruct.Q4_1.gguf', import.meta.url);
describe.skipIf(!existsSync(smol))('SmolLM2-135M', () => {
  it('is what its card says', async () => {
    const file = openSync(smol, 'r');
    let readBytes = 0;
    const { model, text } = await readHeads('SmolLM2-135M-Instruct.Q4_1.gguf', () =>
      Promise.resolve({
        nbytes: fstatSync(file).size,
        read: (from, to) => {
          const into = new Uint8Array(to - from);
          readBytes += readSync(file, into, 0, to - from, from);
          return Promise.resolve(into);
        },
      }),
    );
    expect(readBytes).toBeLessThan(4 * 2 ** 20);
    expect(text.length).toBeLessThan(4 * 2 ** 20);
    const { shape, template, contextWindow } = ggufConfig(model);
    expect(shape).toMatchObject({
      layers: 30,
      hidden: 576,
      heads: 9,
      kvHeads: 3,
      headDim: 64,
      vocab: 49152,
      tied: true,
    });
    expect(contextWindow).toBe(8192);
    expect(template.systemMessage).toBe(
      'You are a helpful AI assistant named SmolLM, trained by Hugging Face',
    );
    expect(template.systemMessage).toBeDefined();
  });
});
