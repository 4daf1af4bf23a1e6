// The kinds of matrices that a model has, and a small one of each for kernel-check.ts.
import { prng } from '../../base/prng';
import { modelTensors, type MatrixSpec } from '../../formats/decoder-tensors';
import { randomMatrix } from '../../formats/gguf/random-blocks';
import type { BlockType } from '../../formats/gguf/types';
import type { ModelShape } from '../../formats/model-config';
import type { Gpu } from '../../gpu/gpu';
import { matvecKey, type MatvecTuning } from '../../kernels/common/matvec';
import { blockFormat, type BlockFormat } from '../../kernels/common/weights';
import { BlockPlanes, type PlaneWrite } from '../../model/weights/block-planes';
import { dequantizeParts } from '../../reference/blocks';

export type Use = 'embedding' | 'qkv' | 'out' | 'gateUp' | 'down' | 'logits';

/** A kind of matrix that the model has. */
export interface ModelMatrix {
  readonly use: Use;
  readonly kinds: readonly BlockType[];
  readonly cols: number;
  readonly hasBias: boolean;
}

/** Each kind once, of those that are held in blocks: MLC's matrices with a bias are, the others are not. */
export function modelMatrices(shape: ModelShape): readonly ModelMatrix[] {
  const { embedding, layers, lmHead } = modelTensors(shape);
  const found = new Map<string, ModelMatrix>();
  const add = (use: Use, { parts, cols, bias }: MatrixSpec): void => {
    const hasBias = bias !== undefined || parts.some((part) => part.bias !== undefined);
    const kinds: readonly BlockType[] =
      parts.length > 0 ? parts.map(({ type }) => type) : hasBias ? ['q4_0'] : [];
    if (kinds.length > 0) found.set([use, ...kinds].join(), { use, kinds, cols, hasBias });
  };
  add('embedding', embedding);
  for (const { qkv, out, gateUp, down } of layers) {
    add('qkv', qkv);
    add('out', out);
    add('gateUp', gateUp);
    add('down', down);
  }
  add('logits', lmHead);
  return [...found.values()];
}

/** Even: halves of two rows make a word. qkv: a head of each; gateUp: both halves of the first matrix. */
export const headDim = 16;
const rowsOf: Readonly<Record<Use, readonly number[]>> = {
  embedding: [40],
  qkv: [headDim, headDim, headDim],
  out: [40],
  gateUp: [16, 16],
  down: [40],
  logits: [40],
};
/** Columns where a kernel does not hang on how many there are: two of the largest blocks. */
const fewCols = 512;

/** Of a few rows of random blocks. */
export interface SmallMatrix {
  readonly format: BlockFormat;
  readonly rows: number;
  readonly cols: number;
  readonly weights: Float64Array;
  readonly bias: Float32Array<ArrayBuffer> | undefined;
  /** What kernels bind as `q` and `scales`. */
  readonly buffers: readonly [GPUBuffer, GPUBuffer];
}

/**
 * Call inside `gpu.buffers.guarded`.
 * @param way of the decode kernel: what it keeps of a row in workgroup memory must be as much as in the model.
 */
export function smallMatrix(
  gpu: Gpu,
  { use, kinds, cols: all, hasBias }: ModelMatrix,
  way: MatvecTuning | undefined,
  seed: number,
): SmallMatrix {
  const random = prng(seed);
  const format = blockFormat(kinds);
  const staged = way ? matvecKey(format, way, all).stage : 0;
  const cols = Math.min(all, staged === 0 ? fewCols : 32 * staged);
  const wanted = rowsOf[use];
  const rows = wanted.reduce((a, b) => a + b, 0);
  const counts = kinds.length === 1 ? [rows] : wanted;
  const parts = kinds.map((type, i) => {
    const count = counts[i] ?? headDim;
    return { type, rows: count, bytes: randomMatrix(type, count, cols, random) };
  });
  const planes = new BlockPlanes(parts, cols, hasBias);
  const codes = gpu.buffers.create('kernel-check/codes', planes.codeBytes);
  const other = gpu.buffers.create('kernel-check/other', planes.otherBytes);
  const put = ({ into, byteOffset, bytes }: PlaneWrite): void =>
    gpu.device.queue.writeBuffer(into === 'codes' ? codes : other, byteOffset, bytes);
  gpu.device.queue.writeBuffer(other, 0, planes.head);
  parts.forEach(({ rows: count, bytes }, i) => planes.place(i, 0, count, bytes).forEach(put));
  const bias = hasBias ? Float32Array.from({ length: rows }, () => random() * 2 - 1) : undefined;
  if (bias) put(planes.placeBias(0, bias));
  return { format, rows, cols, weights: dequantizeParts(parts), bias, buffers: [codes, other] };
}
