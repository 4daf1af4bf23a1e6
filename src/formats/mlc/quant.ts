// q4f16_1 and q4f32_1 as numbers: reading for the CPU twins, writing for tests and synthetic weights. The GPU
// reads the same bytes by itself (src/kernels). Layout: mlc-llm quantization/group_quantization.py; a group is 32
// numbers along a row, eight to a 32-bit word with the first in the low bits, w = (q - 7) * scale.
import { invariant } from '../../base/errors';
import { bf16ToNumber, f16ToNumber, numberToBf16, numberToF16 } from '../../base/float16';
import type { TensorRecord } from './manifest';

export const groupSize = 32;

/** Numbers of a float16 or float32 tensor (norm weights, scales), bfloat16 on disk included. */
export function decodeFloats(record: TensorRecord, bytes: Uint8Array): Float32Array {
  invariant(record.dtype !== 'uint32', `${record.name} is not a float tensor`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = record.dtype === 'float32' && record.format === 'raw';
  const out = new Float32Array(record.nbytes / (wide ? 4 : 2));
  for (let i = 0; i < out.length; i++) {
    if (wide) out[i] = view.getFloat32(4 * i, true);
    else if (record.dtype === 'float16') out[i] = f16ToNumber(view.getUint16(2 * i, true));
    else out[i] = bf16ToNumber(view.getUint16(2 * i, true));
  }
  return out;
}

/** Words of a uint32 tensor, little-endian on every machine. */
export function decodeWords(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Uint32Array(bytes.byteLength >>> 2);
  for (let i = 0; i < out.length; i++) out[i] = view.getUint32(4 * i, true);
  return out;
}

/**
 * One row of a quantised matrix.
 * @param words q_weight, [rows, cols / 8].
 * @param scales q_scale, [rows, cols / 32].
 * @param out receives `cols` numbers from `outOffset` on.
 */
export function dequantizeRow(
  words: Uint32Array,
  scales: Float32Array,
  cols: number,
  row: number,
  out: Float32Array | Float64Array,
  outOffset = 0,
): void {
  const firstWord = (row * cols) / 8;
  const firstGroup = (row * cols) / groupSize;
  for (let k = 0; k < cols; k++) {
    const word = words[firstWord + (k >>> 3)] ?? 0;
    const scale = scales[firstGroup + (k >>> 5)] ?? 0;
    out[outOffset + k] = (((word >>> (4 * (k & 7))) & 15) - 7) * scale;
  }
}

export interface QuantizedMatrix {
  /** q_weight, [rows, cols / 8], as bytes. */
  readonly weight: Uint8Array<ArrayBuffer>;
  /** q_scale, [rows, cols / 32], two bytes each. */
  readonly scale: Uint8Array<ArrayBuffer>;
}

/**
 * Quantises a row-major matrix as MLC does: scale = max|w| / 7 over a group, q in 0..14.
 * @param cols a multiple of 32.
 * @param scaleType how scales are stored: float16 in q4f16_1, bfloat16 in q4f32_1.
 */
export function quantizeMatrix(
  weights: ArrayLike<number>,
  rows: number,
  cols: number,
  scaleType: 'float16' | 'bfloat16',
): QuantizedMatrix {
  invariant(cols % groupSize === 0, `cols ${cols} is not a multiple of ${groupSize}`);
  invariant(weights.length === rows * cols, `${weights.length} weights for ${rows} x ${cols}`);
  const weight = new Uint8Array((rows * cols) / 2);
  const scale = new Uint8Array((rows * cols) / 16);
  const scales = new DataView(scale.buffer);
  for (let group = 0; group < (rows * cols) / groupSize; group++) {
    const start = group * groupSize;
    let max = 0;
    for (let k = 0; k < groupSize; k++) max = Math.max(max, Math.abs(weights[start + k] ?? 0));
    const bits = scaleType === 'float16' ? numberToF16(max / 7) : numberToBf16(max / 7);
    const stored = scaleType === 'float16' ? f16ToNumber(bits) : bf16ToNumber(bits);
    scales.setUint16(2 * group, bits, true);
    for (let k = 0; k < groupSize; k++) {
      const level = stored === 0 ? 0 : Math.round((weights[start + k] ?? 0) / stored);
      const q = Math.min(14, Math.max(0, level + 7));
      const at = (start + k) >>> 1;
      weight[at] = (weight[at] ?? 0) | (k & 1 ? q << 4 : q);
    }
  }
  return { weight, scale };
}
