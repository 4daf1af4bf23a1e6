// What kernel-check.ts runs: for each kind of matrix that a model has, every kernel that reads it, over a small matrix
// of random blocks, and what float64 says must come out.
import { kvRowWords } from '../../base/kv-format';
import { f16ToNumber } from '../../base/float16';
import { prng } from '../../base/prng';
import type { Gpu } from '../../gpu/gpu';
import { keyText, type KernelKey, type KernelSpec } from '../../gpu/kernel';
import type { PlanBuilder } from '../../gpu/plan';
import { attentionOut } from '../../kernels/attention_out/attention_out';
import { matvecNmse, type MatvecTuning } from '../../kernels/common/matvec';
import type { BlockFormat } from '../../kernels/common/weights';
import { embedGather } from '../../kernels/embed_gather/embed_gather';
import { gateUpSilu } from '../../kernels/gate_up_silu/gate_up_silu';
import {
  fewRows,
  matmulNmse,
  matmulQ4,
  smallTileRows,
  type MatmulWay,
} from '../../kernels/matmul_q4/matmul_q4';
import { matvecQ4Add, matvecQ4Norm } from '../../kernels/matvec_q4/matvec_q4';
import { qkvRope } from '../../kernels/qkv_rope/qkv_rope';
import { kvExtent } from '../../model/cache/kv-extent';
import { productWay } from '../../model/forward';
import type { KernelTuning, ProductKernel } from '../../model/tuning/tuning';
import { matmulTwin } from '../../reference/blocks';
import { rmsNormTwin } from '../../reference/rms_norm';
import { ropeAppendTwin } from '../../reference/rope_append';
import { siluMulTwin } from '../../reference/silu_mul';
import type { CheckedModel } from './kernel-check';
import { headDim, smallMatrix, type ModelMatrix, type SmallMatrix, type Use } from './kernel-check-matrices';

/** A call in the plan, and what it must leave. */
export interface Subject {
  /** `matvec_q4_add of Q6_K` */
  readonly name: string;
  readonly output: GPUBuffer;
  readonly words: number;
  readonly read: (words: Uint32Array) => ArrayLike<number>;
  readonly expected: Float64Array;
  /** Squared errors over squares that it may have. */
  readonly bound: number;
}

/** The position of a row that is decoded. */
const position = 3;
/** Past the bounds of the kernels' own tests, which know the adapter: a format read wrongly is off by far more. */
const margin = 100;
const exact = 1e-10;
/** Every third row of a tile: each thread computes four or eight side by side. */
const sampled = 3;

const tuned: Readonly<Record<Exclude<Use, 'embedding' | 'logits'>, ProductKernel>> = {
  qkv: 'prefillQkv',
  out: 'prefillOut',
  gateUp: 'prefillGateUp',
  down: 'prefillDown',
};

export interface SubjectsOf extends Omit<CheckedModel, 'gpu'> {
  readonly matrices: readonly ModelMatrix[];
}

/** Call inside `gpu.buffers.guarded`. */
export function addSubjects(
  plan: PlanBuilder,
  gpu: Gpu,
  { shape, matrices, model, contextWindow, chunk }: SubjectsOf,
  part: 'all' | 'first',
): readonly Subject[] {
  const { tuning, kvLayout } = model;
  const { slidingWindow, rmsNormEps: eps } = shape;
  const { ring } = kvExtent({ contextWindow, slidingWindow, chunk });
  const adding = new Adding(plan, gpu);
  let seed = 1;
  for (const matrix of matrices) {
    const { use } = matrix;
    const small = smallMatrix(gpu, matrix, use === 'embedding' ? undefined : tuning[use], seed++);
    if (use === 'embedding') {
      adding.rows(small);
      continue;
    }
    adding.products(small, use, tuning, chunk);
    if (part === 'first') continue;
    const way = tuning[use];
    if (use === 'qkv') adding.qkv(small, way, { ring, format: kvLayout.format, eps });
    if (use === 'out') adding.out(small, way, tuning.split, kvLayout.format === 'int8');
    if (use === 'gateUp') adding.gateUp(small, way, eps);
    if (use === 'down') adding.add(small, way);
    if (use === 'logits') adding.logits(small, way, eps);
  }
  return adding.subjects;
}

class Adding {
  readonly subjects: Subject[] = [];
  /** Pipelines that have been called: once is enough. */
  readonly #seen = new Set<string>();
  #seed = 1000;

  constructor(
    private readonly plan: PlanBuilder,
    private readonly gpu: Gpu,
  ) {}

  rows({ format, rows, cols, weights, buffers }: SmallMatrix): void {
    const ids = [rows - 1, 0, 7];
    const args = { rows: ids.length, dim: cols, first: 0, blockRows: rows, scale: format };
    const expected = ids.flatMap((id) => [...weights.subarray(id * cols, (id + 1) * cols)]);
    const output = this.#buffer(expected.length);
    const tensors = [this.#buffer(ids.length, Uint32Array.from(ids)), ...buffers, output];
    this.#call(embedGather, args, tensors, format, {
      output,
      expected: Float64Array.from(expected),
      nmse: exact,
    });
  }

  /** In every way that a prompt, and a guess, is computed in. */
  products(
    matrix: SmallMatrix,
    use: keyof typeof tuned | 'logits',
    tuning: KernelTuning,
    chunk: number,
  ): void {
    const { fallback } = this.gpu.info;
    // Of a prompt's end, GPUs compute the logits as decode does; software adapters never guess.
    const tiles = use === 'logits' ? (fallback ? [1] : []) : [smallTileRows * 2 + 8, smallTileRows, 8];
    const tile = tuning[use === 'logits' ? 'prefillGateUp' : tuned[use]];
    for (const rows of tiles.filter((count) => count <= Math.max(8, chunk)))
      this.#product(matrix, productWay(tile, matrix.format, { rows, few: false, fallback }), rows);
    if (!fallback) this.#product(matrix, { variant: 'few' }, Math.min(fewRows, chunk));
  }

  #product(
    { format, rows: N, cols: K, weights, bias, buffers }: SmallMatrix,
    way: MatmulWay,
    M: number,
  ): void {
    const args = { ...way, scale: format, M, N, K, first: 0, stride: N, accumulate: false };
    if (this.#isSeen(matmulQ4, matmulQ4.key(args))) return;
    const x = this.#numbers(M * K);
    const rows = Array.from({ length: Math.ceil(M / sampled) }, (_, i) => i * sampled);
    const some = new Float32Array(rows.length * K);
    rows.forEach((row, i) => some.set(x.subarray(row * K, (row + 1) * K), i * K));
    const output = this.#buffer(M * N);
    this.#call(matmulQ4, args, [this.#buffer(M * K, x), ...buffers, output], format, {
      output,
      expected: matmulTwin(some, rows.length, weights, K, bias),
      nmse: matmulNmse[way.variant],
      read: (words) => {
        const all = floats(words);
        return rows.flatMap((row) => [...all.subarray(row * N, (row + 1) * N)]);
      },
    });
  }

  qkv(
    { format: scale, cols: K, weights, bias, buffers }: SmallMatrix,
    way: MatvecTuning,
    { ring, format, eps }: { ring: number | undefined; format: 'f16' | 'f32' | 'int8'; eps: number },
  ): void {
    const heads = { heads: 1, kvHeads: 1, headDim, rotaryDim: headDim };
    const args = { scale, format, ring, K, ...heads, eps, tuning: way };
    const [x, gamma] = [this.#numbers(K), this.#numbers(K)];
    const table = this.#numbers((position + 1) * headDim);
    const product = matmulTwin(rmsNormTwin(x, gamma, 1, K, eps), 1, weights, K, bias);
    const { q, k, v } = ropeAppendTwin(product, table, position, { ...heads, rows: 1 });
    const outputs = [
      this.#buffer(headDim),
      this.#buffer((position + 1) * kvRowWords('f32', 1, headDim)),
    ] as const;
    const tensors = [
      this.#buffer(K, x),
      this.#buffer(K, gamma),
      ...buffers,
      this.#buffer(table.length, table),
      this.#buffer(1, new Uint32Array([position])),
      ...outputs,
    ];
    const nmse = matvecNmse[way.x];
    this.#call(qkvRope, args, tensors, scale, { output: outputs[0], expected: q, nmse });
    // A cache in int8 gets its codes later: this row is staged in f32, at the beginning.
    const rowWords = kvRowWords(format === 'int8' ? 'f32' : format, 1, headDim);
    const from = format === 'int8' ? 0 : position * rowWords;
    this.#note(`${qkvRope.op} (k, v)`, scale, {
      output: outputs[1],
      words: from + rowWords,
      read: (words) => {
        const row = words.subarray(from);
        if (format !== 'f16') return floats(row);
        return [...row].flatMap((word) => [f16ToNumber(word & 0xffff), f16ToNumber(word >>> 16)]);
      },
      expected: Float64Array.from([...k, ...v]),
      nmse: Math.max(nmse, format === 'f16' ? 1e-6 : 0),
    });
  }

  /** Of one share of the positions, which is all that an early position has. */
  out(matrix: SmallMatrix, way: MatvecTuning, split: KernelTuning['split'], isInt8: boolean): void {
    if (split.whole && !isInt8) {
      this.add(matrix, way);
      return;
    }
    const { format: scale, rows: N, cols: K, weights, buffers } = matrix;
    const size = [256, 64, 32].find((dim) => K % dim === 0) ?? 32;
    const heads = K / size;
    const splits = Math.min(split.splits, Math.max(1, Math.floor(1024 / heads)));
    const shares = this.#numbers(heads * splits * size);
    const total = 1.7;
    const stats = Float32Array.from({ length: heads * splits * 2 }, (_, i) => (i % 2 === 0 ? 0.3 : total));
    const attended = Float64Array.from({ length: K }, (_, i) => {
      const head = Math.floor(i / size);
      return (shares[head * splits * size + (i % size)] ?? NaN) / (stats[1] ?? NaN);
    });
    const before = this.#numbers(N);
    const output = this.#buffer(N, before);
    const args = { scale, N, heads, headDim: size, splits, span: split.span, tuning: way };
    const tensors = [
      this.#buffer(shares.length, shares),
      this.#buffer(stats.length, stats),
      this.#buffer(1, new Uint32Array([0])),
      ...buffers,
      output,
    ];
    const expected = matmulTwin(attended, 1, weights, K, before);
    this.#call(attentionOut, args, tensors, scale, { output, expected, nmse: matvecNmse[way.x] });
  }

  gateUp(
    { format: scale, rows, cols: K, weights, buffers }: SmallMatrix,
    way: MatvecTuning,
    eps: number,
  ): void {
    const [x, gamma] = [this.#numbers(K), this.#numbers(K)];
    const width = rows / 2;
    const output = this.#buffer(width);
    const both = matmulTwin(rmsNormTwin(x, gamma, 1, K, eps), 1, weights, K);
    const tensors = [this.#buffer(K, x), this.#buffer(K, gamma), ...buffers, output];
    this.#call(gateUpSilu, { scale, width, K, eps, tuning: way }, tensors, scale, {
      output,
      expected: siluMulTwin(both, 1, width),
      nmse: matvecNmse[way.x],
    });
  }

  add({ format: scale, rows: N, cols: K, weights, buffers }: SmallMatrix, way: MatvecTuning): void {
    const [x, before] = [this.#numbers(K), this.#numbers(N)];
    const output = this.#buffer(N, before);
    const args = { scale, N, K, first: 0, tuning: way };
    const expected = matmulTwin(x, 1, weights, K, before);
    this.#call(matvecQ4Add, args, [this.#buffer(K, x), ...buffers, output], scale, {
      output,
      expected,
      nmse: matvecNmse[way.x],
    });
  }

  logits(
    { format: scale, rows: N, cols: K, weights, buffers }: SmallMatrix,
    way: MatvecTuning,
    eps: number,
  ): void {
    const [x, gamma] = [this.#numbers(K), this.#numbers(K)];
    const output = this.#buffer(N);
    const args = { scale, N, K, first: 0, eps, xRow: 0, tuning: way };
    const expected = matmulTwin(rmsNormTwin(x, gamma, 1, K, eps), 1, weights, K);
    const tensors = [this.#buffer(K, x), this.#buffer(K, gamma), ...buffers, output];
    this.#call(matvecQ4Norm, args, tensors, scale, { output, expected, nmse: matvecNmse[way.x] });
  }

  #isSeen<Args, Key extends KernelKey>({ op }: KernelSpec<Args, Key>, key: Key): boolean {
    return this.#seen.has(keyText(op, key));
  }

  #call<Args, Key extends KernelKey>(
    spec: KernelSpec<Args, Key>,
    args: Args,
    tensors: readonly GPUBuffer[],
    format: BlockFormat,
    outcome: Outcome,
  ): void {
    const key = spec.key(args);
    if (this.#isSeen(spec, key)) return;
    this.#seen.add(keyText(spec.op, key));
    this.plan.add(spec, args, tensors);
    this.#note(spec.op, format, outcome);
  }

  #note(op: string, format: BlockFormat, { output, expected, nmse, ...given }: Outcome): void {
    this.subjects.push({
      name: `${op} of ${format.toUpperCase()}`,
      output,
      words: given.words ?? output.size / 4,
      read: given.read ?? floats,
      expected,
      bound: nmse * margin,
    });
  }

  #numbers(count: number): Float32Array<ArrayBuffer> {
    const random = prng(this.#seed++);
    return Float32Array.from({ length: count }, () => random() * 2 - 1);
  }

  #buffer(words: number, init?: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.gpu.buffers.create('kernel-check', words * 4);
    if (init) this.gpu.device.queue.writeBuffer(buffer, 0, init);
    return buffer;
  }
}

interface Outcome {
  readonly output: GPUBuffer;
  readonly expected: Float64Array;
  readonly nmse: number;
  /** All of the output without it. */
  readonly words?: number;
  readonly read?: (words: Uint32Array) => ArrayLike<number>;
}

const floats = ({ buffer, byteOffset, length }: Uint32Array): Float32Array =>
  new Float32Array(buffer, byteOffset, length);
