// Which rows of a long list are drawn: those in sight and a few around them. Rows have known heights, so this is
// arithmetic; nothing is measured and nothing jumps.

export interface Window {
  readonly from: number;
  /** One past the last. */
  readonly to: number;
}

/** Where each row begins, in px, and at the end the height of all. */
export function offsetsOf(heights: readonly number[]): Float64Array {
  const offsets = new Float64Array(heights.length + 1);
  heights.forEach((height, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + height;
  });
  return offsets;
}

export function windowOf(offsets: Float64Array, top: number, height: number, around: number): Window {
  const rows = offsets.length - 1;
  const from = Math.max(0, rowAt(offsets, top) - around);
  return { from, to: Math.min(rows, rowAt(offsets, top + height) + 1 + around) };
}

/** The row at that height, by halving. */
function rowAt(offsets: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(0, offsets.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
