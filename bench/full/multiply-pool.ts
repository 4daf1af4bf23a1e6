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
  const share = sharer();
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
      const y = share('y', Float64Array, M * rows);
      const weights =
        'weights' in matrix
          ? { weights: share('weights', Float64Array, matrix.weights) }
          : {
              q: share('q', Uint32Array, matrix.q),
              scales: share('scales', Uint16Array, matrix.scales),
              values: tables[matrix.scale],
            };
      const shared = { M, rows, cols, x: share('x', Float64Array, x), ...weights, y };
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

type Numbers = Float64Array | Uint32Array | Uint16Array;

/**
 * Copies that threads see, one product after another in the same memory: what a thread has once seen is freed no sooner
 * than that thread collects its garbage, of which it makes none.
 */
function sharer() {
  const kept = new Map<string, SharedArrayBuffer>();
  return <T extends Numbers>(
    name: string,
    make: (new (buffer: SharedArrayBuffer, offset: number, length: number) => T) & {
      readonly BYTES_PER_ELEMENT: number;
    },
    from: T | number,
  ): T => {
    const length = typeof from === 'number' ? from : from.length;
    const bytes = length * make.BYTES_PER_ELEMENT;
    let buffer = kept.get(name);
    if (!buffer || buffer.byteLength < bytes) kept.set(name, (buffer = new SharedArrayBuffer(bytes)));
    const copy = new make(buffer, 0, length);
    if (typeof from !== 'number') copy.set(from);
    return copy;
  };
}
