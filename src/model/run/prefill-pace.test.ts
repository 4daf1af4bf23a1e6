import { describe, expect, it } from 'vitest';
import { cutAt, PrefillPace } from './prefill-pace';

/** Of Phi-3-mini: gate and up. */
const heaviest = 2 * 8192 * 3072;

/** A pace that has seen submits of a GPU that does so many products a millisecond, after `fixed` ms. */
function measuredPace(most: number, rate: number, fixed = 0, times = 20): PrefillPace {
  const pace = new PrefillPace(most, 80);
  for (let i = 0; i < times; i++) pace.measured(pace.budget, fixed + pace.budget / rate);
  return pace;
}

describe('PrefillPace', () => {
  it('begins with what a slow GPU can do', () => {
    const pace = new PrefillPace(512, 80);
    expect(pace.rows(heaviest)).toBe(64);
    expect(pace.budget).toBe(4e9);
  });
  it('takes all rows on a GPU that is fast enough, within four submits', () => {
    expect(measuredPace(512, 1e9, 1, 4).rows(heaviest)).toBe(512);
    expect(measuredPace(500, 1e9, 1, 4).rows(heaviest)).toBe(500);
  });
  it('keeps a submit and its largest kernel within the budget on any GPU', () => {
    for (const rate of [1e7, 3e7, 1e8, 2e8, 5e8, 2e9]) {
      for (const fixed of [0, 5, 20]) {
        const pace = measuredPace(512, rate, fixed);
        expect(fixed + pace.budget / rate, `${rate} + ${fixed}`).toBeLessThanOrEqual(100);
        const rows = pace.rows(heaviest);
        if (rows > 8) expect((rows * heaviest) / rate).toBeLessThanOrEqual(80.001);
      }
    }
  });
  it('does not go below eight rows, nor above the most', () => {
    expect(measuredPace(512, 1e4).rows(heaviest)).toBe(8);
    expect(measuredPace(4, 1e9).rows(heaviest)).toBe(4);
  });
  it('shrinks when a submit took too long, and grows again', () => {
    const pace = measuredPace(512, 1e9);
    const { budget } = pace;
    pace.measured(budget, 400);
    expect(pace.budget).toBeCloseTo(budget / 5, -3);
    pace.measured(pace.budget, 10);
    expect(pace.budget).toBeCloseTo((budget * 4) / 5, -3);
    pace.measured(pace.budget, 64);
    expect(pace.budget).toBeCloseTo(budget, -3);
  });
  it('is not misled by little work', () => {
    const pace = measuredPace(512, 1e9);
    const { budget } = pace;
    pace.measured(1000, 9);
    pace.measured(0, 1);
    expect(pace.budget).toBe(budget);
  });
  it('without a budget is all at once', () => {
    const pace = new PrefillPace(64, Infinity);
    pace.measured(1e9, 1e6);
    expect(pace.rows(heaviest)).toBe(64);
    expect(pace.budget).toBe(Infinity);
  });
});

describe('cutAt', () => {
  const plan = (products: readonly number[]) => ({
    dispatches: products.length,
    products: (call: number, positions: number) => (products[call] ?? 0) * positions,
  });
  it('takes what stays within the budget, calls of nothing with those before them', () => {
    const calls = plan([3, 0, 4, 0, 5, 0]);
    expect(cutAt(calls, 0, 1, 7)).toEqual({ to: 4, products: 7 });
    expect(cutAt(calls, 4, 1, 7)).toEqual({ to: 6, products: 5 });
    expect(cutAt(calls, 0, 1, Infinity)).toEqual({ to: 6, products: 12 });
    expect(cutAt(calls, 0, 10, 30)).toEqual({ to: 2, products: 30 });
  });
  it('takes one call at least, and what costs nothing beside it', () => {
    expect(cutAt(plan([9, 9]), 0, 1, 1)).toEqual({ to: 1, products: 9 });
    expect(cutAt(plan([0, 9, 0, 9]), 0, 1, 1)).toEqual({ to: 3, products: 9 });
  });
});
