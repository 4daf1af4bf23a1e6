// What a decode token asks of WebGPU, counted at the API: the dispatch plan of docs/performance.md held to its word.
import { beforeAll, describe, expect, it } from 'vitest';
import { countCalls, perStep } from '../../bench/count-calls';
import { kvFormats, type KvFormat } from '../base/kv-format';
import type { ModelShape } from '../formats/model-config';
import type { Gpu } from '../gpu/gpu';
import { openNodeGpu, sharedNodeGpu, skipReason } from '../gpu/testing/node-gpu';
import { samplerWords, type SamplerSettings } from '../sampling/sampler';
import { DecoderModel } from './decoder-model';
import { greedy, leastShape, loadSynthetic } from './testing/load';
import { syntheticTensors } from './testing/synthetic';

const shape = (layers: number): ModelShape => ({ ...leastShape, layers });
const drawn: SamplerSettings = { temperature: 1, topP: 0.9, repetitionPenalty: 1.1, seed: 1 };

describe.skipIf(await skipReason())('a decode token', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const perToken = async (layers: number, settings: SamplerSettings, kvFormat?: KvFormat) => {
    const model = await loadSynthetic(gpu, shape(layers), {
      contextWindow: 64,
      prefillChunk: 8,
      ...(kvFormat && { kvFormat }),
    });
    const run = async (count: number): Promise<void> => {
      await model.prefill([1, 2, 3], 0);
      for await (const id of model.generate(samplerWords(settings), 3, count, { ahead: 3 })) void id;
    };
    await run(6);
    const [short, long] = [await countCalls(() => run(6)), await countCalls(() => run(26))];
    model.dispose();
    // Of a model this small several steps end at once, so that a wait is luck; what decides it is tested below.
    const { blockingMaps: _luck, ...counts } = perStep(short, long, 20);
    return counts;
  };

  it.each([
    ['greedy', greedy],
    ['drawn', drawn],
  ])(
    'takes 5 dispatches a layer and 3 more, and nothing else but its submit: %s',
    async (_name, settings) => {
      const one = await perToken(1, settings);
      const three = await perToken(3, settings);
      expect(one).toEqual({
        dispatches: 8,
        sets: 16,
        passes: 1,
        submits: 1,
        writeBuffers: 0,
        bindGroups: 0,
        buffers: 0,
      });
      expect(three).toEqual({ ...one, dispatches: 18, sets: 36 });
      const perLayer = (three.dispatches - one.dispatches) / 2;
      // Phi-3-mini.
      expect(one.dispatches + 31 * perLayer).toBe(163);
    },
  );

  it.each(kvFormats)('takes as many dispatches over a cache in %s', async (kvFormat) => {
    const counts = await perToken(2, greedy, kvFormat);
    expect(counts).toMatchObject({ dispatches: 13, submits: 1, writeBuffers: 0, bindGroups: 0, buffers: 0 });
  });

  it('is asked for while two before it are still under way', async () => {
    const model = await loadSynthetic(gpu, shape(1), { contextWindow: 64, prefillChunk: 8 });
    await model.prefill([1, 2, 3], 0);
    const { queue } = gpu.device;
    const submit = queue.submit.bind(queue);
    const underWay: number[] = [];
    let [submitted, taken] = [0, 0];
    queue.submit = (buffers) => {
      underWay.push(submitted++ - taken);
      submit(buffers);
    };
    for await (const id of model.generate(samplerWords(greedy), 3, 12, { ahead: 3 }))
      taken += id >= 0 ? 1 : 0;
    queue.submit = submit;
    expect(underWay).toEqual([0, 1, ...Array.from({ length: 10 }, () => 2)]);
    model.dispose();
  });

  it('is compiled behind the first one, which needs 7 pipelines', async () => {
    const own = await openNodeGpu();
    expect(own.info.fallback).toBe(true);
    const model = await DecoderModel.create(own, shape(1), { contextWindow: 64, prefillChunk: 32 });
    for (const { record, bytes } of syntheticTensors(shape(1), 11)) model.upload(record, bytes);
    await model.readyToBegin();
    await model.prefill([...Array(12).keys()], 0);
    const compiled: number[] = [];
    const ids: number[] = [];
    for await (const id of model.generate(samplerWords(greedy), 12, 4)) {
      compiled.push(model.pipelines);
      ids.push(id);
    }
    expect(compiled).toEqual([7, 11, 11, 11]);
    model.dispose();
    own.dispose();
    // What was there before the first changes no id.
    const whole = await loadSynthetic(gpu, shape(1), { contextWindow: 64, prefillChunk: 32 });
    await whole.prefill([...Array(12).keys()], 0);
    const same: number[] = [];
    for await (const id of whole.generate(samplerWords(greedy), 12, 4)) same.push(id);
    expect(ids).toEqual(same);
    whole.dispose();
  });
});
