// Whether our kernels compute on this adapter what they should: a small fixed model, its logits against stored
// ones. Drivers miscompile; a wrong answer that reads well would go unnoticed, so this runs before the engine is
// trusted with a model that another engine could run.
import { numberToF16 } from '../base/float16';
import { prng } from '../base/prng';
import type { TensorRecord } from '../formats/mlc/manifest';
import type { ModelShape } from '../formats/model-config';
import { tensorSpecs, type TensorSpec } from '../formats/decoder-tensors';
import { openGpu, type Gpu } from '../gpu/gpu';
import { DecoderModel } from '../model/decoder-model';
import type { NumericsReport } from '../protocol/models';
import golden from './numerics-golden.json';

/** Two layers with Phi-3's head size and grouped heads: every kernel runs, in some hundred kilobytes. */
export const goldenShape: ModelShape = {
  layers: 2,
  hidden: 192,
  intermediate: 256,
  heads: 4,
  kvHeads: 2,
  headDim: 96,
  rotaryDim: 96,
  vocab: 320,
  rmsNormEps: 1e-5,
  ropeTheta: 10_000,
  longRope: undefined,
  tied: false,
  quantization: 'q4f16_1',
};
/** The last is decoded by itself, so that both the prefill and the decode kernels are checked. */
export const goldenTokens = [1, 17, 319, 42, 42, 250, 7, 128, 64, 3, 201, 99];
/** Looser than f32 needs and far below what one wrong kernel gives: see numerics.gpu.test.ts. */
export const tolerance = 1e-5;

export interface GoldenTensor {
  readonly record: TensorRecord;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The model's tensors: the same bytes on every machine. */
export function* goldenTensors(): Generator<GoldenTensor> {
  let seed = 20_240_423;
  for (const tensor of tensorSpecs(goldenShape)) {
    const bytes = fill(tensor, prng(seed++));
    const { name, shape, dtype } = tensor;
    const record: TensorRecord = {
      name,
      shape,
      dtype,
      format: 'raw',
      nbytes: bytes.byteLength,
      byteOffset: 0,
    };
    yield { record, bytes };
  }
}

function fill({ name, shape, dtype }: TensorSpec, random: () => number): Uint8Array<ArrayBuffer> {
  const count = shape.reduce((a, b) => a * b, 1);
  if (dtype === 'uint32') {
    return new Uint8Array(Uint32Array.from({ length: count }, () => random() * 2 ** 32).buffer);
  }
  // Scales that keep a row's output near the size of its input; norms near 1.
  const middle = name.endsWith('q_scale') ? 1 / (4.6 * Math.sqrt((shape[1] ?? 1) * 32)) : 1;
  return new Uint8Array(
    Uint16Array.from({ length: count }, () => numberToF16(middle * (0.6 + 0.8 * random()))).buffer,
  );
}

/**
 * @throws AppError the gpu codes: an adapter that cannot even run the check is not one whose numbers are wrong.
 */
export async function checkNumerics(
  open: () => Promise<Gpu> = () => openGpu(),
  tensors: Iterable<GoldenTensor> = goldenTensors(),
): Promise<NumericsReport> {
  const startMs = performance.now();
  const gpu = await open();
  try {
    const model = await DecoderModel.create(gpu, goldenShape, { contextWindow: 32, prefillChunk: 8 });
    try {
      for (const { record, bytes } of tensors) model.upload(record, bytes);
      await model.ready();
      const last = goldenTokens.length - 1;
      await model.prefill(goldenTokens.slice(0, last), 0);
      const prefilled = await model.logits();
      const decoded = await model.decode(goldenTokens[last] ?? 0, last);
      const nmse = Math.max(errorOf(prefilled, golden.prefilled), errorOf(decoded, golden.decoded));
      // Written so that NaN fails.
      return { ok: nmse <= tolerance, nmse, tolerance, elapsedMs: performance.now() - startMs };
    } finally {
      model.dispose();
    }
  } finally {
    gpu.dispose();
  }
}

/** Mean squared error over mean square; Infinity for anything that is not a number. */
export function errorOf(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let error = 0;
  let power = 0;
  for (let i = 0; i < expected.length; i++) {
    const [got, want] = [actual[i] ?? NaN, expected[i] ?? NaN];
    if (!Number.isFinite(got)) return Infinity;
    error += (got - want) ** 2;
    power += want ** 2;
  }
  return actual.length === expected.length ? error / power : Infinity;
}
