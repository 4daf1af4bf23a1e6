// Weights of a GGUF block as numbers: the obvious reading of the bytes, for CPU twins and tests. The GPU reads what
// blocks.ts makes of the same bytes. Layouts: ggml's ggml-common.h and ggml-quants.c.
import { invariant } from '../../base/errors';
import { bf16ToNumber, f16ToNumber } from '../../base/float16';
import { ggufTypes, type GgufType } from './types';

/** @param bytes whole blocks. @returns their weights in f64: products of few-bit numbers, exact. */
export function dequantizeBlocks(type: GgufType, bytes: Uint8Array): Float64Array {
  const { weights, bytes: blockBytes } = ggufTypes[type];
  invariant(bytes.byteLength % blockBytes === 0, `${bytes.byteLength} bytes of ${type}`);
  const out = new Float64Array((bytes.byteLength / blockBytes) * weights);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let block = 0; block * blockBytes < bytes.byteLength; block++)
    readers[type](new Block(view, block * blockBytes), out.subarray(block * weights, (block + 1) * weights));
  return out;
}

class Block {
  constructor(
    private readonly view: DataView,
    private readonly start: number,
  ) {}
  f16 = (at: number): number => f16ToNumber(this.view.getUint16(this.start + at, true));
  u8 = (at: number): number => this.view.getUint8(this.start + at);
  i8 = (at: number): number => this.view.getInt8(this.start + at);
  u16 = (at: number): number => this.view.getUint16(this.start + at, true);
  f32 = (at: number): number => this.view.getFloat32(this.start + at, true);
  /** Code k of 32: the low halves of 16 bytes, then the high ones. */
  nibble = (at: number, k: number): number => (this.u8(at + (k % 16)) >> (k < 16 ? 0 : 4)) & 15;
  bit = (at: number, k: number): number => (this.u8(at + (k >> 3)) >> (k & 7)) & 1;
  /** Scale and minimum j of the eight of a K block, six bits each. */
  scaleAndMin(at: number, j: number): readonly [scale: number, min: number] {
    const s = (i: number): number => this.u8(at + i);
    if (j < 4) return [s(j) & 63, s(j + 4) & 63];
    return [(s(j + 4) & 15) | ((s(j - 4) >> 6) << 4), (s(j + 4) >> 4) | ((s(j) >> 6) << 4)];
  }
}

type Reader = (block: Block, out: Float64Array) => void;

const fill = (out: Float64Array, weight: (k: number) => number): void => {
  for (let k = 0; k < out.length; k++) out[k] = weight(k);
};

/** The same by groups of so many, each of which has numbers of its own. */
const fillGroups = (
  out: Float64Array,
  size: number,
  weightsOf: (group: number) => (k: number) => number,
): void => {
  for (let group = 0; group * size < out.length; group++) {
    const weight = weightsOf(group);
    for (let k = group * size; k < (group + 1) * size; k++) out[k] = weight(k);
  }
};

const readers: Readonly<Record<GgufType, Reader>> = {
  f32: (b, out) => fill(out, () => b.f32(0)),
  f16: (b, out) => fill(out, () => b.f16(0)),
  bf16: (b, out) => fill(out, () => bf16ToNumber(b.u16(0))),
  q4_0: (b, out) => fill(out, (k) => b.f16(0) * (b.nibble(2, k) - 8)),
  q4_1: (b, out) => fill(out, (k) => b.f16(0) * b.nibble(4, k) + b.f16(2)),
  q5_0: (b, out) => fill(out, (k) => b.f16(0) * ((b.nibble(6, k) | (b.bit(2, k) << 4)) - 16)),
  q5_1: (b, out) => fill(out, (k) => b.f16(0) * (b.nibble(8, k) | (b.bit(4, k) << 4)) + b.f16(2)),
  q8_0: (b, out) => fill(out, (k) => b.f16(0) * b.i8(2 + k)),
  q4_k: (b, out) =>
    fillGroups(out, 32, (j) => {
      const [scale, min] = b.scaleAndMin(4, j);
      const [d, less] = [b.f16(0) * scale, b.f16(2) * min];
      return (k) => {
        const byte = b.u8(16 + 32 * (k >> 6) + (k & 31));
        return d * ((k & 32 ? byte >> 4 : byte) & 15) - less;
      };
    }),
  q5_k: (b, out) =>
    fillGroups(out, 32, (j) => {
      const [scale, min] = b.scaleAndMin(4, j);
      const [d, less] = [b.f16(0) * scale, b.f16(2) * min];
      return (k) => {
        const byte = b.u8(48 + 32 * (k >> 6) + (k & 31));
        const high = (b.u8(16 + (k & 31)) >> j) & 1;
        return d * (((k & 32 ? byte >> 4 : byte) & 15) | (high << 4)) - less;
      };
    }),
  q6_k: (b, out) =>
    fillGroups(out, 16, (j) => {
      const d = b.f16(208) * b.i8(192 + j);
      return (k) => {
        const [half, quarter, i] = [k >> 7, (k >> 5) & 3, k & 31];
        const byte = b.u8(64 * half + 32 * (quarter & 1) + i);
        const low = (quarter & 2 ? byte >> 4 : byte) & 15;
        const high = (b.u8(128 + 32 * half + i) >> (2 * quarter)) & 3;
        return d * ((low | (high << 4)) - 32);
      };
    }),
};
