// How the KV cache keeps its numbers. One row of words per position, the same for every layer: the keys of each KV
// head, then the values of each, then what the format needs besides. Sizes only; the kernels' side of it is
// kernels/common/kv.ts, the twin's reference/kv_format.ts.

/** f16: two to a word. int8: four to a word, and per KV head a word of two f16, the largest |k| and the largest |v|. */
export type KvFormat = 'f32' | 'f16' | 'int8';

export const kvFormats: readonly KvFormat[] = ['f32', 'f16', 'int8'];

/** 32-bit words of one position of one layer. */
export function kvRowWords(format: KvFormat, kvHeads: number, headDim: number): number {
  const numbers = 2 * kvHeads * headDim;
  if (format === 'f32') return numbers;
  return format === 'f16' ? numbers / 2 : numbers / 4 + kvHeads;
}
