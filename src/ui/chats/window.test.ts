import { describe, expect, it } from 'vitest';
import { offsetsOf, windowOf } from './window';

const heights = Array.from({ length: 5000 }, (_, i) => (i % 20 === 0 ? 36 : 40));
const offsets = offsetsOf(heights);

describe('the rows that are drawn', () => {
  it('are those in sight and a few around them', () => {
    expect(windowOf(offsets, 0, 800, 5)).toEqual({ from: 0, to: 26 });
    const { from, to } = windowOf(offsets, 100_000, 800, 5);
    expect(offsets[from + 5]).toBeLessThanOrEqual(100_000);
    expect(offsets[from + 6]).toBeGreaterThan(100_000);
    expect(to - from).toBeLessThan(35);
    expect(windowOf(offsets, 1e9, 800, 5)).toEqual({ from: 4994, to: 5000 });
  });
  it('are none of none', () => {
    expect(windowOf(offsetsOf([]), 0, 800, 5)).toEqual({ from: 0, to: 0 });
  });
});
