// One decode token of the WGSL engine on synthetic weights: what it asks of WebGPU, and how long it takes where that
// means something. Loaded by scripts/bench-decode.mjs; figures of software adapters are correctness, never speed.
import type { KvFormat } from '../src/base/kv-format';
import type { ModelShape } from '../src/formats/model-config';
import type { Gpu } from '../src/gpu/gpu';
import { tunedKernels, tuningNames } from '../src/model/tuning';
import { Phi3Model } from '../src/model/phi3-model';
import type { KernelReport } from '../src/model/tune';
import { weightBytesPerToken } from '../src/model/tensors';
import { syntheticTensors } from '../src/model/testing/synthetic';
import { samplerWords } from '../src/sampling/sampler';
import { measureBandwidth } from '../src/engines/bandwidth';
import { prefillRows } from '../src/engines/wgsl/sizes';
import { countCalls, perStep, type Counts } from './count-calls';

export interface DecodeBenchOptions {
  readonly model: string;
  readonly layers?: number;
  /** Positions in the cache when timing starts. */
  readonly context: number;
  /** The engine's own without it. */
  readonly kvFormat?: KvFormat;
  readonly countsOnly: boolean;
  /** Every way of every kernel timed at length, ways with x in 8 bits too. */
  readonly sweep: boolean;
  /** Of a sweep: these kernels only. */
  readonly kernels?: readonly string[];
}

export interface DecodeBenchResult {
  readonly model: string;
  readonly adapter: string;
  readonly layers: number;
  readonly context: number;
  readonly kvFormat: KvFormat;
  /** How each kernel was run. */
  readonly kernels: Readonly<Record<string, string>>;
  /** What finding that out took; null where nothing was timed. */
  readonly tuningMs: number | null;
  /** Per decode token. */
  readonly counts: Counts;
  readonly msPerToken: number | null;
  readonly bytesPerToken: number;
  readonly measuredBandwidth: number | null;
  readonly roofFraction: number | null;
  readonly sweep?: readonly KernelReport[];
}

export const shapes: Record<string, ModelShape> = {
  'phi-3-mini': {
    layers: 32,
    hidden: 3072,
    intermediate: 8192,
    heads: 32,
    kvHeads: 32,
    headDim: 96,
    rotaryDim: 96,
    vocab: 32064,
    rmsNormEps: 1e-5,
    ropeTheta: 10000,
    longRope: undefined,
    tied: false,
    quantization: 'q4f16_1',
  },
};

const warmSteps = 3;
const countedSteps = 2;
const timedSteps = 64;

const sweepBudgetMs = 120_000;

/** @throws Error for a model without a shape here; AppError as opening and allocating do. */
export async function benchDecode(
  options: DecodeBenchOptions,
  open: () => Promise<Gpu>,
): Promise<DecodeBenchResult> {
  const full = shapes[options.model];
  if (!full) throw new Error(`Unknown model ${options.model}; known: ${Object.keys(shapes).join(', ')}`);
  const unknown = options.kernels?.find((name) => !tunedKernels.some((kernel) => kernel === name));
  if (unknown !== undefined) throw new Error(`Unknown kernel ${unknown}; known: ${tunedKernels.join(', ')}`);
  const shape = { ...full, layers: options.layers ?? full.layers };
  const gpu = await open();
  // Counting needs no past: the plan is the same at every position.
  const past = options.countsOnly ? 1 : Math.max(1, options.context);
  const contextWindow = past + timedSteps;
  const model = await Phi3Model.create(gpu, shape, {
    contextWindow,
    // A sweep has the tiles of long chunks in it.
    prefillChunk: prefillRows(gpu.info.fallback && !options.sweep),
    // All at once, so that a sweep finds as many positions as it is to time.
    kvPage: contextWindow,
    // A token at a time, whatever the text repeats.
    speculation: 'off',
    ...(options.kvFormat && { kvFormat: options.kvFormat }),
  });
  for (const { record, bytes } of syntheticTensors(shape, 1)) model.upload(record, bytes);
  await model.ready();
  let sweep: readonly KernelReport[] | undefined;
  if (options.sweep) {
    // What is wanted is figures: compilers take their time before the clock starts.
    const { kernels } = options;
    const settings = {
      budgetMs: sweepBudgetMs,
      int8: true,
      attended: past,
      apply: false,
      ...(kernels && { kernels: tunedKernels.filter((kernel) => kernels.includes(kernel)) }),
    };
    await model.prepareTuning(settings);
    sweep = (await model.tune(settings)).kernels;
  }
  let tuningMs: number | null = null;
  // As the app does: never on a software adapter, whose one good way is known.
  if (!gpu.info.fallback && !options.countsOnly) tuningMs = (await model.tune()).elapsedMs;
  const prompt = Array.from({ length: past }, (_, i) => i % shape.vocab);
  const greedy = samplerWords({ temperature: 0, topP: 1, repetitionPenalty: 1, seed: 1 });
  await model.prefill(prompt, 0);
  const steps = async (position: number, count: number): Promise<void> => {
    // Over the same positions again: only the last token's logits have to be made anew.
    await model.prefill(prompt.slice(-1), position - 1);
    for await (const id of model.generate(greedy, position, count)) void id;
  };
  // Plans are made when they are first needed.
  await steps(past, warmSteps);
  // What a run costs once (its first token, its position) is no token's cost: the difference of two runs.
  const short = await countCalls(() => steps(past, warmSteps));
  const long = await countCalls(() => steps(past, warmSteps + countedSteps));
  const counts = perStep(short, long, countedSteps);
  const bytesPerToken = weightBytesPerToken(shape) + past * model.kvLayout.layers * model.kvLayout.rowBytes;
  let msPerToken: number | null = null;
  let bandwidth: number | null = null;
  if (!options.countsOnly) {
    await model.prefill(prompt.slice(-1), past - 1);
    let first = 0;
    let last = 0;
    for await (const id of model.generate(greedy, past, timedSteps)) {
      last = performance.now();
      // The first is drawn from the prefill's logits.
      if (id >= 0) first ||= last;
    }
    msPerToken = (last - first) / (timedSteps - 1);
    bandwidth = (await measureBandwidth(gpu)).bytesPerSecond;
  }
  const result = {
    model: options.model,
    adapter: `${gpu.info.vendor} ${gpu.info.description}`,
    layers: shape.layers,
    context: past,
    kvFormat: model.kvLayout.format,
    kernels: tuningNames(model.tuning),
    tuningMs,
    counts,
    msPerToken,
    bytesPerToken,
    measuredBandwidth: bandwidth,
    roofFraction: msPerToken && bandwidth ? bytesPerToken / (msPerToken / 1000) / bandwidth : null,
    ...(sweep && { sweep }),
  };
  model.dispose();
  gpu.dispose();
  return result;
}
