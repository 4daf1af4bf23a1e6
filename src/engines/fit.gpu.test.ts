import { expect, test } from 'vitest';
import type { ModelShape } from '../formats/model-config';
import { openNodeGpu, skipReason } from '../gpu/testing/node-gpu';
import { DecoderModel } from '../model/decoder-model';
import { catalogue } from '../store/catalogue/catalogue';
import { estimateMemory } from './fit';
import { kvElementBytes, prefillRows } from './wgsl/sizes';

test.skipIf(await skipReason())(
  'the estimate for our engine is what a model of that shape holds, and never less',
  async () => {
    const [tiny] = catalogue;
    if (tiny?.id !== 'phield-tiny') throw new Error('no phield-tiny');
    const gpu = await openNodeGpu();
    // One page of the cache, which is then all of it.
    const contextWindow = 512;
    const shape: ModelShape = {
      ...tiny.shape,
      rotaryDim: tiny.shape.headDim,
      rmsNormEps: 1e-5,
      ropeTheta: 10_000,
      longRope: undefined,
      quantization: 'q4f16_1',
    };
    const isFallback = gpu.info.fallback;
    const model = await DecoderModel.create(gpu, shape, {
      contextWindow,
      prefillChunk: prefillRows(isFallback),
    });
    const estimate = estimateMemory(tiny, 'q4f16_1', 'wgsl', contextWindow, { isFallback });
    expect(estimate.kvCache).toBe(2 * 6 * 2 * 96 * contextWindow * kvElementBytes);
    // Shares of decode attention are counted at their most, which is 384 KiB whatever the model.
    expect(estimate.total).toBeGreaterThanOrEqual(model.gpuBytes);
    expect(estimate.total - model.gpuBytes).toBeLessThan(512 * 1024);
    model.dispose();
    gpu.dispose();
  },
);
