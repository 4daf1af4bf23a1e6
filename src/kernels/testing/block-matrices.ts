// Matrices of GGUF blocks for kernel tests: the file's bytes, the two buffers made of them, and the numbers they mean.
import { prng } from '../../base/prng';
import { randomBlocks } from '../../formats/gguf/random-blocks';
import { ggufTypes, type BlockType } from '../../formats/gguf/types';
import { BlockPlanes, type PlaneWrite } from '../../model/weights/block-planes';
import { dequantizeParts, type BlockPart } from '../../reference/blocks';
import { blockFormat, type BlockFormat } from '../common/weights';
import { numbers } from './numbers';

export interface BlockMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly format: BlockFormat;
  readonly parts: readonly BlockPart[];
  /** [rows, cols] */
  readonly weights: Float64Array;
  readonly bias: Float32Array<ArrayBuffer> | undefined;
  /** What kernels bind as `q` and `scales`. */
  readonly buffers: [Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>];
}

/** @param kinds of the parts, one or as many as `rows`. */
export function blockMatrix(
  kinds: readonly BlockType[],
  rows: readonly number[],
  cols: number,
  seed: number,
  withBias = false,
): BlockMatrix {
  const random = prng(seed);
  const parts = rows.map((count, i): BlockPart => {
    const type = kinds[i] ?? kinds[0] ?? 'q4_0';
    return { type, rows: count, bytes: randomBlocks(type, count * cols, random, sizeOf(type)) };
  });
  const all = rows.reduce((a, b) => a + b, 0);
  const planes = new BlockPlanes(parts, cols, withBias);
  const codes = new Uint8Array(planes.codeBytes);
  const other = new Uint8Array(planes.otherBytes);
  other.set(new Uint8Array(planes.head.buffer));
  const put = ({ into, byteOffset, bytes }: PlaneWrite): void =>
    (into === 'codes' ? codes : other).set(bytes, byteOffset);
  parts.forEach(({ rows: count, type, bytes }, part) => {
    const rowBytes = (cols / ggufTypes[type].weights) * ggufTypes[type].bytes;
    // In two goes, as a file may come.
    const cut = Math.floor(count / 4) * 2;
    for (const [from, to] of [
      [0, cut],
      [cut, count],
    ] as const) {
      if (from === to) continue;
      planes.place(part, from, to - from, bytes.subarray(from * rowBytes, to * rowBytes)).forEach(put);
    }
  });
  const bias = withBias ? numbers(all, seed + 1) : undefined;
  if (bias) put(planes.placeBias(0, bias));
  return {
    rows: all,
    cols,
    format: blockFormat(parts.map(({ type }) => type)),
    parts,
    weights: dequantizeParts(parts),
    bias,
    buffers: [new Uint32Array(codes.buffer), new Uint32Array(other.buffer)],
  };
}

/** Of the scale in a block, such that weights are around a hundredth. */
const sizeOf = (type: BlockType): number => (type.endsWith('_k') ? 2 ** -12 : 2 ** -8);
