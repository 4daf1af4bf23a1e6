// f64 twin of kernels/rms_norm.

/** x: [rows, dim], weight: [dim] -> [rows, dim] */
export function rmsNormTwin(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  rows: number,
  dim: number,
  eps: number,
): Float64Array {
  const y = new Float64Array(rows * dim);
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += (x[r * dim + d] ?? NaN) ** 2;
    const scale = 1 / Math.sqrt(sum / dim + eps);
    for (let d = 0; d < dim; d++) y[r * dim + d] = (x[r * dim + d] ?? NaN) * scale * (weight[d] ?? NaN);
  }
  return y;
}
