// Finds the fastest way of each decode kernel for one model on one GPU: over its own weights, several layers of
// them so that caches do not hold what a real token would have to fetch, each way checked against the plainest one
// first. Timed by batches between submits, not by timestamp-query: asking for that feature slows some drivers down.
import { invariant } from '../base/errors';
import type { ModelShape } from '../formats/model-config';
import type { Gpu, GpuInfo } from '../gpu/gpu';
import { PlanBuilder, type Plan } from '../gpu/plan';
import { ReadbackRing } from '../gpu/readback';
import {
  gpuTuning,
  matvecName,
  matvecNmse,
  matvecObstacle,
  type MatvecInput,
  type MatvecTuning,
} from '../kernels/common/matvec';
import { contest, type Entry, type Prepared, type Result } from './contest';
import { tunedKernels, type DecodeTuning, type TunedKernel } from './decode-tuning';
import { addLogits, DecodeLayer } from './forward-decode';
import type { ModelMemory } from './memory';
import type { WeightMatrix, Weights } from './weights';

export interface TuneOptions {
  /** Of the whole, compiling included. */
  readonly budgetMs?: number;
  readonly now?: () => number;
  /** Whether ways may take part whose x has 8 bits: fast, and less accurate. */
  readonly int8?: boolean;
  /** Positions that decode attention has shared out when its combination is timed. */
  readonly attended?: number;
  /** False: what is found is reported and changes nothing. */
  readonly apply?: boolean;
  /** The ways to choose among; the first is the default. */
  readonly ways?: readonly MatvecTuning[];
}

export interface KernelReport {
  readonly kernel: TunedKernel;
  /** Read by one call. */
  readonly bytes: number;
  readonly winner: string;
  /** Milliseconds are per call. */
  readonly results: readonly Result[];
}

export interface TuneReport {
  readonly tuning: DecodeTuning;
  readonly kernels: readonly KernelReport[];
  readonly elapsedMs: number;
  /** Whether every kernel had its contest. Otherwise it is worth trying again next time. */
  readonly complete: boolean;
}

const defaultBudgetMs = 1500;
/** Weights that one round reads, so that no cache holds them from round to round. */
const workingSetBytes = 192 * 2 ** 20;
/** The plainest: no thread shares anything with another. */
const reference: MatvecTuning = { x: 'direct', lanes: 1, slots: 64, subgroup: 0 };
const usualAttended = 1024;

/** A handful: what each is good at differs with the number of rows and the width of the GPU. */
export function decodeWays(info: GpuInfo, int8 = false): readonly MatvecTuning[] {
  const subgroup = info.subgroupMin;
  const cut = (x: MatvecInput, lanes: number, slots: number): MatvecTuning => ({ x, lanes, slots, subgroup });
  const staged = (x: MatvecInput): MatvecTuning[] => [
    cut(x, 32, 8),
    cut(x, 16, 8),
    cut(x, 32, 4),
    cut(x, 64, 4),
  ];
  const ways = [
    gpuTuning,
    ...(subgroup > 0 ? [cut('direct', 32, 2), cut('direct', 32, 4)] : []),
    ...staged('f32'),
    ...staged('f16'),
    ...(int8 ? staged('i8') : []),
  ];
  return ways.filter((way) => matvecObstacle(way, info) === undefined);
}

/**
 * The memory's contents are lost: call before the model has run anything.
 * @param base what runs where a kernel's contest brings nothing.
 */
export async function tuneDecode(
  gpu: Gpu,
  shape: ModelShape,
  weights: Weights,
  memory: ModelMemory,
  base: DecodeTuning,
  options: TuneOptions = {},
): Promise<TuneReport> {
  const { budgetMs = defaultBudgetMs, now = () => performance.now() } = options;
  const ways = options.ways ?? decodeWays(gpu.info, options.int8);
  const start = now();
  const end = start + budgetMs;
  const found: Partial<Record<TunedKernel, MatvecTuning>> = {};
  const kernels: KernelReport[] = [];
  const bench = new KernelBench(gpu, shape, weights, memory, base, options.attended ?? usualAttended);
  try {
    for (const [i, kernel] of tunedKernels.entries()) {
      const left = end - now();
      if (left <= 0) break;
      await bench.begin(kernel);
      const { winner, results } = await contest(
        ways.map((way) => bench.entry(kernel, way)),
        { deadline: now() + left / (tunedKernels.length - i), now },
      );
      if (winner) found[kernel] = winner;
      kernels.push({
        kernel,
        bytes: bench.bytes(kernel),
        winner: matvecName(winner ?? base[kernel]),
        results,
      });
    }
  } finally {
    bench.dispose();
  }
  const complete = tunedKernels.every((kernel) => found[kernel] !== undefined);
  const tuning = options.apply === false ? base : { ...base, ...found };
  return { tuning, kernels, elapsedMs: now() - start, complete };
}

/** Begins to compile what a contest will need, so that compilers work while weights arrive. */
export function compileWays(
  gpu: Gpu,
  shape: ModelShape,
  weights: Weights,
  memory: ModelMemory,
  base: DecodeTuning,
): void {
  for (const way of [reference, ...decodeWays(gpu.info)]) {
    // Adding a call asks for its pipeline; one that does not compile is found out by the contest.
    const plan = new PlanBuilder(gpu, 'tuning/compile');
    for (const kernel of tunedKernels) addCall(plan, kernel, 0, way, { shape, weights, memory, base });
  }
}

interface Model {
  readonly shape: ModelShape;
  readonly weights: Weights;
  readonly memory: ModelMemory;
  readonly base: DecodeTuning;
}

function addCall(
  plan: PlanBuilder,
  kernel: TunedKernel,
  index: number,
  way: MatvecTuning,
  { shape, weights, memory, base }: Model,
): void {
  if (kernel === 'logits') return addLogits(plan, shape, weights, memory, way, 0);
  const layer = new DecodeLayer(plan, shape, weights, memory, index);
  if (kernel === 'out') layer.out(way, base.split);
  else layer[kernel](way);
}

/** Runs single kernels of a model over its own buffers. */
class KernelBench {
  readonly #ring: ReadbackRing;
  #expected: Float32Array = new Float32Array();

  constructor(
    private readonly gpu: Gpu,
    private readonly shape: ModelShape,
    private readonly weights: Weights,
    private readonly memory: ModelMemory,
    private readonly base: DecodeTuning,
    private readonly attended: number,
  ) {
    const { heads, headDim, hidden, intermediate, vocab } = shape;
    const words = Math.max(heads * headDim, hidden, intermediate, vocab);
    this.#ring = new ReadbackRing(gpu, 'tuning', words * 4, 1);
  }

  /** Input and expected output of a kernel's contest. */
  async begin(kernel: TunedKernel): Promise<void> {
    const { queue } = this.gpu.device;
    const { memory, shape } = this;
    const { headDim, heads, hidden, intermediate } = shape;
    const { splits } = this.base.split;
    queue.writeBuffer(memory.residual, 0, waves(hidden, 1));
    queue.writeBuffer(memory.activated, 0, waves(intermediate, 2));
    queue.writeBuffer(memory.shares, 0, waves(heads * splits * headDim, 3));
    // Stats of a share: the largest score, and a sum that is never less than one.
    queue.writeBuffer(
      memory.shareStats,
      0,
      waves(heads * splits * 2, 4).map((x, i) => (i % 2 ? x + 2 : x)),
    );
    // The rows of K and V that a run appends must lie in the cache.
    const position = kernel === 'out' ? this.attended : memory.kv.capacity;
    queue.writeBuffer(memory.state, 0, new Uint32Array([position - 1, 0]));
    const plan = await this.#plan(kernel, reference, 1);
    try {
      this.#expected = await this.#output(kernel, plan);
    } finally {
      plan.dispose();
    }
    const some = this.#expected.some((x) => x !== 0);
    invariant(some && this.#expected.every(Number.isFinite), `The reference of ${kernel} gave no numbers`);
  }

  entry(kernel: TunedKernel, way: MatvecTuning): Entry<MatvecTuning> {
    return { way, name: matvecName(way), prepare: () => this.#prepare(kernel, way) };
  }

  bytes(kernel: TunedKernel): number {
    const { rows, cols } = this.#matrix(kernel);
    return (rows * cols * 9) / 16;
  }

  dispose(): void {
    this.#ring.dispose();
  }

  async #prepare(kernel: TunedKernel, way: MatvecTuning): Promise<Prepared> {
    const most = kernel === 'logits' ? 1 : this.weights.layers.length;
    const calls = Math.max(1, Math.min(most, Math.ceil(workingSetBytes / this.bytes(kernel))));
    const one = await this.#plan(kernel, way, 1);
    const all = calls > 1 ? await this.#plan(kernel, way, calls) : one;
    return {
      check: async () => ({
        error: nmse(await this.#output(kernel, one), this.#expected),
        bound: 4 * matvecNmse[way.x],
      }),
      time: async (rounds) => {
        const { queue } = this.gpu.device;
        const start = performance.now();
        this.#run(all, rounds);
        await queue.onSubmittedWorkDone();
        return (performance.now() - start) / calls;
      },
      dispose: () => {
        one.dispose();
        if (all !== one) all.dispose();
      },
    };
  }

  async #plan(kernel: TunedKernel, way: MatvecTuning, calls: number): Promise<Plan> {
    const { shape, weights, memory, base } = this;
    const plan = new PlanBuilder(this.gpu, `tuning/${kernel}`);
    for (let i = 0; i < calls; i++) addCall(plan, kernel, i, way, { shape, weights, memory, base });
    return plan.build();
  }

  /** What one call leaves in a buffer that held zeros. */
  async #output(kernel: TunedKernel, plan: Plan): Promise<Float32Array> {
    const { buffer, words } = this.#target(kernel);
    const read = this.#run(plan, 1, (encoder) => this.#ring.copy(encoder, buffer, words * 4), buffer);
    invariant(read, 'A run without a readback');
    return new Float32Array(await this.#ring.read(read));
  }

  #run<T>(plan: Plan, rounds: number, after?: (encoder: GPUCommandEncoder) => T, clear?: GPUBuffer) {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder({ label: plan.label });
    if (clear) encoder.clearBuffer(clear);
    const pass = encoder.beginComputePass({ label: plan.label });
    for (let i = 0; i < rounds; i++) plan.encode(pass);
    pass.end();
    const result = after?.(encoder);
    device.queue.submit([encoder.finish()]);
    return result;
  }

  #matrix(kernel: TunedKernel): WeightMatrix {
    if (kernel === 'logits') return this.weights.lmHead;
    const layer = this.weights.layers[0];
    invariant(layer, 'A model without layers');
    return layer[kernel];
  }

  #target(kernel: TunedKernel): { readonly buffer: GPUBuffer; readonly words: number } {
    const { q, residual, activated, logits } = this.memory;
    const { heads, headDim, hidden, intermediate, vocab } = this.shape;
    if (kernel === 'qkv') return { buffer: q, words: heads * headDim };
    if (kernel === 'gateUp') return { buffer: activated, words: intermediate };
    if (kernel === 'logits') return { buffer: logits, words: vocab };
    return { buffer: residual, words: hidden };
  }
}

/** Numbers like an activation's: of both signs, few of them large, the same every time. */
function waves(count: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: count },
    (_, i) => Math.sin(i * 12.9898 + seed) * (i % 97 === 0 ? 8 : 1),
  );
}

function nmse(actual: Float32Array, expected: Float32Array): number {
  let [errors, squares] = [0, 0];
  for (const [i, e] of expected.entries()) {
    const difference = (actual[i] ?? NaN) - e;
    errors += difference * difference;
    squares += e * e;
  }
  return errors / squares;
}
