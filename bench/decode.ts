// The WGSL engine on synthetic weights: what a decode token asks of WebGPU, and how long tokens and prompts take where
// that means something. Loaded by scripts/bench-decode.mjs; figures of software adapters are correctness, never speed.
import type { KvFormat } from '../src/base/kv-format';
import type { GgufType } from '../src/formats/gguf/types';
import type { ModelShape } from '../src/formats/model-config';
import type { Gpu } from '../src/gpu/gpu';
import { tunedKernels, tuningNames } from '../src/model/tuning/tuning';
import { DecoderModel } from '../src/model/decoder-model';
import type { KernelReport } from '../src/model/tuning/tune';
import { weightBytesPerToken } from '../src/formats/decoder-tensors';
import { syntheticTensors } from '../src/model/testing/synthetic';
import { samplerWords } from '../src/sampling/sampler';
import { measureBandwidth } from '../src/engines/bandwidth';
import { prefillRows } from '../src/engines/wgsl/sizes';
import { countCalls, perStep, type Counts } from './count-calls';

/** `q4_k_m`: blocks of 4, 5 and 6 bits, mixed as llama.cpp mixes them in the files that people have. */
type BenchFormat = 'q4f16_1' | 'q4_k_m';

export interface DecodeBenchOptions {
  readonly model: string;
  /** How its weights are kept; MLC's `q4f16_1` without it. */
  readonly format?: BenchFormat;
  readonly layers?: number;
  /** Positions in the cache when timing starts, of each timing; the first is that of the counts. */
  readonly contexts: readonly number[];
  /** Lengths of the prompts to time: by default the usual ones on a GPU, none on a software adapter. */
  readonly prompts?: readonly number[];
  /** The engine's own without it. */
  readonly kvFormat?: KvFormat;
  readonly countsOnly: boolean;
  /** Every way of every kernel timed at length, ways with x in 8 bits too. */
  readonly sweep: boolean;
  /** Of a sweep: these kernels only. */
  readonly kernels?: readonly string[];
}

export interface DecodeFigures {
  readonly context: number;
  readonly msPerToken: number;
  readonly bytesPerToken: number;
  readonly roofFraction: number;
}

export interface PrefillFigures {
  readonly tokens: number;
  /** Until the last token's logits are on the processor; the middle of a few times. */
  readonly ms: number;
  readonly tokensPerSecond: number;
  /** Two for each product of the layers' matrices; attention is not counted. */
  readonly flopsPerSecond: number;
}

/** The fields of one context are those of the first; `decode` has all. */
export interface DecodeBenchResult {
  readonly model: string;
  readonly format: BenchFormat;
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
  readonly decode: readonly DecodeFigures[];
  readonly prefill: readonly PrefillFigures[];
  /** What checking a guess of seven ids costs, in decode steps; null where it was not measured. */
  readonly passCost: number | null;
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

/**
 * As llama.cpp's quantiser chooses for Phi-3's fused matrices: half of the layers have their last matrix in 6 bits, the
 * first and last eighth and every third between. With all layers it is Microsoft's own file to the megabyte.
 */
export function mixedBlocks(shape: ModelShape, fullLayers: number): ModelShape {
  const eighth = fullLayers / 8;
  const hasMoreBits = (layer: number): boolean =>
    layer < eighth || layer >= 7 * eighth || (layer - eighth) % 3 === 2;
  const types: Record<string, GgufType> = {
    'token_embd.weight': 'q4_k',
    'output.weight': 'q6_k',
    'output_norm.weight': 'f32',
  };
  for (let i = 0; i < shape.layers; i++) {
    types[`blk.${i}.attn_norm.weight`] = 'f32';
    types[`blk.${i}.ffn_norm.weight`] = 'f32';
    types[`blk.${i}.attn_qkv.weight`] = 'q5_k';
    types[`blk.${i}.attn_output.weight`] = 'q4_k';
    types[`blk.${i}.ffn_up.weight`] = 'q4_k';
    types[`blk.${i}.ffn_down.weight`] = hasMoreBits(i) ? 'q6_k' : 'q4_k';
  }
  return { ...shape, architecture: 'phi3', quantization: 'gguf', types };
}

const warmSteps = 3;
const countedSteps = 2;
const timedSteps = 64;
const usualPrompts = [35, 512, 1024];
const timedPrompts = 3;

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
  const { format = 'q4f16_1' } = options;
  const own = { ...full, layers: options.layers ?? full.layers };
  const shape = format === 'q4_k_m' ? mixedBlocks(own, full.layers) : own;
  const gpu = await open();
  const timed = !options.countsOnly;
  // Counting needs no past: the plan is the same at every position.
  const contexts = timed ? options.contexts.map((context) => Math.max(1, context)) : [1];
  const [past = 1] = contexts;
  const prompts = timed ? (options.prompts ?? (gpu.info.fallback ? [] : usualPrompts)) : [];
  const contextWindow = Math.max(...contexts, ...prompts) + timedSteps;
  const model = await DecoderModel.create(gpu, shape, {
    contextWindow,
    // A sweep has the tiles of long chunks in it.
    prefillChunk: prefillRows(gpu.info.fallback && !options.sweep),
    // All at once, so that a sweep finds as many positions as it is to time.
    kvPage: contextWindow,
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
  const tunes = timed && !gpu.info.fallback;
  if (tunes) tuningMs = (await model.tune()).elapsedMs;
  if (tunes) await model.measurePass();
  const prompt = Array.from({ length: contextWindow }, (_, i) => i % shape.vocab);
  const greedy = samplerWords({ temperature: 0, topP: 1, repetitionPenalty: 1, seed: 1 });
  await model.prefill(prompt.slice(0, past), 0);
  // Without a history nothing is guessed: a token at a time, whatever the text repeats.
  const steps = async (position: number, count: number): Promise<void> => {
    // Over the same positions again: only the last token's logits have to be made anew.
    await model.prefill([position - 1], position - 1);
    for await (const id of model.generate(greedy, position, count)) void id;
  };
  // Plans are made when they are first needed.
  await steps(past, warmSteps);
  // What a run costs once (its first token, its position) is no token's cost: the difference of two runs.
  const short = await countCalls(() => steps(past, warmSteps));
  const long = await countCalls(() => steps(past, warmSteps + countedSteps));
  const counts = perStep(short, long, countedSteps);
  const bandwidth = timed ? (await measureBandwidth(gpu)).bytesPerSecond : null;
  const bytesAt = (context: number): number =>
    weightBytesPerToken(shape) + context * model.kvLayout.layers * model.kvLayout.rowBytes;

  const decode: DecodeFigures[] = [];
  for (const context of bandwidth === null ? [] : contexts) {
    await model.prefill(prompt.slice(0, context), 0);
    await steps(context, warmSteps);
    await model.prefill([context - 1], context - 1);
    let first = 0;
    let last = 0;
    for await (const id of model.generate(greedy, context, timedSteps)) {
      last = performance.now();
      // The first is drawn from the prefill's logits.
      if (id >= 0) first ||= last;
    }
    const msPerToken = (last - first) / (timedSteps - 1);
    const bytesPerToken = bytesAt(context);
    const roofFraction = bytesPerToken / (msPerToken / 1000) / (bandwidth ?? NaN);
    decode.push({ context, msPerToken, bytesPerToken, roofFraction });
  }

  const prefill: PrefillFigures[] = [];
  for (const tokens of prompts) {
    const times: number[] = [];
    // The first makes the plans, and lets the pace of submits be found.
    for (let round = -1; round < timedPrompts; round++) {
      const start = performance.now();
      await model.prefill(prompt.slice(0, tokens), 0);
      await model.logits();
      if (round >= 0) times.push(performance.now() - start);
    }
    const ms = times.sort((a, b) => a - b)[Math.floor(timedPrompts / 2)] ?? NaN;
    const perSecond = (tokens * 1000) / ms;
    prefill.push({
      tokens,
      ms,
      tokensPerSecond: perSecond,
      flopsPerSecond: 2 * layerProducts(shape) * perSecond,
    });
  }
  const result = {
    model: options.model,
    format,
    adapter: `${gpu.info.vendor} ${gpu.info.description}`,
    layers: shape.layers,
    context: past,
    kvFormat: model.kvLayout.format,
    kernels: tuningNames(model.tuning),
    tuningMs,
    counts,
    msPerToken: decode[0]?.msPerToken ?? null,
    bytesPerToken: bytesAt(past),
    measuredBandwidth: bandwidth,
    roofFraction: decode[0]?.roofFraction ?? null,
    decode,
    prefill,
    passCost: tunes ? model.passCost : null,
    ...(sweep && { sweep }),
  };
  model.dispose();
  gpu.dispose();
  return result;
}

/** Of one token with the matrices of all layers. */
function layerProducts({ layers, hidden, intermediate, heads, kvHeads, headDim }: ModelShape): number {
  return layers * hidden * (2 * (heads + kvHeads) * headDim + 3 * intermediate);
}
