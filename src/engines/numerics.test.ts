// The stored logits are those of the f64 twin: without this test they would be numbers from nowhere.
import { expect, test } from 'vitest';
import { Phi3Twin } from '../reference/phi3';
import golden from './numerics-golden.json';
import { errorOf, goldenShape, goldenTensors, goldenTokens } from './numerics';

test('the stored logits are the f64 twin’s', () => {
  const tensors = new Map([...goldenTensors()].map((tensor) => [tensor.record.name, tensor]));
  const twin = new Phi3Twin(goldenShape, tensors);
  const last = goldenTokens.length - 1;
  const row = (logits: Float64Array): number[] =>
    [...logits.slice(-goldenShape.vocab)].map((x) => Number(x.toPrecision(7)));
  const prefilled = row(twin.logits(goldenTokens.slice(0, last), 0));
  const decoded = row(twin.logits(goldenTokens.slice(last), last));
  expect({ prefilled, decoded }).toEqual(golden);
});

test('stored logits are of a size that an error shows in', () => {
  const rms = Math.sqrt(golden.decoded.reduce((sum, x) => sum + x * x, 0) / golden.decoded.length);
  expect(rms).toBeGreaterThan(0.1);
  expect(rms).toBeLessThan(100);
});

test.each([
  ['equal', [1, 2], 0],
  ['one off', [1, 3], 1 / 5],
  ['NaN', [1, NaN], Infinity],
  ['infinite', [1, Infinity], Infinity],
  ['too short', [1], Infinity],
  ['too long', [1, 2, 3], Infinity],
])('the error of logits that are %s', (_, actual, error) => {
  expect(errorOf(actual, [1, 2])).toBeCloseTo(error, 12);
});
