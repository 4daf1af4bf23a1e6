// What tuning times: each kernel of a model with the ways of running it (tuning-ways.ts), over the model's own weights,
// several layers of them so that caches do not hold what a real token would have to fetch.
import type { ModelShape } from '../../formats/model-config';
import type { Gpu } from '../../gpu/gpu';
import { PlanBuilder } from '../../gpu/plan';
import {
  attention,
  attentionNmse,
  flashName,
  flashRows,
  type AttentionArgs,
  type FlashTuning,
} from '../../kernels/attention/attention';
import { splitName, type SplitTuning } from '../../kernels/attention_split/attention_split';
import { matvecName, matvecNmse, type MatvecTuning } from '../../kernels/common/matvec';
import { isMlc } from '../../kernels/common/weights';
import {
  matmulNmse,
  matmulQ4,
  readsCodes,
  smallTileRows,
  tileName,
  type MatmulWay,
  type TileTuning,
} from '../../kernels/matmul_q4/matmul_q4';
import { ropeAppend } from '../../kernels/rope_append/rope_append';
import { addLogits, DecodeLayer } from '../forward-decode';
import { waves, type Subject } from './kernel-bench';
import type { ModelMemory } from '../memory';
import { submit } from '../run/submit';
import {
  isProduct,
  type KernelTuning,
  type MatvecKernel,
  type ProductKernel,
  type TunedKernel,
} from './tuning';
import type { Ways } from './tuning-ways';
import { wholeMatrix, type WeightMatrix, type Weights } from '../weights/weights';

export interface TunedModel {
  readonly gpu: Gpu;
  readonly shape: ModelShape;
  readonly weights: Weights;
  readonly memory: ModelMemory;
  /** Most rows of a prefill submit. */
  readonly chunk: number;
}

export type Subjects = { readonly [K in TunedKernel]: Subject<KernelTuning[K]> };

/** Weights that one round reads, so that no cache holds them from round to round. */
const workingSetBytes = 192 * 2 ** 20;
/** Of a chunk: more would keep a slow GPU from everything else for too long. */
const timedRows = 256;
/** Of attention that is checked: past a block of rows of every way. */
const checkedRows = 72;
/** Of a product that is checked: its reference takes a thread per output. */
const checkedColumns = 256;
/** No thread shares anything with another. */
const plainMatvec: MatvecTuning = { x: 'direct', lanes: 1, slots: 64, subgroup: 0 };
const plainSplit: SplitTuning = { splits: 1, span: 2 ** 30, threads: 64 };

/** Kernels of which a model runs more than one way: a short chunk fits the smallest tile, or block of rows. */
export function isTuned(kernel: TunedKernel, { chunk }: TunedModel): boolean {
  if (kernel === 'flash') return chunk > flashRows;
  return !isProduct(kernel) || chunk > smallTileRows;
}

/**
 * @param attended positions that attention has before it.
 * @param current what runs so far: kernels that are timed together with another take it as it is then.
 */
export function tuningSubjects(
  model: TunedModel,
  ways: Ways,
  attended: number,
  current: () => KernelTuning,
): Subjects {
  const matvec = (kernel: MatvecKernel): Subject<MatvecTuning> =>
    matvecSubject(model, kernel, ways.matvec, attended, current);
  const product = (kernel: ProductKernel): Subject<TileTuning> => productSubject(model, kernel, ways.matmul);
  return {
    qkv: matvec('qkv'),
    out: matvec('out'),
    gateUp: matvec('gateUp'),
    down: matvec('down'),
    logits: matvec('logits'),
    split: splitSubject(model, ways.split, attended, current),
    prefillGateUp: product('prefillGateUp'),
    prefillDown: product('prefillDown'),
    prefillQkv: product('prefillQkv'),
    prefillOut: product('prefillOut'),
    flash: flashSubject(model, ways.flash, attended),
  };
}

const matrixBytes = ({ blocks }: WeightMatrix): number =>
  blocks.reduce((sum, { q, scales }) => sum + q.size + scales.size, 0);

function matvecSubject(
  model: TunedModel,
  kernel: MatvecKernel,
  ways: readonly MatvecTuning[],
  attended: number,
  current: () => KernelTuning,
): Subject<MatvecTuning> {
  const { gpu, shape, weights, memory } = model;
  const { headDim, heads, hidden, intermediate, vocab } = shape;
  const { q, residual, activated, attended: whole, logits, state, shares, shareStats } = memory;
  const first = firstLayer(weights);
  const matrix = kernel === 'logits' ? weights.lmHead : first[kernel];
  const bytes = matrixBytes(matrix);
  const outputs = {
    qkv: { buffer: q, words: heads * headDim },
    out: { buffer: residual, words: hidden },
    gateUp: { buffer: activated, words: intermediate },
    down: { buffer: residual, words: hidden },
    logits: { buffer: logits, words: vocab },
  };
  const add = (plan: PlanBuilder, way: MatvecTuning, index: number): void => {
    if (kernel === 'logits') return addLogits(plan, shape, weights, memory, way, 0);
    const layer = new DecodeLayer(plan, shape, weights, memory, index);
    if (kernel === 'out') layer.out(way, current().split);
    else layer[kernel](way);
  };
  return {
    kernel,
    ways,
    bytes,
    products: matrix.rows * matrix.cols,
    calls: kernel === 'logits' ? 1 : callsFor(bytes, model),
    output: outputs[kernel],
    name: matvecName,
    bound: ({ x }) => 4 * matvecNmse[x],
    async fill() {
      const { queue } = gpu.device;
      const { splits } = current().split;
      queue.writeBuffer(residual, 0, waves(hidden, 1));
      queue.writeBuffer(activated, 0, waves(intermediate, 2));
      queue.writeBuffer(whole, 0, waves(heads * headDim, 10));
      queue.writeBuffer(shares, 0, waves(heads * splits * headDim, 3));
      // Stats of a share: the largest score, and a sum that is never less than one.
      const stats = waves(heads * splits * 2, 4).map((x, i) => (i % 2 ? x + 2 : x));
      queue.writeBuffer(shareStats, 0, stats);
      // The rows of K and V that a run appends must lie in the cache.
      const position = kernel === 'out' ? attended : memory.kv.capacity;
      queue.writeBuffer(state, 0, new Uint32Array([position - 1, 0]));
      return Promise.resolve();
    },
    add,
    addChecked: (plan, way) => add(plan, way, 0),
    addReference: (plan) => add(plan, plainMatvec, 0),
  };
}

/** The shares and their combination, since the one costs what the other saves. */
function splitSubject(
  model: TunedModel,
  ways: readonly SplitTuning[],
  attended: number,
  current: () => KernelTuning,
): Subject<SplitTuning> {
  const { gpu, shape, weights, memory } = model;
  const { heads, kvHeads, headDim, hidden } = shape;
  const { kv, kvRow, state, q, residual } = memory;
  const positions = Math.min(attended, kv.capacity);
  const { out } = firstLayer(weights);
  const bytes = positions * kv.rowBytes + matrixBytes(out);
  const calls = callsFor(bytes, model);
  const add = (plan: PlanBuilder, way: SplitTuning, index: number): void => {
    const layer = new DecodeLayer(plan, shape, weights, memory, index);
    layer.split(way);
    layer.out(current().out, way);
  };
  return {
    kernel: 'split',
    ways,
    bytes,
    products: 2 * positions * heads * headDim + out.rows * out.cols,
    calls,
    output: { buffer: residual, words: hidden },
    name: splitName,
    bound: () => 4 * matvecNmse[current().out.x],
    async fill() {
      const { queue } = gpu.device;
      await fillCache(model, positions, calls);
      queue.writeBuffer(q, 0, waves(heads * headDim, 6));
      queue.writeBuffer(kvRow, 0, waves(2 * kvHeads * headDim, 7));
      queue.writeBuffer(state, 0, new Uint32Array([positions - 1, 0]));
    },
    add,
    addChecked: (plan, way) => add(plan, way, 0),
    addReference: (plan) => add(plan, plainSplit, 0),
  };
}

/** Keys and values of that many positions in some layers, by the kernel that appends them in this cache's format. */
async function fillCache(
  { gpu, shape, memory, chunk }: TunedModel,
  positions: number,
  layers: number,
): Promise<void> {
  const { queue } = gpu.device;
  const { heads, kvHeads, headDim, rotaryDim } = shape;
  const { kv, rope, state, q, qkv } = memory;
  const rows = Math.min(chunk, positions);
  queue.writeBuffer(qkv, 0, waves(rows * (heads + 2 * kvHeads) * headDim, 5));
  const builder = new PlanBuilder(gpu, 'tuning/fill');
  const { format, ring } = kv;
  const args = { format, ring, rows, heads, kvHeads, headDim, rotaryDim };
  for (const cache of kv.layers.slice(0, layers)) builder.add(ropeAppend, args, [qkv, rope, state, q, cache]);
  const plan = await builder.build();
  for (let first = 0; first < positions; first += rows) {
    queue.writeBuffer(state, 0, new Uint32Array([Math.min(first, positions - rows), 0]));
    submit(gpu, plan, () => undefined);
  }
  await queue.onSubmittedWorkDone();
  plan.dispose();
}

/** Attention of a chunk's rows, the last of `attended` positions. */
function flashSubject(
  model: TunedModel,
  ways: readonly FlashTuning[],
  attended: number,
): Subject<FlashTuning> {
  const { gpu, shape, memory, chunk } = model;
  const { heads, kvHeads, headDim } = shape;
  const { kv, state, q, attended: out } = memory;
  const [layer] = kv.layers;
  if (!layer) throw new Error('A model without layers');
  const positions = Math.min(attended, kv.capacity);
  const rows = Math.min(chunk, timedRows, positions);
  const checked = Math.min(rows, checkedRows);
  const add = (plan: PlanBuilder, way: FlashTuning | { readonly variant: 'naive' }, count: number): void => {
    const { format, window, ring } = kv;
    const args: AttentionArgs = { ...way, format, window, ring, rows: count, heads, kvHeads, headDim };
    plan.add(attention, args, [q, layer, state, out]);
  };
  return {
    kernel: 'flash',
    ways,
    bytes: positions * kv.rowBytes,
    products: 2 * rows * (positions - rows / 2) * heads * headDim,
    calls: 1,
    output: { buffer: out, words: checked * heads * headDim },
    name: flashName,
    bound: () => 4 * attentionNmse,
    async fill() {
      const { queue } = gpu.device;
      await fillCache(model, positions, 1);
      queue.writeBuffer(q, 0, waves(rows * heads * headDim, 9));
      queue.writeBuffer(state, 0, new Uint32Array([positions - rows, 0]));
    },
    add: (plan, way) => add(plan, way, rows),
    addChecked: (plan, way) => add(plan, way, checked),
    addReference: (plan) => add(plan, { variant: 'naive' }, checked),
  };
}

function productSubject(
  { gpu, weights, memory, chunk }: TunedModel,
  kernel: ProductKernel,
  ways: readonly TileTuning[],
): Subject<TileTuning> {
  const rows = Math.min(chunk, timedRows);
  const layer = firstLayer(weights);
  const { normed, qkv, attended, residual, gateUp, activated } = memory;
  const [x, matrix, y] = {
    prefillGateUp: [normed, layer.gateUp, gateUp] as const,
    prefillDown: [activated, layer.down, residual] as const,
    prefillQkv: [normed, layer.qkv, qkv] as const,
    prefillOut: [attended, layer.out, residual] as const,
  }[kernel];
  const { rows: N, cols: K, scale } = matrix;
  const columns = Math.min(checkedColumns, N);
  const add = (plan: PlanBuilder, way: MatmulWay, n: number): void => {
    const { q, scales } = wholeMatrix(matrix);
    const args = { ...way, scale, M: rows, N: n, K, first: 0, stride: n, accumulate: y === residual };
    plan.add(matmulQ4, args, [x, q, scales, y]);
  };
  return {
    kernel,
    ways: isMlc(scale) ? ways : ways.filter(({ variant }) => !readsCodes(variant)),
    bytes: matrixBytes(matrix),
    products: rows * N * K,
    calls: 1,
    output: { buffer: y, words: rows * columns },
    name: tileName,
    bound: ({ variant }) => 4 * matmulNmse[variant],
    async fill() {
      gpu.device.queue.writeBuffer(x, 0, waves(rows * K, 8));
      return Promise.resolve();
    },
    add: (plan, way) => add(plan, way, N),
    addChecked: (plan, way) => add(plan, way, columns),
    addReference: (plan) => add(plan, { variant: 'naive' }, columns),
  };
}

/** Layers whose weights together outgrow every cache. */
function callsFor(bytes: number, { weights }: TunedModel): number {
  return Math.max(1, Math.min(weights.layers.length, Math.ceil(workingSetBytes / bytes)));
}

function firstLayer({ layers: [layer] }: Weights) {
  if (!layer) throw new Error('A model without layers');
  return layer;
}
