// The engine at a model's full size against the f64 twin: a prefill and teacher-forced decode steps over synthetic
// weights, every logit compared. Loaded by scripts/check-full.mjs; says what is right, never how fast.
import { availableParallelism } from 'node:os';
import type { KvFormat } from '../../src/base/kv-format';
import { openNodeGpu, withGpuKernels } from '../../src/gpu/testing/node-gpu';
import { DecoderModel } from '../../src/model/decoder-model';
import { streamedTwin } from '../../src/model/testing/streamed-twin';
import { syntheticTensors, type SyntheticTensor } from '../../src/model/testing/synthetic';
import { prng } from '../../src/base/prng';
import { mixedBlocks, shapes } from '../decode';
import { multiplyPool } from './multiply-pool';

export interface FullCheckOptions {
  readonly model: string;
  /** How its weights are kept; MLC's `q4f16_1` without it. */
  readonly format?: 'q4f16_1' | 'q4_k_m';
  readonly layers?: number;
  readonly seed: number;
  /** The engine's own without it. */
  readonly kvFormat?: KvFormat;
  readonly log: (line: string) => void;
}

export interface StepCheck {
  readonly step: string;
  /** Largest difference of a logit from the twin's, and the largest logit itself. */
  readonly maxAbs: number;
  readonly largest: number;
  /** Root of the summed squares of the differences, over that of the logits. */
  readonly relative: number;
  /** Of the twin's best logit over its second. */
  readonly gap: number;
  readonly top1: boolean;
}

export interface FullCheckResult {
  readonly model: string;
  readonly format: string;
  readonly adapter: string;
  readonly layers: number;
  readonly kvFormat: KvFormat;
  readonly seed: number;
  readonly weightBytes: number;
  readonly steps: readonly StepCheck[];
  readonly pass: boolean;
}

const promptTokens = 8;
const decodeSteps = 2;
/** A wrong kernel is off by a good part of 1; what rounding does over 32 layers is in docs/performance.md. */
const mostRelative: Record<KvFormat, number> = { f32: 1e-4, f16: 1e-2, int8: 5e-2 };

/** @throws Error for a model without a shape; AppError as opening and running do. */
export async function checkFull({
  model: name,
  format = 'q4f16_1',
  layers,
  seed,
  kvFormat,
  log,
}: FullCheckOptions): Promise<FullCheckResult> {
  const full = shapes[name];
  if (!full) throw new Error(`Unknown model ${name}; known: ${Object.keys(shapes).join(', ')}`);
  const own = { ...full, layers: layers ?? full.layers };
  const shape = format === 'q4_k_m' ? mixedBlocks(own, full.layers) : own;
  const random = prng(seed);
  const tokenIds = Array.from({ length: promptTokens + decodeSteps }, () =>
    Math.floor(random() * shape.vocab),
  );
  const since = clock();
  const gpu = await openNodeGpu();
  const model = await DecoderModel.create(withGpuKernels(gpu), shape, {
    contextWindow: 64,
    prefillChunk: promptTokens,
    ...(kvFormat && { kvFormat }),
  });
  let weightBytes = 0;
  const uploaded = function* (): Generator<SyntheticTensor> {
    for (const tensor of syntheticTensors(shape, seed)) {
      weightBytes += tensor.bytes.byteLength;
      model.upload(tensor.record, tensor.bytes);
      // What is written waits in memory of its own for a submit.
      gpu.device.queue.submit([]);
      yield tensor;
    }
  };
  // Weights are made once, for both: into GPU buffers, and through the twin a layer at a time.
  const pool = multiplyPool(availableParallelism());
  const firstRow = promptTokens - 1;
  const twin = await streamedTwin(shape, uploaded(), {
    tokenIds,
    firstRow,
    multiply: pool.multiply,
    onLayer: (layer) => log(`${since()} twin: layer ${layer + 1} of ${shape.layers}`),
  });
  await pool.close();
  await model.ready();
  const steps: StepCheck[] = [];
  const compare = (step: string, actual: Float32Array): void => {
    const at = steps.length * shape.vocab;
    const check = compareLogits(step, actual, twin.subarray(at, at + shape.vocab));
    log(`${since()} ${JSON.stringify(check)}`);
    steps.push(check);
  };
  log(`${since()} GPU: prefill`);
  await model.prefill(tokenIds.slice(0, promptTokens), 0);
  compare(`prefill of ${promptTokens}`, await model.logits());
  for (const [i, id] of tokenIds.slice(promptTokens).entries()) {
    compare(`decode ${i + 1}`, await model.decode(id, promptTokens + i));
  }
  const result = {
    model: name,
    format,
    adapter: `${gpu.info.vendor} ${gpu.info.description}`,
    layers: shape.layers,
    kvFormat: model.kvLayout.format,
    seed,
    weightBytes,
    steps,
    pass: steps.every(({ relative, top1 }) => top1 && relative < mostRelative[model.kvLayout.format]),
  };
  model.dispose();
  gpu.dispose();
  return result;
}

function compareLogits(step: string, actual: Float32Array, expected: Float64Array): StepCheck {
  let [maxAbs, largest, squares, total] = [0, 0, 0, 0];
  expected.forEach((logit, id) => {
    const off = Math.abs(logit - (actual[id] ?? NaN));
    // Also true of NaN, which then stays.
    if (!(off <= maxAbs)) maxAbs = off;
    largest = Math.max(largest, Math.abs(logit));
    squares += off * off;
    total += logit * logit;
  });
  const [best, second] = [...expected.keys()].sort((a, b) => (expected[b] ?? 0) - (expected[a] ?? 0));
  const chosen = actual.reduce((top, logit, id) => (logit > (actual[top] ?? NaN) ? id : top), 0);
  const gap = (expected[best ?? 0] ?? NaN) - (expected[second ?? 0] ?? NaN);
  return { step, maxAbs, largest, relative: Math.sqrt(squares / total), gap, top1: chosen === best };
}

function clock(): () => string {
  const start = performance.now();
  return () => `${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s`;
}
