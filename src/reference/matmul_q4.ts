// f64 twin of kernels/matmul_q4.
import { dequantize, type Q4Matrix } from './q4';

/** x: [M, cols] by weights [rows, cols] -> [M, rows] */
export function matmulQ4Twin(x: ArrayLike<number>, M: number, weights: Q4Matrix): Float64Array {
  const { rows: N, cols: K } = weights;
  const w = dequantize(weights);
  const y = new Float64Array(M * N);
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += (x[m * K + k] ?? NaN) * (w[n * K + k] ?? NaN);
      y[m * N + n] = sum;
    }
  }
  return y;
}
