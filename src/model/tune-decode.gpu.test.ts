// Tuning itself, on a software adapter: that it runs, that only right ways win, that a model is right afterwards.
// What it finds here says nothing about a GPU.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countCalls } from '../../bench/count-calls';
import type { ModelShape } from '../formats/model-config';
import type { Gpu } from '../gpu/gpu';
import { openNodeGpu, skipReason } from '../gpu/testing/node-gpu';
import { softwareTuning, type MatvecTuning } from '../kernels/common/matvec';
import { matvecVariants } from '../kernels/testing/matvec-variants';
import { tunedKernels, uniformTuning } from './decode-tuning';
import { Phi3Model } from './phi3-model';
import { syntheticTensors } from './testing/synthetic';
import { modelTwin } from './testing/twin';

const shape: ModelShape = {
  layers: 2,
  hidden: 128,
  intermediate: 224,
  heads: 4,
  kvHeads: 4,
  headDim: 96,
  rotaryDim: 96,
  vocab: 301,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  longRope: undefined,
  tied: false,
  quantization: 'q4f16_1',
};
const prompt = [5, 42, 79, 116, 153, 190, 227];
/** A sum over three lanes loses one; a workgroup of 2048 threads is none. */
const wrong: MatvecTuning = { x: 'direct', lanes: 3, slots: 4, subgroup: 0 };
const impossible: MatvecTuning = { x: 'direct', lanes: 128, slots: 16, subgroup: 0 };

const variants = await matvecVariants();

describe.skipIf(await skipReason())('tuning', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openNodeGpu();
  });
  afterAll(() => gpu.dispose());

  const load = async (matvec = softwareTuning): Promise<Phi3Model> => {
    const model = await Phi3Model.create(gpu, shape, {
      contextWindow: 64,
      kvFormat: 'f32',
      prefillChunk: 8,
      tuning: { ...uniformTuning(matvec), split: { splits: 4, span: 16 } },
    });
    for (const { record, bytes } of syntheticTensors(shape, 11)) model.upload(record, bytes);
    await model.ready();
    return model;
  };
  const twin = modelTwin(shape, [...syntheticTensors(shape, 11)], prompt).subarray(-shape.vocab);
  /** Largest difference of the last token's logits, all tokens having gone through the decode kernels. */
  const error = async (model: Phi3Model): Promise<number> => {
    let logits = new Float32Array();
    for (const [i, id] of prompt.entries()) logits = new Float32Array(await model.decode(id, i));
    return Math.max(...twin.map((expected, i) => Math.abs((logits[i] ?? NaN) - expected)));
  };

  it('lets only ways win that are right and compile, and the model is right afterwards', async () => {
    const model = await load();
    const right = variants.map(({ tuning }) => tuning).filter(({ x }) => x === 'direct' || x === 'f32');
    const report = await model.tune({
      budgetMs: 500_000,
      ways: [softwareTuning, wrong, impossible, ...right],
    });
    expect(report.complete).toBe(true);
    expect(report.kernels.map(({ kernel }) => kernel)).toEqual(tunedKernels);
    for (const { results, winner } of report.kernels) {
      const outcomes = results.map(({ outcome }) => outcome);
      expect(outcomes).toEqual(['timed', 'wrong', 'failed', ...right.map(() => 'timed')]);
      expect(results.find(({ name }) => name === winner)?.outcome).toBe('timed');
    }
    expect(model.decodeTuning).toBe(report.tuning);
    expect(await error(model)).toBeLessThan(1e-4);
    model.dispose();
  });

  it('keeps what there was where there is no time at all', async () => {
    const model = await load();
    const before = model.decodeTuning;
    const report = await model.tune({ budgetMs: 0 });
    expect(report).toMatchObject({ complete: false, kernels: [], tuning: before });
    expect(await error(model)).toBeLessThan(1e-4);
    model.dispose();
  });

  it('frees all that it took', async () => {
    const model = await load();
    const before = model.gpuBytes;
    model.prepareTuning();
    await model.tune({ budgetMs: 500_000, ways: [softwareTuning] });
    expect(model.gpuBytes).toBe(before);
    model.dispose();
  });

  it.each(variants)('a model that runs $name is right, in as many calls as any', async ({ tuning }) => {
    const model = await load(tuning);
    const bound = { direct: 1e-4, f32: 1e-4, f16: 2e-2, i8: 0.2 }[tuning.x];
    expect(await error(model)).toBeLessThan(bound);
    const { dispatches, passes } = await countCalls(async () => {
      await model.decode(1, prompt.length);
    });
    expect({ dispatches, passes }).toEqual({ dispatches: 5 * shape.layers + 2, passes: 1 });
    model.dispose();
  });
});
