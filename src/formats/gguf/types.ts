// The tensor types of a GGUF file that this engine reads: how many weights a block has, and how many bytes it takes.
// Layouts: ggml's ggml-common.h; dequantize.ts reads them one by one.

export const ggufTypes = {
  f32: { id: 0, weights: 1, bytes: 4 },
  f16: { id: 1, weights: 1, bytes: 2 },
  q4_0: { id: 2, weights: 32, bytes: 18 },
  q4_1: { id: 3, weights: 32, bytes: 20 },
  q5_0: { id: 6, weights: 32, bytes: 22 },
  q5_1: { id: 7, weights: 32, bytes: 24 },
  q8_0: { id: 8, weights: 32, bytes: 34 },
  q4_k: { id: 12, weights: 256, bytes: 144 },
  q5_k: { id: 13, weights: 256, bytes: 176 },
  q6_k: { id: 14, weights: 256, bytes: 210 },
  bf16: { id: 30, weights: 1, bytes: 2 },
} as const;

export type GgufType = keyof typeof ggufTypes;
/** Those of a number a block: norms, factors, small tensors. */
export type FloatType = 'f32' | 'f16' | 'bf16';
/** Those that matrices come in. */
export type BlockType = Exclude<GgufType, FloatType>;

/** Types that files hold and this engine does not read, for the words of the error. */
const otherTypes: Readonly<Record<number, string>> = {
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
};

const byId: ReadonlyMap<number, GgufType> = new Map(
  (Object.keys(ggufTypes) as GgufType[]).map((type) => [ggufTypes[type].id, type]),
);

export const typeOfId = (id: number): GgufType | undefined => byId.get(id);
export const nameOfId = (id: number): string =>
  byId.get(id)?.toUpperCase() ?? otherTypes[id] ?? `number ${id}`;

export const isGgufType = (name: string): name is GgufType => Object.hasOwn(ggufTypes, name);
export const isFloatType = (type: string): type is FloatType =>
  type === 'f32' || type === 'f16' || type === 'bf16';
export const isBlockType = (type: string): type is BlockType => isGgufType(type) && !isFloatType(type);

/** @param weights a multiple of the block's. */
export function bytesOf(type: GgufType, weights: number): number {
  const block = ggufTypes[type];
  return (weights / block.weights) * block.bytes;
}
