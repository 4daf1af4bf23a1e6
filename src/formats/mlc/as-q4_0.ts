// MLC's 4-bit groups as llama.cpp's blocks of Q4_0, where something wants those: the same numbers. A group of q4f16_1,
// (q - 7) * s, is a block, d * (p - 8), with p = 15 - q and d = -s; codes of its weights k and k + 16 share a byte there,
// those of 2 k and 2 k + 1 here.

/** Of the codes of a group, in either. */
export const groupBytes = 16;

/** @param from, to where the group's codes begin in `codes` and in `out`. */
export function putCodes(codes: Uint8Array, from: number, out: Uint8Array, to: number): void {
  const code = (k: number): number => 15 - (((codes[from + (k >> 1)] ?? 0) >> (4 * (k & 1))) & 15);
  for (let j = 0; j < groupBytes; j++) out[to + j] = code(j) | (code(j + 16) << 4);
}

/** Halves, little-endian, each with the other sign. */
export const negated = (halves: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  halves.map((byte, i) => (i % 2 === 1 ? byte ^ 0x80 : byte));
