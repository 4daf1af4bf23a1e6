// f64 twin of kernels/common/kv_*: what a cache in some format makes of keys and values.
import { f16ToNumber, numberToF16 } from '../base/float16';
import { kvRowWords, type KvFormat } from '../base/kv-format';

const largestF16 = 65504;
const halfBits = (x: number): number => numberToF16(Math.min(largestF16, Math.max(-largestF16, x)));

/** k, v: [positions, kvHeads * headDim] -> words [positions, kvRowWords] */
export function encodeKv(
  format: KvFormat,
  k: ArrayLike<number>,
  v: ArrayLike<number>,
  kvHeads: number,
  headDim: number,
): Uint32Array<ArrayBuffer> {
  const width = kvHeads * headDim;
  const positions = k.length / width;
  const rowWords = kvRowWords(format, kvHeads, headDim);
  const words = new Uint32Array(positions * rowWords);
  const view = new DataView(words.buffer);
  for (let t = 0; t < positions; t++) {
    for (let head = 0; head < 2 * kvHeads; head++) {
      const source = head < kvHeads ? k : v;
      const from = t * width + (head % kvHeads) * headDim;
      const values = Array.from({ length: headDim }, (_, d) => source[from + d] ?? NaN);
      const row = t * rowWords * 4;
      if (format === 'f32') {
        values.forEach((x, d) => view.setFloat32(row + (head * headDim + d) * 4, x, true));
      } else if (format === 'f16') {
        values.forEach((x, d) => view.setUint16(row + (head * headDim + d) * 2, halfBits(x), true));
      } else {
        const bits = halfBits(values.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0));
        const peak = f16ToNumber(bits);
        values.forEach((x, d) => view.setInt8(row + head * headDim + d, toCode(x, peak)));
        const scales = row + 2 * width;
        view.setUint16(scales + (head % kvHeads) * 4 + (head < kvHeads ? 0 : 2), bits, true);
      }
    }
  }
  return words;
}

/** words [positions, kvRowWords] -> k, v: [positions, kvHeads * headDim] */
export function decodeKv(
  format: KvFormat,
  words: Uint32Array<ArrayBuffer>,
  kvHeads: number,
  headDim: number,
): { k: Float64Array; v: Float64Array } {
  const width = kvHeads * headDim;
  const rowWords = kvRowWords(format, kvHeads, headDim);
  const positions = words.length / rowWords;
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  const at = (t: number, part: 0 | 1, column: number): number => {
    const row = t * rowWords * 4;
    const i = part * width + column;
    if (format === 'f32') return view.getFloat32(row + i * 4, true);
    if (format === 'f16') return f16ToNumber(view.getUint16(row + i * 2, true));
    const head = Math.floor(column / headDim);
    const peak = f16ToNumber(view.getUint16(row + 2 * width + head * 4 + part * 2, true));
    return (view.getInt8(row + i) * peak) / 127;
  };
  const read = (part: 0 | 1): Float64Array =>
    Float64Array.from({ length: positions * width }, (_, i) => at(Math.floor(i / width), part, i % width));
  return { k: read(0), v: read(1) };
}

/** What is read back of keys and values that were written. */
export function roundKv(
  format: KvFormat,
  k: ArrayLike<number>,
  v: ArrayLike<number>,
  kvHeads: number,
  headDim: number,
): { k: Float64Array; v: Float64Array } {
  return decodeKv(format, encodeKv(format, k, v, kvHeads, headDim), kvHeads, headDim);
}

function toCode(x: number, peak: number): number {
  if (peak === 0) return 0;
  return Math.max(-127, Math.min(127, Math.round((x * 127) / peak)));
}
