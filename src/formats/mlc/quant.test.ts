import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng';
import type { TensorRecord } from './manifest';
import { decodeFloats, decodeWords, dequantizeRow, quantizeMatrix } from './quant';

const record = (dtype: TensorRecord['dtype'], format: TensorRecord['format'], n: number): TensorRecord => ({
  name: 't',
  shape: [n],
  dtype,
  format,
  nbytes: n * (dtype === 'float16' || format === 'f32-to-bf16' ? 2 : 4),
  byteOffset: 0,
});

describe('q4', () => {
  it('reads the layout of MLC: eight to a word, first in the low bits, 7 is zero', () => {
    // Levels 0..14 and 7, group 1 scaled by 2, group 2 by 0.5.
    const words = new Uint32Array([
      0x76543210,
      0xedcba987 >>> 0,
      0x77777777,
      0x77777777,
      0x7777777e,
      0,
      0,
      0,
    ]);
    const out = new Float64Array(66);
    dequantizeRow(words, new Float32Array([2, 0.5]), 64, 0, out, 1);
    expect([...out.slice(1, 17)]).toEqual([-14, -12, -10, -8, -6, -4, -2, 0, 0, 2, 4, 6, 8, 10, 12, 14]);
    expect([...out.slice(33, 35)]).toEqual([3.5, 0]);
    expect([...out.slice(41, 43)]).toEqual([-3.5, -3.5]);
    expect([out[0], out[65]]).toEqual([0, 0]);
  });

  it('reads bytes as a little-endian machine wrote them: low nibble first', () => {
    const bytes = new Uint8Array(17).fill(0x77);
    bytes[1] = 0x9e;
    const words = decodeWords(bytes.subarray(1));
    const out = new Float32Array(32);
    dequantizeRow(words, new Float32Array([1]), 32, 0, out);
    expect([...out.slice(0, 3)]).toEqual([7, 2, 0]);
  });

  it.each(['float16', 'bfloat16'] as const)('writes what it reads, within half a step: %s', (scaleType) => {
    const [rows, cols] = [5, 96];
    const random = prng(3);
    const weights = Float32Array.from({ length: rows * cols }, () => (random() - 0.5) * 0.2);
    weights[10] = 3;
    weights.fill(0, 32, 64);
    const { weight, scale } = quantizeMatrix(weights, rows, cols, scaleType);
    const scales = decodeFloats(
      record(scaleType === 'float16' ? 'float16' : 'float32', 'f32-to-bf16', (rows * cols) / 32),
      scale,
    );
    const row = new Float32Array(cols);
    for (let r = 0; r < rows; r++) {
      dequantizeRow(decodeWords(weight), scales, cols, r, row);
      for (let k = 0; k < cols; k++) {
        const step = scales[(r * cols + k) >> 5] ?? 0;
        // bfloat16 keeps 8 bits of the scale, so the largest weight may be clipped by 7 x 2^-9 of a step.
        expect(Math.abs((row[k] ?? 0) - (weights[r * cols + k] ?? 0))).toBeLessThanOrEqual(
          step * 0.52 + 1e-9,
        );
      }
    }
    // 15 is a level MLC never writes.
    for (const byte of weight) expect(Math.max(byte & 15, byte >> 4)).toBeLessThanOrEqual(14);
  });

  it('quantises what it dequantised to the same bytes', () => {
    const weights = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.7));
    const first = quantizeMatrix(weights, 1, 64, 'float16');
    const back = new Float32Array(64);
    dequantizeRow(
      decodeWords(first.weight),
      decodeFloats(record('float16', 'raw', 2), first.scale),
      64,
      0,
      back,
    );
    expect(quantizeMatrix(back, 1, 64, 'float16')).toEqual(first);
  });
});

describe('floats', () => {
  it('reads float16, bfloat16 and float32, at any alignment', () => {
    expect([
      ...decodeFloats(record('float16', 'raw', 2), Uint8Array.of(9, 0, 0x3c, 1, 0).subarray(1)),
    ]).toEqual([1, 2 ** -24]);
    expect([...decodeFloats(record('float32', 'f32-to-bf16', 1), Uint8Array.of(0xc0, 0x3f))]).toEqual([1.5]);
    expect([...decodeFloats(record('float32', 'raw', 1), Uint8Array.of(0, 0, 0xc0, 0x3f))]).toEqual([1.5]);
  });
});
