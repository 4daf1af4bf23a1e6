// @vitest-environment node
import { expect, it } from 'vitest';
import { randomWord } from './sampler';

// Computed with whole numbers of any size (Python): each 32-bit product is exact there.
it.each([
  [0, 0, 0, 0],
  [1, 0, 0, 1_492_470_133],
  [0, 1, 0, 1_753_845_952],
  [0, 0, 1, 2_926_543_089],
  [123_456_789, 987_654_321, 1000, 1_465_253_950],
  [4_294_967_295, 4_294_967_295, 4_294_967_295, 2_410_515_554],
])('the draw of seed %i, %i and number %i', (low, high, count, word) => {
  expect(randomWord(low, high, count)).toBe(word);
});
