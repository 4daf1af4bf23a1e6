// One thread of multiply-pool.ts: y[m, n] = sum_k x[m, k] * (code[n, k] - 7) * scale[n, k / 32] in f64 for its rows n.
// Plain JavaScript, since Node starts it without a bundler.
import { parentPort } from 'node:worker_threads';

/**
 * @typedef {{ M: number, rows: number, cols: number, from: number, to: number, x: Float64Array, q: Uint32Array,
 *   scales: Uint16Array, values: Float64Array, y: Float64Array }} Task
 */
parentPort?.on('message', (/** @type {Task} */ task) => {
  const { M, rows, cols, from, to, x, q, scales, values, y } = task;
  const row = new Float64Array(cols);
  for (let n = from; n < to; n++) {
    const word0 = (n * cols) / 8;
    const group0 = (n * cols) / 32;
    for (let k = 0; k < cols; k++) {
      const code = ((q[word0 + (k >> 3)] ?? NaN) >>> (4 * (k & 7))) & 15;
      row[k] = (code - 7) * (values[scales[group0 + (k >> 5)] ?? NaN] ?? NaN);
    }
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
