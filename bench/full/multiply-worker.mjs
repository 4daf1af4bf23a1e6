// One thread of multiply-pool.ts: y[m, n] = sum_k x[m, k] * w[n, k] in f64 for its rows n, where w is given as it is or is
// (code[n, k] - 7) * scale[n, k / 32].
// Plain JavaScript, since Node starts it without a bundler.
import { parentPort } from 'node:worker_threads';

/**
 * @typedef {{ M: number, rows: number, cols: number, from: number, to: number, x: Float64Array, y: Float64Array,
 *   weights?: Float64Array, q?: Uint32Array, scales?: Uint16Array, values?: Float64Array }} Task
 */
parentPort?.on('message', (/** @type {Task} */ task) => {
  const { M, rows, cols, from, to, x, y } = task;
  for (let n = from; n < to; n++) {
    const row = rowOf(task, n);
    for (let m = 0; m < M; m++) {
      const at = m * cols;
      // Several sums, so that an addition need not wait for the one before.
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let k = 0; k < cols; k += 4) {
        a += (row[k] ?? NaN) * (x[at + k] ?? NaN);
        b += (row[k + 1] ?? NaN) * (x[at + k + 1] ?? NaN);
        c += (row[k + 2] ?? NaN) * (x[at + k + 2] ?? NaN);
        d += (row[k + 3] ?? NaN) * (x[at + k + 3] ?? NaN);
      }
      y[m * rows + n] = a + b + (c + d);
    }
  }
  parentPort?.postMessage('done');
});

/** @param {Task} task @param {number} n */
function rowOf({ cols, weights, q, scales, values }, n) {
  if (weights) return weights.subarray(n * cols, (n + 1) * cols);
  const row = new Float64Array(cols);
  const word0 = (n * cols) / 8;
  const group0 = (n * cols) / 32;
  for (let k = 0; k < cols; k++) {
    const code = ((q?.[word0 + (k >> 3)] ?? NaN) >>> (4 * (k & 7))) & 15;
    row[k] = (code - 7) * (values?.[scales?.[group0 + (k >> 5)] ?? NaN] ?? NaN);
  }
  return row;
}
