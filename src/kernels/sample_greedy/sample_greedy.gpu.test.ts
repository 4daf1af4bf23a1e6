import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu';
import { openNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { sampleGreedyTwin } from '../../reference/sample_greedy';
import { flavours, numbers } from '../testing/numbers';
import { paramsStruct, runKernel, withBug } from '../testing/run-kernel';
import { noToken, sampleGreedy } from './sample_greedy';

describe.skipIf(await skipReason())('sample_greedy', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openNodeGpu();
  });
  afterAll(() => gpu.dispose());

  const run = async (logits: Float32Array<ArrayBuffer>, spec = sampleGreedy) => {
    const state = new Uint32Array([41, 7, 7, 7]);
    const [tokens, after] = await runKernel(gpu, spec, { vocab: logits.length }, [
      logits,
      { init: new Uint32Array([5, 6]) },
      { init: state },
    ]);
    const words = (floats: Float32Array | undefined): number[] =>
      floats ? [...new Uint32Array(floats.buffer, floats.byteOffset, floats.length)] : [];
    expect(words(tokens)[1]).toBe(6);
    expect(words(after)).toEqual([42, 7, 7, 7]);
    return words(tokens)[0];
  };

  it.each([1, 255, 256, 257, 301, 32064])('%i logits in every flavour', async (vocab) => {
    for (const flavour of flavours) {
      const logits = numbers(vocab, vocab, flavour);
      expect(await run(logits), flavour).toBe(sampleGreedyTwin(logits));
    }
  });
  it('takes the lowest id among equals, wherever they lie', async () => {
    for (const at of [
      [3, 259],
      [700, 12, 300],
      [511, 256],
      [999, 0],
    ]) {
      const logits = new Float32Array(1000).fill(-5);
      for (const i of at) logits[i] = -1;
      expect(await run(logits)).toBe(Math.min(...at));
    }
    expect(await run(new Float32Array(600))).toBe(0);
    expect(await run(new Float32Array(600).fill(-3.4028234663852886e38))).toBe(0);
  });
  it.each([NaN, Infinity, -Infinity])('says that %d is no logit', async (strange) => {
    const logits = numbers(700, 1);
    logits[650] = strange;
    expect(await run(logits)).toBe(noToken);
    expect(sampleGreedyTwin(logits)).toBeUndefined();
  });
  it.each([
    ['best_id[other] < best_id', 'best_id[other] > best_id'],
    ['best_logit[other] > best_logit', 'best_logit[other] < best_logit'],
  ])('a mistake shows: %s -> %s', async (right, wrong) => {
    const logits = new Float32Array(600);
    logits[3] = logits[400] = 1;
    expect(await run(logits, withBug(sampleGreedy, right, wrong))).not.toBe(3);
  });
  it('packs what the shader declares', () => {
    expect(sampleGreedy.fields).toEqual(paramsStruct(sampleGreedy.source({ WG: 256 }).code));
  });
});
