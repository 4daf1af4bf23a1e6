// Random blocks of every type, for tests and for the check of a GPU: finite numbers of about a given size.
import { bytesOf, ggufTypes, type BlockType, type GgufType } from './types';

/** Codes of a type in their usual size, of all their bits and their blocks' scales. */
const usualCode: Readonly<Record<BlockType, number>> = {
  q4_0: 8,
  q4_1: 8,
  q5_0: 16,
  q5_1: 16,
  q8_0: 70,
  q4_k: 300,
  q5_k: 600,
  q6_k: 1200,
};

/** A matrix whose rows of `cols` keep the size of what they are multiplied with. */
export function randomMatrix(
  type: BlockType,
  rows: number,
  cols: number,
  random: () => number,
): Uint8Array<ArrayBuffer> {
  return randomBlocks(type, rows * cols, random, 1 / (usualCode[type] * Math.sqrt(cols)));
}

/** @param random in [0, 1). Finite numbers: scales are small halves. */
export function randomBlocks(
  type: GgufType,
  weights: number,
  random: () => number,
  size = 0.02,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(bytesOf(type, weights));
  const { weights: blockWeights, bytes: blockBytes } = ggufTypes[type];
  const view = new DataView(bytes.buffer);
  if (type === 'f32') {
    for (let i = 0; i < weights; i++) view.setFloat32(4 * i, size * (0.5 + random()), true);
    return bytes;
  }
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256);
  // Exponent of about `size`, any mantissa: halves at the places where a block has them.
  const exponent = Math.max(1, Math.min(30, Math.round(Math.log2(size)) + 15));
  const places: Readonly<Partial<Record<GgufType, readonly number[]>>> = {
    f16: [0],
    q4_0: [0],
    q4_1: [0, 2],
    q5_0: [0],
    q5_1: [0, 2],
    q8_0: [0],
    q4_k: [0, 2],
    q5_k: [0, 2],
    q6_k: [208],
  };
  for (let block = 0; block < weights / blockWeights; block++)
    for (const at of places[type] ?? []) {
      const sign = random() < 0.3 ? 0x8000 : 0;
      view.setUint16(block * blockBytes + at, sign | (exponent << 10) | Math.floor(random() * 1024), true);
    }
  if (type === 'bf16') for (let i = 0; i < weights; i++) view.setUint16(2 * i, (exponent + 112) << 7, true);
  return bytes;
}
