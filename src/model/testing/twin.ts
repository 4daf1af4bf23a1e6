// The whole model composed of the per-op f64 twins, straight from the bytes of an MLC folder or a GGUF file: what
// DecoderModel's logits are held against. Slow and obvious; tiny shapes only.
import { bf16ToNumber, f16ToNumber } from '../../base/float16';
import type { KvFormat } from '../../base/kv-format';
import type { ModelShape } from '../../formats/model-config';
import { attentionTwin } from '../../reference/attention';
import { roundKv } from '../../reference/kv_format';
import { matmulTwin } from '../../reference/blocks';
import { dequantize } from '../../reference/q4';
import { rmsNormTwin } from '../../reference/rms_norm';
import { ropeAppendTwin } from '../../reference/rope_append';
import { siluMulTwin } from '../../reference/silu_mul';
import { hasLongFactors, ropeTable } from '../weights/rope-table';
import { modelTensors, type MatrixPart, type MatrixSpec } from '../../formats/decoder-tensors';
import { dequantizeBlocks } from '../../formats/gguf/dequantize';
import type { SyntheticTensor } from './synthetic';

/** Logits [tokens, vocab] of a sequence from position 0. */
export function modelTwin(
  shape: ModelShape,
  tensors: readonly SyntheticTensor[],
  tokenIds: readonly number[],
  kvFormat: KvFormat = 'f32',
): Float64Array {
  const byName = new Map(tensors.map((tensor) => [tensor.record.name, tensor]));
  const find = (name: string): SyntheticTensor => {
    const tensor = byName.get(name);
    if (!tensor) throw new Error(`No tensor ${name}`);
    return tensor;
  };
  const halves = (name: string): Uint16Array => new Uint16Array(find(name).bytes.slice().buffer);
  const scale = shape.quantization === 'q4f16_1' ? 'f16' : 'bf16';
  const mlcMatrix = ({ name, rows, cols }: MatrixSpec): Float64Array => {
    const q = new Uint32Array(halves(`${name}.q_weight`).buffer);
    return dequantize({ rows, cols, q, scales: halves(`${name}.q_scale`), scale });
  };
  const vector = (name: string): Float64Array => {
    const tensor = byName.get(name);
    if (tensor?.record.dtype === 'f32')
      return Float64Array.from(new Float32Array(tensor.bytes.slice().buffer));
    return Float64Array.from(halves(name), scale === 'f16' ? f16ToNumber : bf16ToNumber);
  };
  const matrix = (spec: MatrixSpec): Matrix => {
    const { cols, parts, bias } = spec;
    if (parts.length === 0)
      return { cols, weights: mlcMatrix(spec), ...(bias !== undefined && { bias: vector(bias) }) };
    const weights = parts.map((part) => rowsInOrder(part, cols, find(part.name).bytes));
    const biases = parts.flatMap((part) => (part.bias === undefined ? [] : [...vector(part.bias)]));
    return { cols, weights: joined(weights), ...(biases.length > 0 && { bias: Float64Array.from(biases) }) };
  };
  const add = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x + (b[i] ?? NaN));

  const rows = tokenIds.length;
  const { hidden, intermediate, rmsNormEps: eps } = shape;
  const times = (x: Float64Array, { cols, weights, bias }: Matrix): Float64Array =>
    matmulTwin(x, rows, weights, cols, bias);
  const names = modelTensors(shape);
  const table = ropeTable(shape, rows, hasLongFactors(shape, rows));
  const { weights: embedding } = matrix(names.embedding);
  let h = joined(tokenIds.map((id) => embedding.slice(id * hidden, (id + 1) * hidden)));
  for (const layer of names.layers) {
    const normed = rmsNormTwin(h, vector(layer.inputNorm), rows, hidden, eps);
    const { q, k, v } = ropeAppendTwin(times(normed, matrix(layer.qkv)), table, 0, { ...shape, rows });
    const kept = roundKv(kvFormat, k, v, shape.kvHeads, shape.headDim);
    const attended = attentionTwin(q, kept.k, kept.v, 0, { ...shape, rows, window: shape.slidingWindow });
    h = add(h, times(attended, matrix(layer.out)));
    const gateUp = times(rmsNormTwin(h, vector(layer.postNorm), rows, hidden, eps), matrix(layer.gateUp));
    h = add(h, times(siluMulTwin(gateUp, rows, intermediate), matrix(layer.down)));
  }
  return times(rmsNormTwin(h, vector(names.norm), rows, hidden, eps), matrix(names.lmHead));
}

/** [rows, cols] of f64 */
interface Matrix {
  readonly cols: number;
  readonly weights: Float64Array;
  readonly bias?: Float64Array;
}

/** A tensor's rows as they are multiplied, [rows, cols]: of a head that llama.cpp's files have interleaved, halves again. */
export function rowsInOrder(
  { rows, type, interleaved }: MatrixPart,
  cols: number,
  bytes: Uint8Array<ArrayBuffer>,
): Float64Array {
  const all = dequantizeBlocks(type, bytes);
  if (interleaved === 0) return all;
  const half = interleaved / 2;
  const ordered = Array.from({ length: rows }, (_, row) => {
    const within = row % interleaved;
    const from = row - within + 2 * (within % half) + Math.floor(within / half);
    return all.subarray(from * cols, (from + 1) * cols);
  });
  return joined(ordered);
}

export function joined(arrays: readonly Float64Array[]): Float64Array {
  const [only, ...more] = arrays;
  if (only && more.length === 0) return only;
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
