// What tests of whole models share: small shapes, a model of seeded weights, and how far two sets of numbers differ.
import type { ModelShape } from '../../formats/model-config';
import type { Gpu } from '../../gpu/gpu';
import type { SamplerSettings } from '../../sampling/sampler';
import { DecoderModel } from '../decoder-model';
import type { DecoderOptions } from '../decoder-parts';
import { syntheticTensors } from './synthetic';

/** Phi-3's head size and two layers, otherwise as small as its kernels allow. */
export const smallShape: ModelShape = {
  layers: 2,
  hidden: 128,
  intermediate: 224,
  heads: 4,
  kvHeads: 4,
  headDim: 96,
  rotaryDim: 96,
  vocab: 301,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  longRope: undefined,
  tied: false,
  quantization: 'q4f16_1',
};

/** For what has nothing to do with sizes. */
export const leastShape: ModelShape = {
  ...smallShape,
  hidden: 64,
  intermediate: 96,
  heads: 2,
  kvHeads: 2,
  headDim: 32,
  rotaryDim: 32,
  vocab: 128,
};

export const greedy: SamplerSettings = { temperature: 0, topP: 1, repetitionPenalty: 1, seed: 1 };

/** A model of `syntheticTensors(shape, seed)`, ready to run. */
export async function loadSynthetic(
  gpu: Gpu,
  shape: ModelShape,
  options: DecoderOptions,
  seed = 11,
): Promise<DecoderModel> {
  const model = await DecoderModel.create(gpu, shape, options);
  for (const { record, bytes } of syntheticTensors(shape, seed)) model.upload(record, bytes);
  await model.ready();
  return model;
}

/** Token ids without a pattern that a model could have learnt. */
export const tokenIds = (count: number, step = 37, vocab = smallShape.vocab): number[] =>
  Array.from({ length: count }, (_, i) => (i * step + 5) % vocab);

/** Infinity where the lengths differ, NaN where a number is none. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}
