// Matrices of GGUF blocks as f64, for the twins of every kernel that reads them.
import { dequantizeBlocks } from '../formats/gguf/dequantize';
import type { BlockType } from '../formats/gguf/types';

export interface BlockPart {
  readonly type: BlockType;
  readonly rows: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** [rows, cols], the parts' rows one after another. */
export function dequantizeParts(parts: readonly BlockPart[]): Float64Array {
  const weights = parts.map(({ type, bytes }) => dequantizeBlocks(type, bytes));
  const all = new Float64Array(weights.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of weights) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** x: [M, cols] by weights [rows, cols], and a bias of each row -> [M, rows] */
export function matmulTwin(
  x: ArrayLike<number>,
  M: number,
  weights: Float64Array,
  cols: number,
  bias?: ArrayLike<number>,
): Float64Array {
  const N = weights.length / cols;
  const y = new Float64Array(M * N);
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      let sum = bias?.[n] ?? 0;
      for (let k = 0; k < cols; k++) sum += (x[m * cols + k] ?? NaN) * (weights[n * cols + k] ?? NaN);
      y[m * N + n] = sum;
    }
  }
  return y;
}
