// The whole model over each format of its KV cache: against the f64 twin with the same rounding, and against itself
// run in other ways.
import { beforeAll, describe, expect, it } from 'vitest';
import type { KvFormat } from '../../base/kv-format';
import type { ModelShape } from '../../formats/model-config';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { samplerWords } from '../../sampling/sampler';
import type { DecoderModel } from '../decoder-model';
import type { DecoderOptions } from '../decoder-parts';
import { greedy, largestDifference, loadSynthetic, smallShape, tokenIds } from '../testing/load';
import { syntheticTensors } from '../testing/synthetic';
import { modelTwin } from '../testing/twin';

const base = smallShape;
const shapes: Record<string, ModelShape> = {
  'MHA, head 96': base,
  'GQA, head 128, a part rotates': { ...base, heads: 6, kvHeads: 2, headDim: 128 },
  'GQA, head 64': { ...base, heads: 4, kvHeads: 1, headDim: 64, rotaryDim: 64 },
  'MHA, head 80': { ...base, heads: 2, kvHeads: 2, headDim: 80, rotaryDim: 32 },
};
/** Of logits of about 2: a number at a boundary may round the other way, and the layers above it follow. */
const tolerances = { f16: 1e-3, int8: 3e-2 } as const;
/** decoder-model.gpu.test.ts has f32. */
const formats = ['f16', 'int8'] as const satisfies KvFormat[];

const drawn = samplerWords({ temperature: 2, topP: 1, repetitionPenalty: 1, seed: 4 });

describe.skipIf(await skipReason()).each(formats)('a model over a KV cache in %s', (kvFormat) => {
  const tolerance = tolerances[kvFormat];
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const load = (shape: ModelShape, options: Omit<DecoderOptions, 'kvFormat'>): Promise<DecoderModel> =>
    loadSynthetic(gpu, shape, { ...options, kvFormat });
  const take = async (
    model: DecoderModel,
    position: number,
    count: number,
    ahead?: number,
  ): Promise<number[]> => {
    const taken: number[] = [];
    for await (const id of model.generate(drawn, position, count, ahead ? { ahead } : {})) taken.push(id);
    return taken;
  };

  it.each(Object.entries(shapes))(
    'gives the twin’s logits, in chunks and token by token: %s',
    async (_, shape) => {
      const prompt = tokenIds(21);
      const model = await load(shape, { contextWindow: 64, prefillChunk: 8 });
      const twin = modelTwin(shape, [...syntheticTensors(shape, 11)], prompt, kvFormat);
      expect(Math.max(...twin)).toBeGreaterThan(0.5);
      expect(largestDifference(await model.logitsOf(prompt, 0), twin)).toBeLessThan(tolerance);
      const last = twin.subarray(-shape.vocab);
      let stepwise = new Float32Array();
      for (const [i, id] of prompt.entries()) stepwise = new Float32Array(await model.decode(id, i));
      expect(largestDifference(stepwise, last)).toBeLessThan(tolerance);
      // Over what the steps wrote, and after a turn that was rolled back.
      await model.prefill(tokenIds(9, 11), 13);
      await model.prefill(prompt.slice(13), 13);
      expect(largestDifference(await model.logits(), last)).toBeLessThan(tolerance);
      model.dispose();
    },
  );

  it('gives the same logits whatever the chunk', async () => {
    const prompt = tokenIds(30);
    const results: Float32Array[] = [];
    for (const prefillChunk of [1, 7, 30, 64]) {
      const model = await load(base, { contextWindow: 30, prefillChunk });
      await model.prefill(prompt, 0);
      results.push(await model.logits());
      model.dispose();
    }
    for (const result of results) expect(largestDifference(result, results[0] ?? [])).toBeLessThan(tolerance);
  });

  it('draws the same ids whatever its pages and however many steps run ahead', async () => {
    const prompt = tokenIds(30);
    const run = async (kvPage: number, ahead: number): Promise<number[]> => {
      const model = await load(base, { contextWindow: 60, kvPage });
      await model.prefill(prompt.slice(0, 7), 0);
      await model.prefill(prompt.slice(7), 7);
      const taken = await take(model, prompt.length, 31, ahead);
      model.dispose();
      return taken;
    };
    const expected = await run(60, 1);
    expect(new Set(expected).size).toBeGreaterThan(3);
    for (const [kvPage, ahead] of [
      [8, 4],
      [13, 2],
    ] as const)
      expect(await run(kvPage, ahead), `pages of ${kvPage}`).toEqual(expected);
  });

  it('forgets what ran past a stop', async () => {
    const prompt = tokenIds(9);
    const model = await load(base, { contextWindow: 40 });
    const collect = async (position: number, count: number, most: number): Promise<number[]> => {
      const taken: number[] = [];
      for await (const id of model.generate(samplerWords(greedy), position, count, { ahead: 4 }))
        if (taken.push(id) === most) break;
      return taken;
    };
    await model.prefill(prompt, 0);
    const expected = await collect(9, 20, 20);
    await model.prefill(prompt, 0);
    const first = await collect(9, 20, 7);
    await model.prefill([first[6] ?? 0], 15);
    expect([...first, ...(await collect(16, 13, 13))]).toEqual(expected);
    model.dispose();
  });

  it('goes on from rows that another model computed, as if it had', async () => {
    const prompt = tokenIds(24);
    const model = await load(base, { contextWindow: 60, kvPage: 8 });
    await model.prefill(prompt, 0);
    const expected = await take(model, 24, 10);
    const layers: ArrayBuffer[] = [];
    for (let layer = 0; layer < base.layers; layer++) layers.push(await model.saveKv(layer, 4, 20));
    await expect(model.saveKv(0, 4, 60)).rejects.toMatchObject({ code: 'internal/invariant' });
    const bytes = await new Blob(layers).arrayBuffer();
    expect(bytes.byteLength).toBe(16 * model.kvLayout.layers * model.kvLayout.rowBytes);

    const other = await load(base, { contextWindow: 60, kvPage: 8 });
    await other.prefill(prompt.slice(0, 4), 0);
    await other.restoreKv(4, bytes);
    await other.prefill(prompt.slice(20), 20);
    expect(await take(other, 24, 10)).toEqual(expected);
    await expect(other.restoreKv(59, bytes)).rejects.toMatchObject({ code: 'internal/invariant' });
    await expect(other.restoreKv(4, bytes.slice(8))).rejects.toMatchObject({ code: 'internal/invariant' });
    model.dispose();
    other.dispose();
  });
});
