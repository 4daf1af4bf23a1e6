// Rows of the KV cache in kernel tests: what a kernel appended, and how exactly a format keeps it.
import { kvRowWords, type KvFormat } from '../../base/kv-format';
import type { Tolerance } from '../../reference/compare';
import { decodeKv } from '../../reference/kv_format';

interface Appended {
  readonly format: KvFormat;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly position: number;
  readonly rows: number;
}

/** The keys, then the values, of the rows a kernel wrote. @throws when anything else of the cache has changed. */
export function appendedRows(
  cache: Float32Array | undefined,
  before: Uint32Array,
  { format, kvHeads, headDim, position, rows }: Appended,
): Float64Array {
  if (!cache) throw new Error('The kernel wrote no cache');
  const words = new Uint32Array(cache.buffer, cache.byteOffset, cache.length);
  const rowWords = kvRowWords(format, kvHeads, headDim);
  const [start, end] = [position * rowWords, (position + rows) * rowWords];
  before.forEach((word, i) => {
    if ((i < start || i >= end) && words[i] !== word) throw new Error(`Word ${i} of the cache has changed`);
  });
  const { k, v } = decodeKv(format, words.slice(start, end), kvHeads, headDim);
  return Float64Array.from([...k, ...v]);
}

/**
 * Of numbers up to about `size`. WGSL leaves open which neighbour a number is rounded to, so each may be off by one
 * step; that hardly any is shows in the whole.
 */
export function kvTolerance(format: KvFormat, exact: Tolerance, size = 1): Tolerance {
  if (format === 'f32') {
    return size === 1 ? exact : { rtol: 1e-5, atol: 1e-6 * size, why: exact.why };
  }
  if (format === 'f16') return { rtol: 2 ** -10, atol: 2 ** -14, nmse: 1e-7, why: 'the other neighbour' };
  return { atol: (1.6 * size) / 127 + 2 ** -14, nmse: 1e-5, why: 'the next code' };
}
