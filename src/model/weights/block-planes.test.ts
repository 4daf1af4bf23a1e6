// What the planes hold, read as blocks.wgsl reads them, against the file's own numbers: exact.
import { describe, expect, it } from 'vitest';
import { f16ToNumber } from '../../base/float16';
import { prng } from '../../base/prng';
import golden from '../../formats/gguf/testing/blocks-golden.json';
import { dequantizeBlocks } from '../../formats/gguf/dequantize';
import { bytesOf, type BlockType } from '../../formats/gguf/types';
import { dequantizeRow, quantizeMatrix } from '../../formats/mlc/quant';
import { blockKinds } from '../../kernels/common/weights';
import { blockMatrix } from '../../kernels/testing/block-matrices';
import { modelTensors, tensorSpecs } from '../../formats/decoder-tensors';
import { mixedBlocks, shapes } from '../../../bench/decode';
import { BlockPlanes, type PlaneWrite } from './block-planes';

/** The formulas of weight_row, group_scales and group_codes, one weight at a time. */
function readWeight(
  [codes, other]: readonly [Uint32Array, Uint32Array],
  kinds: readonly BlockType[],
  groups: number,
  row: number,
  k: number,
): number {
  const word = (i: number): number => other[i] ?? NaN;
  const short = (i: number): number => (word(i >> 1) >>> (16 * (i & 1))) & 0xffff;
  const half = (i: number): number => f16ToNumber(short(i));
  const signed = (byte: number): number => (byte << 24) >> 24;
  const part = row >= word(1) ? 2 : row >= word(0) ? 1 : 0;
  const start = [0, word(0), word(1)][part] ?? 0;
  const kind = kinds[part] ?? kinds[0] ?? 'q4_0';
  const first = (row - start) * groups;
  const [codesAt = 0, high = 0, scale = 0, outer = 0] = other.subarray(4 + 4 * part, 8 + 4 * part);
  const g = k >> 5;
  const [upper, w, i] = [(k >> 4) & 1, (k >> 2) & 3, k & 3];
  if (kind === 'q8_0') {
    const byte = ((codes[(codesAt + 2 * (first + g) + upper) * 4 + w] ?? NaN) >>> (8 * i)) & 255;
    return half(scale * 2 + first + g) * signed(byte);
  }
  let code = ((codes[(codesAt + first + g) * 4 + w] ?? NaN) >>> (8 * i + 4 * upper)) & 15;
  if (kind.startsWith('q5')) code |= ((word(high + first + g) >>> (8 * i + 2 * w + upper)) & 1) << 4;
  if (kind === 'q6_k')
    code |= ((word(high + 2 * (first + g) + (w >> 1)) >>> (8 * i + 4 * (w & 1) + 2 * upper)) & 3) << 4;
  if (kind === 'q4_1' || kind === 'q5_1')
    return code * half(2 * (scale + first + g)) + half(2 * (scale + first + g) + 1);
  const packed = short(scale * 2 + first + g);
  const block = (first + g) >> 3;
  if (kind === 'q4_k' || kind === 'q5_k')
    return code * half(2 * (outer + block)) * (packed & 255) - half(2 * (outer + block) + 1) * (packed >> 8);
  if (kind === 'q6_k') return half(outer * 2 + block) * signed(packed >> (8 * upper)) * (code - 32);
  return half(scale * 2 + first + g) * (code - (kind === 'q4_0' ? 8 : 16));
}

/** An `expect` for each of some ten thousand weights takes longer than reading them. */
function same(read: number, weight: number | undefined): void {
  if (!Object.is(read, weight)) expect(read).toBe(weight);
}

describe('BlockPlanes', () => {
  it.each(blockKinds)('keep every weight of %s', (kind) => {
    const { buffers, weights, rows, cols } = blockMatrix([kind], [5], 768, 3);
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < cols; k++)
        same(readWeight(buffers, [kind], cols / 32, row, k), weights[row * cols + k]);
  });

  it.each(blockKinds)('keep the extreme scales of %s', (kind) => {
    const bytes = Uint8Array.from(Buffer.from(golden[kind].blocks, 'base64'));
    const cols = kind.endsWith('_k') ? 256 : 32;
    const rows = bytes.byteLength / bytesOf(kind, cols);
    const planes = new BlockPlanes([{ type: kind, rows }], cols);
    const [codes, other] = [new Uint8Array(planes.codeBytes), new Uint8Array(planes.otherBytes)];
    other.set(new Uint8Array(planes.head.buffer));
    for (const { into, byteOffset, bytes: placed } of planes.place(0, 0, rows, bytes))
      (into === 'codes' ? codes : other).set(placed, byteOffset);
    const buffers = [new Uint32Array(codes.buffer), new Uint32Array(other.buffer)] as const;
    const expected = dequantizeBlocks(kind, bytes);
    for (let i = 0; i < expected.length; i++)
      // Zero may have either sign: + 0 takes it away.
      expect(readWeight(buffers, [kind], cols / 32, Math.floor(i / cols), i % cols) + 0).toBe(
        (expected[i] ?? NaN) + 0,
      );
  });

  it('keep three tensors of three kinds in one matrix', () => {
    const kinds = ['q4_k', 'q6_k', 'q5_1'] as const;
    const { buffers, weights, rows, cols } = blockMatrix(kinds, [6, 3, 4], 512, 4, true);
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < cols; k++)
        same(readWeight(buffers, kinds, cols / 32, row, k), weights[row * cols + k]);
  });

  it.each(blockKinds)('of %s take at most 1.06 times the bytes of the file', (kind) => {
    const [rows, cols] = [3072, 3072];
    const { codeBytes, otherBytes } = new BlockPlanes([{ type: kind, rows }], cols);
    expect((codeBytes + otherBytes) / bytesOf(kind, rows * cols)).toBeLessThan(1.06);
  });

  it('of Phi-3-mini in Q4_K_M take at most 1.06 times the bytes of the file, all of them', () => {
    const full = shapes['phi-3-mini'];
    if (!full) throw new Error('No shape');
    const shape = mixedBlocks(full, full.layers);
    const { embedding, lmHead, layers } = modelTensors(shape);
    const matrices = layers.flatMap(({ qkv, out, gateUp, down }) => [qkv, out, gateUp, down]);
    const planes = [embedding, lmHead, ...matrices].map(({ parts, cols }) => new BlockPlanes(parts, cols));
    const taken = planes.reduce((sum, { codeBytes, otherBytes }) => sum + codeBytes + otherBytes, 0);
    const blocks = tensorSpecs(shape).filter(({ part }) => part === 'blocks');
    const file = blocks.reduce((sum, { nbytes }) => sum + nbytes, 0);
    // Microsoft's own file has 2.39 GB, its head among them.
    expect(file / 1e9).toBeCloseTo(2.39, 1);
    expect(taken / file).toBeGreaterThan(1);
    expect(taken / file).toBeLessThan(1.06);
  });

  it('hold MLC’s codes and scales as the numbers they are', () => {
    const [rows, cols] = [4, 96];
    const random = prng(9);
    const values = Float64Array.from({ length: rows * cols }, () => random() - 0.5);
    const { weight, scale } = quantizeMatrix(values, rows, cols, 'float16');
    const planes = new BlockPlanes([{ type: 'q4_0', rows }], cols, true);
    const into = { codes: new Uint8Array(planes.codeBytes), other: new Uint8Array(planes.otherBytes) };
    into.other.set(new Uint8Array(planes.head.buffer));
    const put = ({ into: name, byteOffset, bytes }: PlaneWrite): void => into[name].set(bytes, byteOffset);
    put(planes.placeMlcCodes(0, weight.subarray(0, 32)));
    put(planes.placeMlcCodes(32, weight.subarray(32)));
    put(planes.placeMlcScales(0, scale.subarray(0, 8)));
    put(planes.placeMlcScales(8, scale.subarray(8)));
    const halves = new Float32Array((rows * cols) / 32).map((_, i) =>
      f16ToNumber((scale[2 * i] ?? 0) | ((scale[2 * i + 1] ?? 0) << 8)),
    );
    const row = new Float64Array(cols);
    const words = [new Uint32Array(into.codes.buffer), new Uint32Array(into.other.buffer)] as const;
    for (let i = 0; i < rows; i++) {
      dequantizeRow(new Uint32Array(weight.buffer), halves, cols, i, row);
      expect(
        Array.from({ length: cols }, (_, k) => readWeight(words, ['q4_0'], cols / 32, i, k) + 0),
      ).toEqual([...row].map((value) => value + 0));
    }
  });
});
