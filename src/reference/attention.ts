// f64 twin of kernels/attention.

export interface AttentionShape {
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Newest positions that a row sees, its own among them; without it all. */
  readonly window?: number | undefined;
}

/** q: [rows, heads * headDim], k, v: [positions, kvHeads * headDim]; row r sees the window of positions 0 .. position + r */
export function attentionTwin(
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  v: ArrayLike<number>,
  position: number,
  { rows, heads, kvHeads, headDim, window = Infinity }: AttentionShape,
): Float64Array {
  const out = new Float64Array(rows * heads * headDim);
  for (let r = 0; r < rows; r++) {
    for (let h = 0; h < heads; h++) {
      const at = (r * heads + h) * headDim;
      const column = Math.floor(h / (heads / kvHeads)) * headDim;
      const scores: number[] = [];
      const first = Math.max(0, position + r + 1 - window);
      for (let t = first; t <= position + r; t++) {
        let score = 0;
        for (let d = 0; d < headDim; d++) {
          score += (q[at + d] ?? NaN) * (k[t * kvHeads * headDim + column + d] ?? NaN);
        }
        scores.push(score / Math.sqrt(headDim));
      }
      const top = scores.reduce((a, b) => Math.max(a, b), -Infinity);
      const weights = scores.map((score) => Math.exp(score - top));
      const total = weights.reduce((a, b) => a + b, 0);
      weights.forEach((weight, i) => {
        const t = first + i;
        for (let d = 0; d < headDim; d++) {
          out[at + d] =
            (out[at + d] ?? 0) + (weight / total) * (v[t * kvHeads * headDim + column + d] ?? NaN);
        }
      });
    }
  }
  return out;
}
