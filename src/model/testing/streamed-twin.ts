// The whole model in f64 at any size: tensors are taken as they come, a layer is run for every token as soon as it is
// whole, and then let go, so that billions of weights need the memory of one matrix. Composed of the per-op twins;
// the products, which are all of the time, are handed in.
import { bf16ToNumber, f16ToNumber } from '../../base/float16';
import { dequantizeBlocks } from '../../formats/gguf/dequantize';
import type { ModelShape } from '../../formats/model-config';
import { attentionTwin } from '../../reference/attention';
import { dequantize, type Q4Matrix } from '../../reference/q4';
import { rmsNormTwin } from '../../reference/rms_norm';
import { ropeAppendTwin } from '../../reference/rope_append';
import { siluMulTwin } from '../../reference/silu_mul';
import { hasLongFactors, ropeTable } from '../weights/rope-table';
import { modelTensors, type MatrixSpec } from '../../formats/decoder-tensors';
import type { SyntheticTensor } from './synthetic';
import { joined, rowsInOrder } from './twin';

/** [rows, cols] of a GGUF's numbers. */
export interface WideMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly weights: Float64Array;
}
/** MLC's layout, or numbers as they are. */
export type StreamedMatrix = Q4Matrix | WideMatrix;

/** x: [M, cols] by weights [rows, cols] -> [M, rows]: what matmulQ4Twin and matmulTwin do, however it is shared out. */
export type Multiply = (x: Float64Array, M: number, weights: StreamedMatrix) => Promise<Float64Array>;

export interface StreamedTwinOptions {
  readonly tokenIds: readonly number[];
  /** Logits are wanted after the tokens from this one on. */
  readonly firstRow: number;
  readonly multiply: Multiply;
  readonly onLayer?: (layer: number) => void;
}

/** @returns logits [tokens - firstRow, vocab] of a sequence from position 0. @throws Error when a tensor is missing. */
export async function streamedTwin(
  shape: ModelShape,
  tensors: Iterable<SyntheticTensor>,
  { tokenIds, firstRow, multiply, onLayer }: StreamedTwinOptions,
): Promise<Float64Array> {
  const take = taker(tensors);
  const halves = (name: string): Uint16Array => {
    const { buffer, byteOffset, byteLength } = take(name);
    return new Uint16Array(buffer, byteOffset, byteLength / 2);
  };
  const scale = shape.quantization === 'q4f16_1' ? 'f16' : 'bf16';
  const matrix = ({ name, rows, cols, parts }: MatrixSpec): StreamedMatrix => {
    if (parts.length > 0)
      return { rows, cols, weights: joined(parts.map((part) => rowsInOrder(part, cols, take(part.name)))) };
    const { buffer, byteOffset, byteLength } = take(`${name}.q_weight`);
    const q = new Uint32Array(buffer, byteOffset, byteLength / 4);
    return { rows, cols, q, scales: halves(`${name}.q_scale`), scale };
  };
  /** A table of which rows are wanted now and, perhaps, all of it in the end. */
  const keep = (spec: MatrixSpec): { whole: () => StreamedMatrix; row: (id: number) => Float64Array } => {
    const [part] = spec.parts;
    if (!part) {
      const table = matrix(spec);
      return { whole: () => table, row: (id) => rowOf(table, id) };
    }
    const bytes = take(part.name);
    const rowBytes = bytes.byteLength / part.rows;
    return {
      whole: () => ({ ...spec, weights: dequantizeBlocks(part.type, bytes) }),
      row: (id) => dequantizeBlocks(part.type, bytes.subarray(id * rowBytes, (id + 1) * rowBytes)),
    };
  };
  const vector = (name: string): Float64Array => {
    if (shape.types?.[name] === 'f32') return Float64Array.from(new Float32Array(take(name).slice().buffer));
    return Float64Array.from(halves(name), scale === 'f16' ? f16ToNumber : bf16ToNumber);
  };
  const times = async (x: Float64Array, M: number, spec: MatrixSpec): Promise<Float64Array> => {
    const y = await multiply(x, M, matrix(spec));
    const named = spec.parts.flatMap(({ bias }) => (bias === undefined ? [] : [bias]));
    const biases = joined([...(spec.bias === undefined ? named : [spec.bias])].map(vector));
    return biases.length === 0 ? y : y.map((value, i) => value + (biases[i % spec.rows] ?? NaN));
  };
  const add = (a: Float64Array, b: Float64Array) => a.map((x, i) => x + (b[i] ?? NaN));

  const rows = tokenIds.length;
  const { hidden, intermediate, rmsNormEps: eps } = shape;
  const names = modelTensors(shape);
  const table = ropeTable(shape, rows, hasLongFactors(shape, rows));
  const embedding = keep(names.embedding);
  let h: Float64Array = new Float64Array(rows * hidden);
  tokenIds.forEach((id, row) => h.set(embedding.row(id), row * hidden));
  for (const [i, layer] of names.layers.entries()) {
    const normed = rmsNormTwin(h, vector(layer.inputNorm), rows, hidden, eps);
    const { q, k, v } = ropeAppendTwin(await times(normed, rows, layer.qkv), table, 0, {
      ...shape,
      rows,
    });
    const attended = attentionTwin(q, k, v, 0, { ...shape, rows, window: shape.slidingWindow });
    h = add(h, await times(attended, rows, layer.out));
    const postNormed = rmsNormTwin(h, vector(layer.postNorm), rows, hidden, eps);
    const gateUp = await times(postNormed, rows, layer.gateUp);
    h = add(h, await times(siluMulTwin(gateUp, rows, intermediate), rows, layer.down));
    onLayer?.(i);
  }
  const wanted = rows - firstRow;
  const last = rmsNormTwin(h.subarray(firstRow * hidden), vector(names.norm), wanted, hidden, eps);
  return multiply(last, wanted, shape.tied ? embedding.whole() : matrix(names.lmHead));
}

/** Gives each tensor once, by name, reading on as far as it must. */
function taker(tensors: Iterable<SyntheticTensor>): (name: string) => Uint8Array<ArrayBuffer> {
  const rest = tensors[Symbol.iterator]();
  const waiting = new Map<string, Uint8Array<ArrayBuffer>>();
  return (name) => {
    for (;;) {
      const bytes = waiting.get(name);
      if (bytes) {
        waiting.delete(name);
        return bytes;
      }
      const next = rest.next();
      if (next.done) throw new Error(`The twin got no tensor ${name}`);
      waiting.set(next.value.record.name, next.value.bytes);
    }
  };
}

function rowOf(matrix: StreamedMatrix, row: number): Float64Array {
  const { cols } = matrix;
  if ('weights' in matrix) return matrix.weights.subarray(row * cols, (row + 1) * cols);
  const { q, scales, scale } = matrix;
  return dequantize({
    rows: 1,
    cols,
    q: q.subarray((row * cols) / 8, ((row + 1) * cols) / 8),
    scales: scales.subarray((row * cols) / 32, ((row + 1) * cols) / 32),
    scale,
  });
}
