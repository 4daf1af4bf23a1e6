import { describe, expect, it } from 'vitest';
import { compare } from './compare';

const close = { atol: 1e-6, rtol: 1e-5, why: 'test' };
const overall = { nmse: 1e-6, why: 'test' };

describe.each([
  ['per element', close],
  ['nmse', overall],
])('compare, %s', (_, tolerance) => {
  it('accepts equal and nearly equal numbers', () => {
    expect(compare('c', [1, -2, 0], [1, -2, 0], tolerance).ok).toBe(true);
    expect(compare('c', [1.000001], [1], tolerance).ok).toBe(true);
    expect(compare('c', [], [], tolerance).ok).toBe(true);
  });
  it.each([
    ['NaN in the output', [NaN, 1], [0, 1]],
    ['NaN in both', [NaN, 1], [NaN, 1]],
    ['infinity in the output', [Infinity, 1], [0, 1]],
    ['infinity in both', [Infinity, 1], [Infinity, 1]],
    ['NaN versus infinity', [NaN, 1], [Infinity, 1]],
    ['infinities of two signs', [-Infinity, 1], [Infinity, 1]],
    ['a number that is off', [1.1, 1], [1, 1]],
    ['zeros for numbers', [0, 0], [1, 1]],
    ['numbers for zeros', [0.1, 0], [0, 0]],
    ['too few', [1], [1, 1]],
    ['too many', [1, 1, 1], [1, 1]],
  ])('rejects %s', (_name, actual, expected) => {
    expect(compare('c', actual, expected, tolerance).ok).toBe(false);
  });
});

describe('compare', () => {
  it('scales by the reference: a huge output does not excuse itself', () => {
    expect(compare('c', [1e6], [1], { rtol: 0.5, why: 'test' }).ok).toBe(false);
    expect(compare('c', [1], [1e6], { rtol: 0.5, why: 'test' }).ok).toBe(false);
    expect(compare('c', [1.4e6], [1e6], { rtol: 0.5, why: 'test' }).ok).toBe(true);
  });
  it('sees one wrong element among many', () => {
    const expected = new Float32Array(10_000).fill(1);
    const actual = expected.slice();
    actual[7777] = 1.2;
    expect(compare('c', actual, expected, overall).ok).toBe(false);
  });
  it('reports case, count, worst index and both values', () => {
    const { report } = compare('rows=3', [1, 5, 3.5], [1, 2, 3], close);
    expect(report).toBe('rows=3: 2 of 3 elements wrong, worst at 1: got 5, expected 2');
  });
  it('refuses to compare without a tolerance', () => {
    expect(compare('c', [1], [1], { why: 'none' }).ok).toBe(false);
  });
});
