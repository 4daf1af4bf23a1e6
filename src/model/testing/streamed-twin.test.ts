// Three readings of the same model must come to the same numbers: streamed, at once, and the one that shares no code.
import { describe, expect, it } from 'vitest';
import { multiplyPool } from '../../../bench/full/multiply-pool';
import type { ModelShape } from '../../formats/model-config';
import { matmulTwin } from '../../reference/blocks';
import { matmulQ4Twin } from '../../reference/matmul_q4';
import { Phi3Twin } from '../../reference/phi3';
import { streamedTwin, type Multiply } from './streamed-twin';
import { largestDifference } from './load';
import { syntheticTensors } from './synthetic';
import { modelTwin } from './twin';
import { wholeModel, wholeModels } from './whole-models';

const base: ModelShape = {
  layers: 2,
  hidden: 128,
  intermediate: 160,
  heads: 4,
  kvHeads: 2,
  headDim: 32,
  rotaryDim: 32,
  vocab: 97,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  longRope: undefined,
  tied: false,
  quantization: 'q4f16_1',
};
const tokenIds = [3, 96, 0, 41, 3, 17];
const plain: Multiply = (x, M, matrix) =>
  Promise.resolve(
    'weights' in matrix ? matmulTwin(x, M, matrix.weights, matrix.cols) : matmulQ4Twin(x, M, matrix),
  );

describe('streamedTwin', () => {
  it.each<[string, ModelShape]>([
    ['f16 scales', base],
    ['bf16 scales, tied', { ...base, tied: true, quantization: 'q4f32_1' }],
  ])('gives the logits of the twin that holds everything: %s', async (_name, shape) => {
    const expected = new Phi3Twin(
      shape,
      new Map([...syntheticTensors(shape, 5)].map((tensor) => [tensor.record.name, tensor])),
    ).logits(tokenIds, 0);
    const pool = multiplyPool(2);
    for (const multiply of [plain, pool.multiply]) {
      const actual = await streamedTwin(shape, syntheticTensors(shape, 5), {
        tokenIds,
        firstRow: 4,
        multiply,
      });
      expect(actual).toHaveLength(2 * shape.vocab);
      const wanted = expected.subarray(4 * shape.vocab);
      const worst = actual.reduce((max, x, i) => Math.max(max, Math.abs(x - (wanted[i] ?? NaN))), 0);
      // cos and sin are rounded to f32 in one of them.
      expect(worst).toBeLessThan(1e-6);
    }
    await pool.close();
  });

  it.each(wholeModels)('gives the logits of the twin of whole models: %s', async (name) => {
    const { shape, tensors, ids } = await wholeModel(name);
    const tokens = ids.slice(0, 12);
    const pool = multiplyPool(2);
    const options = { tokenIds: tokens, firstRow: 0, multiply: pool.multiply };
    const actual = await streamedTwin(shape, tensors, options);
    await pool.close();
    // Keys and values are kept as f32 in one of them.
    expect(largestDifference(actual, modelTwin(shape, tensors, tokens))).toBeLessThan(1e-5);
  });

  it('names a tensor that never comes', async () => {
    const some = [...syntheticTensors(base, 5)].filter(({ record }) => !record.name.includes('h.1.mlp.down'));
    await expect(streamedTwin(base, some, { tokenIds, firstRow: 0, multiply: plain })).rejects.toThrow(
      'transformer.h.1.mlp.down_proj.q_weight',
    );
  });
});
