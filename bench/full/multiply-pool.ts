// Products of the f64 twin, rows of the weights shared out over worker threads.
import { Worker } from 'node:worker_threads';
import { bf16ToNumber, f16ToNumber } from '../../src/base/float16';
import type { Multiply } from '../../src/model/testing/streamed-twin';

export interface MultiplyPool {
  readonly multiply: Multiply;
  close(): Promise<void>;
}

export function multiplyPool(threads: number): MultiplyPool {
  const script = new URL('./multiply-worker.mjs', import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(script));
  const tables = { f16: table(f16ToNumber), bf16: table(bf16ToNumber) };
  const ask = (worker: Worker, task: object): Promise<void> =>
    new Promise((resolve, reject) => {
      worker.once('message', () => {
        worker.off('error', reject);
        resolve();
      });
      worker.once('error', reject);
      worker.postMessage(task);
    });
  return {
    async multiply(x, M, matrix) {
      const { rows, cols } = matrix;
      const y = new Float64Array(new SharedArrayBuffer(M * rows * 8));
      const weights =
        'weights' in matrix
          ? { weights: share(Float64Array, matrix.weights) }
          : {
              q: share(Uint32Array, matrix.q),
              scales: share(Uint16Array, matrix.scales),
              values: tables[matrix.scale],
            };
      const shared = { M, rows, cols, x: share(Float64Array, x), ...weights, y };
      await Promise.all(
        workers.map((worker, i) =>
          ask(worker, {
            ...shared,
            from: Math.floor((rows * i) / threads),
            to: Math.floor((rows * (i + 1)) / threads),
          }),
        ),
      );
      return Float64Array.from(y);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** What each of the 65536 patterns of a 16-bit float is worth. */
function table(decode: (bits: number) => number): Float64Array {
  const values = new Float64Array(new SharedArrayBuffer(65536 * 8));
  for (let bits = 0; bits < values.length; bits++) values[bits] = decode(bits);
  return values;
}

function share<T extends Float64Array | Uint32Array | Uint16Array>(
  make: new (buffer: SharedArrayBuffer) => T,
  from: T,
): T {
  const copy = new make(new SharedArrayBuffer(from.byteLength));
  copy.set(from);
  return copy;
}
