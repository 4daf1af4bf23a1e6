// The embedded model as a GGUF file: the same numbers, the same ids, read back by our own reader.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Tokenizer } from '../../tokenizer/tokenizer';
import { modelTensors } from '../decoder-tensors';
import { decodeFloats, decodeWords, dequantizeRow } from '../mlc/quant';
import { parseConfig } from '../mlc/parse-config';
import { parseManifest } from '../mlc/parse-manifest';
import { dequantizeBlocks } from './dequantize';
import { ggufFromMlc } from './from-mlc';
import { Metadata } from './metadata';
import { readHeads } from './model-file';
import { ggufShape } from './shape';
import { tokenizerJson } from './tokenizer-json';

const folder = new URL('../../../public/models/phield-tiny/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const config = parseConfig(text('mlc-chat-config.json'));
const manifest = parseManifest(text('tensor-cache.json'), 'tensor-cache.json');

const records = new Map(
  manifest.shards.flatMap(({ dataPath, records: inShard }) => {
    const bytes = new Uint8Array(readFileSync(new URL(dataPath, folder)));
    return inShard.map((record) => {
      const { byteOffset, nbytes } = record;
      return [record.name, { record, bytes: bytes.subarray(byteOffset, byteOffset + nbytes) }] as const;
    });
  }),
);
const tensor = (name: string) => {
  const found = records.get(name);
  if (!found) throw new Error(`No ${name}`);
  return found;
};
const file = ggufFromMlc(config, text('tokenizer.json'), (name) => tensor(name).bytes);
const { model } = await readHeads('tiny.gguf', () =>
  Promise.resolve({
    nbytes: file.byteLength,
    read: (from: number, to: number) => Promise.resolve(file.slice(from, to)),
  }),
);

test('has the shape that the folder says', () => {
  const { slidingWindow: _window, quantization: _kind, ...shape } = config.shape;
  const found = ggufShape(model);
  expect(found).toMatchObject({ ...shape, architecture: 'phi3', rmsNormEps: Math.fround(shape.rmsNormEps) });
});

test('every matrix dequantises to the very numbers of the folder', () => {
  const tensors = modelTensors(config.shape);
  const last = tensors.layers.at(-1);
  if (!last) throw new Error('No layers');
  const pairs = [
    ['token_embd.weight', tensors.embedding],
    [`blk.${tensors.layers.length - 1}.attn_qkv.weight`, last.qkv],
    [`blk.${tensors.layers.length - 1}.ffn_down.weight`, last.down],
    ['output.weight', tensors.lmHead],
  ] as const;
  for (const [name, { name: from, rows, cols }] of pairs) {
    const { type, byteOffset, nbytes } = model.tensors.get(name) ?? {
      type: 'q4_0',
      byteOffset: 0,
      nbytes: 0,
    };
    const found = dequantizeBlocks(type, file.subarray(byteOffset, byteOffset + nbytes));
    const words = decodeWords(tensor(`${from}.q_weight`).bytes);
    const scaleTensor = tensor(`${from}.q_scale`);
    const scales = decodeFloats(scaleTensor.record, scaleTensor.bytes);
    const row = new Float32Array(cols);
    for (const index of [0, 1, rows - 1]) {
      dequantizeRow(words, scales, cols, index, row);
      const there = found.subarray(index * cols, (index + 1) * cols);
      // 0 and -0 are one number.
      expect(
        Array.from(there, (value) => value + 0),
        `${name} row ${index}`,
      ).toEqual(Array.from(row, (value) => value + 0));
    }
  }
});

test('tokenises as the folder does', () => {
  const theirs = Tokenizer.parse(text('tokenizer.json'));
  const ours = Tokenizer.parse(tokenizerJson(new Metadata(model.metadata)));
  for (const said of [
    'hello',
    '  What is  17 + 25?\n\nTell me a story about a fox. ',
    'Ünïcödé 🦊 日本語',
    '<|user|>\nWho are you?<|end|>\n<|assistant|>\n',
  ])
    expect(ours.encode(said), said).toEqual(theirs.encode(said));
});

test('what it cannot write it refuses', () => {
  const shape = { ...config.shape, quantization: 'q4f32_1' as const };
  expect(() => ggufFromMlc({ ...config, shape }, '{}', (name) => tensor(name).bytes)).toThrow(
    expect.objectContaining({ code: 'model/unsupported-arch' }) as Error,
  );
});
