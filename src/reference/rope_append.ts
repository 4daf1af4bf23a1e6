// f64 twin of kernels/rope_append.

export interface RopeShape {
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rotaryDim: number;
}

/** qkv: [rows, (heads + 2 kvHeads) * headDim], table: (cos, sin) [positions, rotaryDim/2] -> rotated q and k, v, by rows */
export function ropeAppendTwin(
  qkv: ArrayLike<number>,
  table: ArrayLike<number>,
  position: number,
  { rows, heads, kvHeads, headDim, rotaryDim }: RopeShape,
): { q: Float64Array; k: Float64Array; v: Float64Array } {
  const pairs = rotaryDim / 2;
  const width = (heads + 2 * kvHeads) * headDim;
  const rotated = Float64Array.from({ length: rows * width }, (_, i) => qkv[i] ?? NaN);
  for (let r = 0; r < rows; r++) {
    for (let h = 0; h < heads + kvHeads; h++) {
      for (let d = 0; d < pairs; d++) {
        const at = r * width + h * headDim + d;
        const [a, b] = [qkv[at] ?? NaN, qkv[at + pairs] ?? NaN];
        const turn = ((position + r) * pairs + d) * 2;
        const [cos, sin] = [table[turn] ?? NaN, table[turn + 1] ?? NaN];
        rotated[at] = a * cos - b * sin;
        rotated[at + pairs] = b * cos + a * sin;
      }
    }
  }
  const columns = (from: number, to: number): Float64Array => {
    const out = new Float64Array(rows * (to - from));
    for (let r = 0; r < rows; r++)
      out.set(rotated.subarray(r * width + from, r * width + to), r * (to - from));
    return out;
  };
  const [endQ, endK] = [heads * headDim, (heads + kvHeads) * headDim];
  return { q: columns(0, endQ), k: columns(endQ, endK), v: columns(endK, width) };
}
