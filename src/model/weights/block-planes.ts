// How a matrix of GGUF blocks lies in two buffers, and how a row of blocks becomes that: codes where 128-bit loads find
// them, everything else in planes of whole words. Nothing is rounded: bits move, and what the kernels read dequantises
// to the file's own numbers. kernels/common/blocks.wgsl is the reader. No GPU here.
import { invariant } from '../../base/errors';
import { ggufTypes, type BlockType } from '../../formats/gguf/types';
import { groupBytes, negated, putCodes } from '../../formats/mlc/as-q4_0';

/** Words that say where the planes are: see weight_row in blocks.wgsl. */
const headWords = 16;
const biasWord = 2;
const noRow = 0xffffffff;

/** Of one row of 32 weights: words of codes, bits of more codes, words; what else in halves; a half or a word in 256. */
interface PlaneSizes {
  /** Words of codes a group of 32 weights. */
  readonly codes: 4 | 8;
  /** Words of further bits a group. */
  readonly high: 0 | 1 | 2;
  /** Halves (two bytes) of scales a group. */
  readonly scale: 1 | 2;
  /** Halves a block of 256. */
  readonly outer: 0 | 1 | 2;
}

const sizes: Readonly<Record<BlockType, PlaneSizes>> = {
  q4_0: { codes: 4, high: 0, scale: 1, outer: 0 },
  q4_1: { codes: 4, high: 0, scale: 2, outer: 0 },
  q5_0: { codes: 4, high: 1, scale: 1, outer: 0 },
  q5_1: { codes: 4, high: 1, scale: 2, outer: 0 },
  q8_0: { codes: 8, high: 0, scale: 1, outer: 0 },
  q4_k: { codes: 4, high: 0, scale: 1, outer: 2 },
  q5_k: { codes: 4, high: 1, scale: 1, outer: 2 },
  q6_k: { codes: 4, high: 2, scale: 1, outer: 1 },
};

export interface PlanePart {
  readonly type: BlockType;
  readonly rows: number;
}

/** Bytes into one of the two buffers. */
export interface PlaneWrite {
  readonly into: 'codes' | 'other';
  readonly byteOffset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface PartLayout extends PlanePart {
  /** Words of the buffer of codes, of the other one. */
  readonly codes: number;
  readonly high: number;
  readonly scale: number;
  readonly outer: number;
}

export class BlockPlanes {
  readonly codeBytes: number;
  readonly otherBytes: number;
  readonly head: Uint32Array<ArrayBuffer>;
  readonly #parts: readonly PartLayout[];
  readonly #groups: number;
  readonly #bias: number;

  /** @param cols a multiple of what the blocks of every part hold. */
  constructor(parts: readonly PlanePart[], cols: number, hasBias = false) {
    invariant(parts.length > 0 && parts.length <= 3, `A matrix of ${parts.length} tensors`);
    const groups = cols / 32;
    this.#groups = groups;
    let [codes, other] = [0, headWords];
    const take = (halves: number): number => {
      const at = other;
      other += Math.ceil(halves / 2);
      return at;
    };
    this.#parts = parts.map((part) => {
      const { rows, type } = part;
      const size = sizes[type];
      const at = codes;
      codes += rows * groups * size.codes;
      return {
        ...part,
        codes: at,
        high: take(2 * rows * groups * size.high),
        scale: take(rows * groups * size.scale),
        outer: take((rows * groups * size.outer) / 8),
      };
    });
    const allRows = parts.reduce((sum, { rows }) => sum + rows, 0);
    this.#bias = hasBias ? take(2 * allRows) : 0;
    this.codeBytes = codes * 4;
    this.otherBytes = other * 4;
    this.head = new Uint32Array(headWords);
    const [first = 0, second = 0] = parts.map(({ rows }) => rows);
    this.head[0] = parts.length > 1 ? first : noRow;
    this.head[1] = parts.length > 2 ? first + second : noRow;
    this.head[biasWord] = this.#bias;
    this.#parts.forEach((part, i) => {
      this.head.set([part.codes / 4, part.high, part.scale, part.outer], 4 + 4 * i);
    });
  }

  /**
   * Where whole rows of a part go.
   * @param row the first of them in the part, even.
   * @param bytes of the rows, as the file has them.
   * @param orderOf where row i of these goes among them; in order without it.
   */
  place(
    part: number,
    row: number,
    rows: number,
    bytes: Uint8Array<ArrayBuffer>,
    orderOf: (i: number) => number = (i) => i,
  ): readonly PlaneWrite[] {
    const layout = this.#parts[part];
    invariant(layout && row % 2 === 0 && row + rows <= layout.rows, `Rows ${row} + ${rows} of part ${part}`);
    const groups = this.#groups;
    const size = sizes[layout.type];
    const { bytes: blockBytes, weights } = ggufTypes[layout.type];
    const rowBlocks = (groups * 32) / weights;
    const count = rows * groups;
    const out: Planes = {
      codes: new Uint32Array(count * size.codes),
      high: new Uint32Array(count * size.high),
      scale: new Uint16Array(2 * Math.ceil((count * size.scale) / 2)),
      outer: new Uint16Array(2 * Math.ceil((count * size.outer) / 16)),
    };
    const halves = halvesOf(bytes);
    const repack = repackers[layout.type];
    for (let i = 0; i < rows; i++) {
      const to = orderOf(i) * rowBlocks;
      for (let block = 0; block < rowBlocks; block++)
        repack(halves, ((i * rowBlocks + block) * blockBytes) / 2, out, to + block);
    }
    const at = (base: number, halvesBefore: number): number => base * 4 + halvesBefore * 2;
    const before = row * groups;
    const writes: PlaneWrite[] = [
      { into: 'codes', byteOffset: (layout.codes + before * size.codes) * 4, bytes: bytesOfArray(out.codes) },
      { into: 'other', byteOffset: at(layout.high, 2 * before * size.high), bytes: bytesOfArray(out.high) },
      { into: 'other', byteOffset: at(layout.scale, before * size.scale), bytes: bytesOfArray(out.scale) },
      {
        into: 'other',
        byteOffset: at(layout.outer, (before * size.outer) / 8),
        bytes: bytesOfArray(out.outer),
      },
    ];
    return writes.filter((write) => write.bytes.byteLength > 0);
  }

  /** Where MLC's codes of a matrix in Q4_0 go. @param byteOffset in q_weight, of whole groups, as the bytes are. */
  placeMlcCodes(byteOffset: number, bytes: Uint8Array<ArrayBuffer>): PlaneWrite {
    const out = new Uint8Array(bytes.byteLength);
    for (let group = 0; group < bytes.byteLength; group += groupBytes) putCodes(bytes, group, out, group);
    return { into: 'codes', byteOffset, bytes: out };
  }

  /** The same of its scales. @param byteOffset in q_scale, of whole words. */
  placeMlcScales(byteOffset: number, bytes: Uint8Array<ArrayBuffer>): PlaneWrite {
    const scale = this.#parts[0]?.scale ?? 0;
    return { into: 'other', byteOffset: scale * 4 + byteOffset, bytes: negated(bytes) };
  }

  /** Where numbers that are added to the outputs go. @param row of the matrix, not of the part. */
  placeBias(row: number, values: Float32Array<ArrayBuffer>): PlaneWrite {
    invariant(this.#bias > 0, 'A matrix without a bias');
    return { into: 'other', byteOffset: (this.#bias + row) * 4, bytes: bytesOfArray(values) };
  }
}

interface Planes {
  readonly codes: Uint32Array<ArrayBuffer>;
  readonly high: Uint32Array<ArrayBuffer>;
  readonly scale: Uint16Array<ArrayBuffer>;
  readonly outer: Uint16Array<ArrayBuffer>;
}

/** @param from of the block in halves. @param to block of the output, in blocks of the same size. */
type Repack = (source: Uint16Array, from: number, out: Planes, to: number) => void;

const word = (source: Uint16Array, at: number): number =>
  ((source[at] ?? 0) | ((source[at + 1] ?? 0) << 16)) >>> 0;

function copyCodes(source: Uint16Array, from: number, { codes }: Planes, to: number, words: number): void {
  for (let w = 0; w < words; w++) codes[to * words + w] = word(source, from + 2 * w);
}

/** The fifth bits of 32 codes, one after another in a word -> each where it meets its byte: bit 8 i + 2 w + half. */
function spread(bits: number): number {
  let out = 0;
  for (let half = 0; half < 2; half++)
    for (let w = 0; w < 4; w++) {
      const four = (bits >>> (16 * half + 4 * w)) & 15;
      // Bits 0, 1, 2, 3 to 0, 8, 16, 24.
      out |= ((four * 0x00204081) & 0x01010101) << (2 * w + half);
    }
  return out >>> 0;
}

/** Blocks of 256 keep the nibbles of two groups in the same 32 bytes: to 16 bytes a group. */
function splitNibbles(
  source: Uint16Array,
  from: number,
  { codes }: Planes,
  group: number,
  next: number,
): void {
  for (let w = 0; w < 4; w++) {
    const a = word(source, from + 2 * w);
    const b = word(source, from + 8 + 2 * w);
    codes[group * 4 + w] = (a & 0x0f0f0f0f) | ((b & 0x0f0f0f0f) << 4);
    codes[next * 4 + w] = ((a >>> 4) & 0x0f0f0f0f) | (b & 0xf0f0f0f0);
  }
}

/** The 6-bit scales and minimums of a block of 256 -> a byte each, side by side. */
function unpackScales(source: Uint16Array, from: number, { scale }: Planes, to: number): void {
  const s = (i: number): number => ((source[from + (i >> 1)] ?? 0) >> (8 * (i & 1))) & 255;
  for (let j = 0; j < 4; j++) {
    scale[to + j] = (s(j) & 63) | ((s(j + 4) & 63) << 8);
    const late = (s(j + 8) & 15) | ((s(j) >> 6) << 4);
    scale[to + 4 + j] = late | (((s(j + 8) >> 4) | ((s(j + 4) >> 6) << 4)) << 8);
  }
}

const repackers: Readonly<Record<BlockType, Repack>> = {
  q4_0(source, from, out, to) {
    out.scale[to] = source[from] ?? 0;
    copyCodes(source, from + 1, out, to, 4);
  },
  q4_1(source, from, out, to) {
    out.scale[2 * to] = source[from] ?? 0;
    out.scale[2 * to + 1] = source[from + 1] ?? 0;
    copyCodes(source, from + 2, out, to, 4);
  },
  q5_0(source, from, out, to) {
    out.scale[to] = source[from] ?? 0;
    out.high[to] = spread(word(source, from + 1));
    copyCodes(source, from + 3, out, to, 4);
  },
  q5_1(source, from, out, to) {
    out.scale[2 * to] = source[from] ?? 0;
    out.scale[2 * to + 1] = source[from + 1] ?? 0;
    out.high[to] = spread(word(source, from + 2));
    copyCodes(source, from + 4, out, to, 4);
  },
  q8_0(source, from, out, to) {
    out.scale[to] = source[from] ?? 0;
    copyCodes(source, from + 1, out, to, 8);
  },
  q4_k(source, from, out, to) {
    out.outer[2 * to] = source[from] ?? 0;
    out.outer[2 * to + 1] = source[from + 1] ?? 0;
    unpackScales(source, from + 2, out, to * 8);
    for (let c = 0; c < 4; c++)
      splitNibbles(source, from + 8 + 16 * c, out, to * 8 + 2 * c, to * 8 + 2 * c + 1);
  },
  q5_k(source, from, out, to) {
    out.outer[2 * to] = source[from] ?? 0;
    out.outer[2 * to + 1] = source[from + 1] ?? 0;
    unpackScales(source, from + 2, out, to * 8);
    for (let g = 0; g < 8; g++) {
      let high = 0;
      // Byte l of these 32 has the fifth bits of code l of all eight groups.
      for (let v = 0; v < 8; v++)
        high |= ((word(source, from + 8 + 2 * v) >>> g) & 0x01010101) << (2 * (v & 3) + (v >> 2));
      out.high[to * 8 + g] = high >>> 0;
    }
    for (let c = 0; c < 4; c++)
      splitNibbles(source, from + 24 + 16 * c, out, to * 8 + 2 * c, to * 8 + 2 * c + 1);
  },
  q6_k(source, from, out, to) {
    out.outer[to] = source[from + 104] ?? 0;
    for (let g = 0; g < 8; g++) out.scale[to * 8 + g] = source[from + 96 + g] ?? 0;
    for (let half = 0; half < 2; half++) {
      const first = to * 8 + half * 4;
      // 64 bytes: of the first 32 the low nibbles are one group and the high ones the next but one.
      splitNibbles(source, from + 32 * half, out, first, first + 2);
      splitNibbles(source, from + 32 * half + 16, out, first + 1, first + 3);
      for (let g = 0; g < 4; g++) {
        const high = [0, 0];
        for (let v = 0; v < 8; v++) {
          const pairs = (word(source, from + 64 + 16 * half + 2 * v) >>> (2 * g)) & 0x03030303;
          const [w, upper] = [v & 3, v >> 2];
          high[w >> 1] = (high[w >> 1] ?? 0) | (pairs << (4 * (w & 1) + 2 * upper));
        }
        out.high[(first + g) * 2] = (high[0] ?? 0) >>> 0;
        out.high[(first + g) * 2 + 1] = (high[1] ?? 0) >>> 0;
      }
    }
  },
};

function halvesOf(bytes: Uint8Array<ArrayBuffer>): Uint16Array {
  const even = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(even.buffer, even.byteOffset, even.byteLength >> 1);
}

function bytesOfArray(
  array: Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
) {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
