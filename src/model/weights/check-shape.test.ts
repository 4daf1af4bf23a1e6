import { expect, it } from 'vitest';
import { parseConfig } from '../../formats/mlc/parse-config';
import { phi35Mini, phi3Mini, phi4Mini } from '../../formats/testing/phi-configs';
import type { ModelShape } from '../../formats/model-config';
import { checkShape } from './check-shape';

const shapeOf = (config: object): ModelShape => parseConfig(JSON.stringify(config)).shape;
const mini = shapeOf(phi3Mini);
const longRope = (count: number): ModelShape['longRope'] => ({
  shortFactor: Array<number>(48).fill(1),
  longFactor: Array<number>(count).fill(1),
  originalMaxPosition: 4096,
  attentionFactor: 1,
});

it.each([mini, shapeOf(phi35Mini), shapeOf(phi4Mini)])('the Phi family passes', (shape) => {
  expect(() => checkShape(shape)).not.toThrow();
});

it.each<[Partial<ModelShape>, RegExp]>([
  [{ layers: 0 }, /layers is 0/],
  [{ vocab: 1.5 }, /vocab is 1.5/],
  [{ hidden: 3080 }, /hidden size 3080/],
  [{ intermediate: 8200 }, /intermediate size 8200/],
  [{ headDim: 100 }, /head size 100/],
  [{ headDim: 264, rotaryDim: 264 }, /head size 264/],
  [{ heads: 3, kvHeads: 3, headDim: 8, rotaryDim: 8 }, /3 heads of 8/],
  [{ kvHeads: 5 }, /cannot share 5/],
  // Two numbers turn together, and the kernels take two such pairs at a time.
  [{ rotaryDim: 94 }, /94 of 96 dimensions rotate/],
  [{ rotaryDim: 0 }, /0 of 96/],
  [{ rotaryDim: 100 }, /100 of 96/],
  [{ longRope: longRope(47) }, /47 rope factors for 48/],
])('%j is refused by its number', (change, words) => {
  expect(() => checkShape({ ...mini, ...change })).toThrow(
    expect.objectContaining({ code: 'model/unsupported-arch', message: expect.stringMatching(words) }),
  );
});

it('takes what is just right: the widest head, and one that turns as a whole', () => {
  expect(() => checkShape({ ...mini, headDim: 256, rotaryDim: 256 })).not.toThrow();
  expect(() => checkShape({ ...mini, rotaryDim: 4, longRope: undefined })).not.toThrow();
});
