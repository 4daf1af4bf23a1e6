// What is counted of a model's files: held to the files themselves, of every architecture and mix.
import { expect, test } from 'vitest';
import { parameterCount, weightBytesPerToken } from './decoder-tensors';
import { manifestOf, readHeads } from './gguf/model-file';
import { ggufShape } from './gguf/shape';
import { smallGguf, type SmallModel } from './gguf/testing/small-model';
import type { BlockType } from './gguf/types';
import { shapeFacts } from './model-facts';
import { parseManifest } from './mlc/parse-manifest';

/** As Q4_K_M mixes them. */
const mixed = (name: string): BlockType =>
  ({ ffn_down: 'q6_k', output: 'q6_k', attn_v: 'q6_k', token_embd: 'q4_k' } as const)[name] ?? 'q4_k';
const wide = { hidden: 256, intermediate: 512, heads: 4, type: mixed } as const;

test.each<[string, SmallModel]>([
  ['llama, tied, in Q4_1', {}],
  ['llama, untied, in Q4_K_M', { ...wide, tied: false }],
  ['qwen2 with biases, tied, in Q4_K_M', { ...wide, architecture: 'qwen2' }],
  ['phi3, untied, in Q4_K_M', { ...wide, architecture: 'phi3', tied: false }],
])('%s: a token reads all of it but a table of which it reads a row', async (_, model) => {
  const file = smallGguf(model);
  const read = (from: number, to: number) => Promise.resolve(file.slice(from, to));
  const { model: heads } = await readHeads('a.gguf', () =>
    Promise.resolve({ nbytes: file.byteLength, read }),
  );
  const shape = ggufShape(heads);
  const records = parseManifest(manifestOf(heads), 'a.gguf').shards.flatMap((shard) => shard.records);
  const bytes = records.reduce((sum, { nbytes }) => sum + nbytes, 0);
  const table = records.find(({ name }) => name === 'token_embd.weight');
  expect(weightBytesPerToken(shape)).toBe(bytes - (model.tied === false ? (table?.nbytes ?? NaN) : 0));
  const weights = records.reduce((sum, { shape: sizes }) => sum + sizes.reduce((a, b) => a * b, 1), 0);
  expect(parameterCount(shape)).toBe(weights);
  expect(shapeFacts(shape).weightBytes).toBe(bytes);
});
