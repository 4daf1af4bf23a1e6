// The whole model on a real adapter.
import { describe, expect, it } from 'vitest';
import { openNodeGpu, skipReason } from '../gpu/testing/node-gpu';
import { Phi3Model } from './phi3-model';
import { syntheticTensors } from './testing/synthetic';
import type { ModelShape } from '../formats/model-config';

const skip = await skipReason();
const tiny: ModelShape = {
  layers: 2,
  hidden: 128,
  intermediate: 256,
  heads: 4,
  kvHeads: 2,
  headDim: 40,
  rotaryDim: 40,
  vocab: 300,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  longRope: undefined,
  tied: false,
  quantization: 'q4f16_1',
};
describe.skipIf(skip)('Phi3Model', () => {
  it('chunked prefill equals token by token', async () => {
    const gpu = await openNodeGpu();
    const model = await Phi3Model.create(gpu, tiny, { contextWindow: 64, prefillChunk: 8 });
    for (const { record, bytes } of syntheticTensors(tiny, 1)) model.upload(record, bytes);
    await model.ready();
    const ids = Array.from({ length: 21 }, (_, i) => (i * 37) % 300);
    const a = await model.prefill(ids, 0);
    let b = a;
    for (const [i, id] of ids.entries()) b = await model.decode(id, i);
    console.log(a.slice(0, 6), b.slice(0, 6), model.gpuBytes);
    expect(Math.max(...a.map((x, i) => Math.abs(x - b[i]!)))).toBeLessThan(1e-4);
    gpu.dispose();
  });
});
