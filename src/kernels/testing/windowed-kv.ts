// A cache as a sliding window leaves it: what nobody may look at any more is poison, and a ring has the newest rows.
import { kvRowWords, type KvFormat } from '../../base/kv-format';
import { encodeKv } from '../../reference/kv_format';

/** As f32 no number, as two f16 no number and one; as peaks of an int8 row, values that are none. */
const poison = 0x7fc0dead;

export interface WindowedKv {
  readonly format: KvFormat;
  readonly kvHeads: number;
  readonly headDim: number;
  /** The first position that anybody sees. */
  readonly first: number;
  /** Rows, where it is a ring. */
  readonly ring?: number | undefined;
}

/** @param k, v [positions, kvHeads * headDim] */
export function windowedKv(
  k: Float32Array,
  v: Float32Array,
  { format, kvHeads, headDim, first, ring }: WindowedKv,
): Uint32Array<ArrayBuffer> {
  const rowWords = kvRowWords(format, kvHeads, headDim);
  const all = encodeKv(format, k, v, kvHeads, headDim);
  const positions = all.length / rowWords;
  const rows = ring ?? positions;
  const words = new Uint32Array(rows * rowWords).fill(poison);
  for (let t = first; t < positions; t++)
    words.set(all.subarray(t * rowWords, (t + 1) * rowWords), (t % rows) * rowWords);
  return words;
}

export const firstSeen = (position: number, window: number | undefined): number =>
  Math.max(0, position + 1 - (window ?? Infinity));
