import { describe, expect, it } from 'vitest';
import { ChunkSize } from './chunk-size';

describe('ChunkSize', () => {
  /** Sizes of successive chunks on a GPU that takes `fixed` ms for a chunk and `each` for a row of it. */
  const sizes = (most: number, fixed: number, each: number, count = 6): number[] => {
    const size = new ChunkSize(most, 80);
    return Array.from({ length: count }, () => {
      const { rows } = size;
      size.measured(rows, fixed + each * rows);
      return rows;
    });
  };

  it('grows to the most on a fast GPU within three chunks', () => {
    expect(sizes(128, 5, 0.1)).toEqual([8, 32, 128, 128, 128, 128]);
    expect(sizes(100, 5, 0.1)).toEqual([8, 32, 100, 100, 100, 100]);
  });
  it('stays within the budget on a slow one', () => {
    for (const each of [0.5, 1, 2, 5, 9]) {
      for (const rows of sizes(512, 10, each, 20))
        expect(10 + each * rows, `${each}`).toBeLessThanOrEqual(100);
    }
  });
  it('does not go below eight rows, nor above the most', () => {
    expect(sizes(128, 500, 50)).toEqual([8, 8, 8, 8, 8, 8]);
    expect(sizes(4, 1, 1)).toEqual([4, 4, 4, 4, 4, 4]);
  });
  it('shrinks when a chunk took too long', () => {
    const size = new ChunkSize(256, 80);
    size.measured(64, 10);
    expect(size.rows).toBe(256);
    size.measured(256, 400);
    expect(size.rows).toBe(32);
  });
  it('is not misled by a short last chunk', () => {
    const size = new ChunkSize(256, 80);
    size.measured(64, 10);
    size.measured(3, 9);
    expect(size.rows).toBe(256);
  });
  it('without a budget is the most at once', () => {
    const size = new ChunkSize(64, Infinity);
    size.measured(64, 1e6);
    expect(size.rows).toBe(64);
  });
});
