// f64 twin of kernels/silu_mul.

/** gateUp: [rows, 2 * width], gate first -> [rows, width] */
export function siluMulTwin(gateUp: ArrayLike<number>, rows: number, width: number): Float64Array {
  const y = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) {
    for (let f = 0; f < width; f++) {
      const gate = gateUp[r * 2 * width + f] ?? NaN;
      const up = gateUp[r * 2 * width + width + f] ?? NaN;
      y[r * width + f] = (up * gate) / (1 + Math.exp(-gate));
    }
  }
  return y;
}
