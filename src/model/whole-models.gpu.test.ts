// The engine on whole models against transformers' own classes: see whole-models.test.ts, which holds the twin to them.
import { beforeAll, describe, expect, it } from 'vitest';
import { countCalls } from '../../bench/count-calls';
import type { Gpu } from '../gpu/gpu';
import { leftToLavapipe, sharedNodeGpu, skipReason, withGpuKernels } from '../gpu/testing/node-gpu';
import { DecoderModel } from './decoder-model';
import { differenceOf, type GoldenRow } from './testing/hf-golden';
import { wholeModel, wholeModels } from './testing/whole-models';

/** What a GPU's kernels do for one they do for another, and mixes of three types take SwiftShader ten seconds to compile. */
const few = wholeModels.filter((name) => name.startsWith('phi3') || name.includes('folder'));

function expectAlike(logits: ArrayLike<number>, rows: readonly GoldenRow[]): void {
  const { worst, others } = differenceOf(logits, rows);
  expect(worst).toBeLessThan(1e-4);
  // Of two ids that are as close as that, either may come first.
  expect(others.length).toBeLessThanOrEqual(1);
}

describe.skipIf(await skipReason()).each(leftToLavapipe ? ['software'] : ['software', 'GPU'])(
  'whole models and transformers, %s kernels',
  (kind) => {
    let gpu: Gpu;
    beforeAll(async () => {
      const shared = await sharedNodeGpu();
      gpu = kind === 'GPU' ? withGpuKernels(shared) : shared;
    });

    it.each(kind === 'GPU' || leftToLavapipe ? few : wholeModels)('%s', async (name) => {
      const { shape, tensors, ids, whole, short } = await wholeModel(name);
      const sizes = { contextWindow: 64, prefillChunk: 16, kvFormat: 'f32', submitMs: Infinity } as const;
      const model = await DecoderModel.create(gpu, shape, sizes);
      for (const { record, bytes } of tensors) model.upload(record, bytes);
      expectAlike(await model.logitsOf(ids, 0), whole);
      if (shape.longRope) expectAlike(await model.logitsOf(ids.slice(0, short.length), 0), short);
      else {
        // Read in part, then token by token.
        const before = ids.length - 2;
        await model.prefill(ids.slice(0, before), 0);
        const steps = [...(await model.logits())];
        for (let i = before; i < ids.length; i++) steps.push(...(await model.decode(ids[i] ?? 0, i)));
        expectAlike(steps, whole.slice(before - 1));
      }
      // Five kernels a layer, the embedding and the head: however many types a matrix has, and with a bias.
      const { dispatches } = await countCalls(async () => {
        await model.decode(ids[0] ?? 0, 0);
      });
      expect(dispatches).toBe(5 * shape.layers + 2);
      model.dispose();
    });
  },
);
