import { describe, expect, it } from 'vitest';
import { maxAhead, StepsAhead } from './steps-ahead';

const after = (ms: number, steady = true): number => {
  const ahead = new StepsAhead();
  for (let i = 0; i < 100; i++) ahead.step(ms, steady);
  return ahead.count;
};

describe('StepsAhead', () => {
  it('keeps some milliseconds of work queued', () => {
    expect([50, 12, 6, 3, 2].map((ms) => after(ms))).toEqual([2, 2, 3, 5, 7]);
  });
  it('never more than ids have places to come back through', () => {
    expect([1, 0.1, 0].map((ms) => after(ms))).toEqual([maxAhead, maxAhead, maxAhead]);
  });
  it('begins with three, and learns nothing from a step that had to wait', () => {
    expect(new StepsAhead().count).toBe(3);
    expect(after(1, false)).toBe(3);
  });
  it('follows a GPU that slows down', () => {
    const ahead = new StepsAhead();
    for (let i = 0; i < 50; i++) ahead.step(1.5, true);
    expect(ahead.count).toBe(maxAhead);
    for (let i = 0; i < 50; i++) ahead.step(20, true);
    expect(ahead.count).toBe(2);
  });
  it('is what it was told to be', () => {
    const ahead = new StepsAhead(2);
    ahead.step(0.5, true);
    expect(ahead.count).toBe(2);
  });
});
