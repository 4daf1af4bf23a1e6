// The f64 twin on whole models against transformers' own classes (scripts/golden/whole_models.py): Llama and its scaling,
// Qwen2's biases, Phi-3's fused matrices and long rope, types mixed as files mix them, MLC folders of Llama and Qwen2.
import { describe, expect, it } from 'vitest';
import { differenceOf, type GoldenRow } from './testing/hf-golden';
import { modelTwin } from './testing/twin';
import { wholeModel, wholeModels } from './testing/whole-models';

/** Tables of rotation are f32. */
const rounding = 1e-6;

function expectAlike(logits: ArrayLike<number>, rows: readonly GoldenRow[]): void {
  const { worst, others } = differenceOf(logits, rows);
  expect(worst).toBeLessThan(rounding);
  expect(others).toEqual([]);
}

describe.each(wholeModels)('%s', (name) => {
  it('has the logits that transformers has', async () => {
    const { shape, tensors, ids, whole, short } = await wholeModel(name);
    expectAlike(modelTwin(shape, tensors, ids), whole);
    expectAlike(modelTwin(shape, tensors, ids.slice(0, short.length)), short);
  });
});

it('each thing that a model has besides its matrices is noticed where it is left out', async () => {
  const [llama, qwen2, , phi3, llamaFolder, qwen2Folder] = await Promise.all(wholeModels.map(wholeModel));
  if (!llama || !qwen2 || !phi3 || !llamaFolder || !qwen2Folder) throw new Error('Other models');
  const worst = ({ shape, tensors, ids, whole }: typeof llama, change: object): number =>
    differenceOf(modelTwin({ ...shape, ...change }, tensors, ids), whole).worst;
  expect(worst(llama, { ropeFactors: undefined })).toBeGreaterThan(0.01);
  expect(worst(llamaFolder, { ropeFactors: undefined })).toBeGreaterThan(0.01);
  expect(worst(phi3, { longRope: undefined })).toBeGreaterThan(0.01);
  const flat = (one: typeof llama) => ({
    ...one,
    tensors: one.tensors.map((tensor) =>
      tensor.record.name.endsWith('.bias')
        ? { ...tensor, bytes: new Uint8Array(tensor.bytes.byteLength) }
        : tensor,
    ),
  });
  expect(worst(flat(qwen2), {})).toBeGreaterThan(0.01);
  expect(worst(flat(qwen2Folder), {})).toBeGreaterThan(0.01);
});
