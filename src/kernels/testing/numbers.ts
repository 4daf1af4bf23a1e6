// Seeded inputs for kernel tests: plain, with outliers, all negative, large.
import { numberToBf16, numberToF16 } from '../../base/float16';
import { prng } from '../../base/prng';
import type { Q4Matrix } from '../../reference/q4';

export type Flavour = 'plain' | 'outliers' | 'negative' | 'large';
export const flavours: readonly Flavour[] = ['plain', 'outliers', 'negative', 'large'];

export function numbers(count: number, seed: number, flavour: Flavour = 'plain'): Float32Array<ArrayBuffer> {
  const random = prng(seed);
  return Float32Array.from({ length: count }, () => {
    const x = random() * 2 - 1;
    if (flavour === 'negative') return -Math.abs(x) - 0.01;
    if (flavour === 'large') return x * 1e4;
    return flavour === 'outliers' && random() < 0.01 ? x * 300 : x;
  });
}

export function q4Matrix(rows: number, cols: number, scale: 'f16' | 'bf16', seed: number): Q4Matrix {
  const random = prng(seed);
  const q = Uint32Array.from({ length: (rows * cols) / 8 }, () => Math.floor(random() * 2 ** 32));
  const encode = scale === 'f16' ? numberToF16 : numberToBf16;
  // Small, large, subnormal in f16, and negative: the layout allows them all.
  const sizes = [0.02, 0.02, 0.02, 1, 3e-7, -0.02];
  const scales = Uint16Array.from({ length: (rows * cols) / 32 }, () =>
    encode((sizes[Math.floor(random() * sizes.length)] ?? 1) * (0.5 + random())),
  );
  return { rows, cols, q, scales, scale };
}

/** The matrix as the GPU holds it: words, and scales two to a word. */
export function packed({ q, scales }: Q4Matrix): [Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>] {
  const halves = new Uint16Array(Math.ceil(scales.length / 2) * 2);
  halves.set(scales);
  return [new Uint32Array(q), new Uint32Array(halves.buffer)];
}

/** Words without a meaning: what was in a buffer before. */
export function words(count: number, seed: number): Uint32Array<ArrayBuffer> {
  const random = prng(seed);
  return Uint32Array.from({ length: count }, () => Math.floor(random() * 2 ** 32));
}
