// Weights of the MLC 4-bit layout as f64: the obvious reading of the bytes, shared by the twins of every q4 kernel.
import { bf16ToNumber, f16ToNumber } from '../base/float16';

export interface Q4Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly q: Uint32Array; // [rows, cols/8]
  /** Raw 16-bit patterns. */
  readonly scales: Uint16Array; // [rows, cols/32]
  readonly scale: 'f16' | 'bf16';
}

export function dequantize({ rows, cols, q, scales, scale }: Q4Matrix): Float64Array {
  const decode = scale === 'f16' ? f16ToNumber : bf16ToNumber;
  const w = new Float64Array(rows * cols);
  for (let n = 0; n < rows; n++) {
    for (let k = 0; k < cols; k++) {
      const word = q[n * (cols / 8) + (k >> 3)] ?? NaN;
      const code = (word >>> (4 * (k & 7))) & 15;
      w[n * cols + k] = (code - 7) * decode(scales[n * (cols / 32) + (k >> 5)] ?? NaN);
    }
  }
  return w;
}
