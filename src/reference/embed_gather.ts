// f64 twin of kernels/embed_gather.
import { dequantize, type Q4Matrix } from './q4';

/** Rows of the table for some ids -> [ids, cols] */
export function embedGatherTwin(ids: ArrayLike<number>, table: Q4Matrix): Float64Array {
  const all = dequantize(table);
  const y = new Float64Array(ids.length * table.cols);
  for (let r = 0; r < ids.length; r++) {
    const id = ids[r] ?? 0;
    y.set(all.subarray(id * table.cols, (id + 1) * table.cols), r * table.cols);
  }
  return y;
}
