// The whole model on a real adapter: against the f64 twin, and against itself run in other ways.
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelShape } from '../formats/model-config';
import type { Gpu } from '../gpu/gpu';
import { sharedNodeGpu, skipReason, withGpuKernels } from '../gpu/testing/node-gpu';
import { countCalls } from '../../bench/count-calls';
import { Sampler, samplerWords, type SamplerSettings } from '../sampling/sampler';
import { DecoderModel } from './decoder-model';
import type { DecoderOptions } from './decoder-parts';
import { greedy, largestDifference, loadSynthetic, smallShape, tokenIds } from './testing/load';
import { syntheticTensors } from './testing/synthetic';
import { modelTwin } from './testing/twin';
import { defaultTuning } from './tuning/tuning';

const base = smallShape;
const pairs = (count: number, factor: (d: number) => number): number[] =>
  Array.from({ length: count }, (_, d) => factor(d));
const shapes: Record<string, ModelShape> = {
  'MHA, head 96': base,
  'GQA, head 40, tied, bf16 scales': {
    ...base,
    hidden: 160,
    heads: 8,
    kvHeads: 2,
    headDim: 40,
    rotaryDim: 40,
    tied: true,
    quantization: 'q4f32_1',
  },
  'GQA, head 128, longrope over a part': {
    ...base,
    heads: 2,
    kvHeads: 1,
    headDim: 128,
    rotaryDim: 96,
    tied: true,
    longRope: {
      shortFactor: pairs(48, (d) => 1 + d / 50),
      longFactor: pairs(48, (d) => 1 + d / 3),
      originalMaxPosition: 16,
      attentionFactor: 1.19,
    },
  },
};
const prefill = async (model: DecoderModel, prompt: readonly number[], position: number) => {
  await model.prefill(prompt, position);
  return model.logits();
};

describe.skipIf(await skipReason())('DecoderModel', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  // The other formats have a file of their own.
  const load = (shape: ModelShape, options: DecoderOptions, on = gpu): Promise<DecoderModel> =>
    loadSynthetic(on, shape, { kvFormat: 'f32', ...options });

  describe.each(Object.entries(shapes))('%s', (_, shape) => {
    const prompt = tokenIds(21);
    const tensors = [...syntheticTensors(shape, 11)];

    it('gives the twin’s logits for every token', async () => {
      const model = await load(shape, { contextWindow: 64, prefillChunk: 8 });
      const twin = modelTwin(shape, tensors, prompt);
      expect(Math.max(...twin)).toBeGreaterThan(0.5);
      expect(largestDifference(await model.logitsOf(prompt, 0), twin)).toBeLessThan(1e-4);
      model.dispose();
    });
    it('prefill in chunks, token by token and as a continued cache agree', async () => {
      const model = await load(shape, { contextWindow: 64, prefillChunk: 8 });
      const last = modelTwin(shape, tensors, prompt).subarray(-shape.vocab);
      expect(largestDifference(await prefill(model, prompt, 0), last)).toBeLessThan(1e-4);
      let stepwise = new Float32Array();
      // A text this long has long factors from its first token on: it is not one that grew.
      const first = shape.longRope ? 17 : 0;
      if (first > 0) await model.prefill(prompt.slice(0, first), 0);
      for (let i = first; i < prompt.length; i++)
        stepwise = new Float32Array(await model.decode(prompt[i] ?? 0, i));
      expect(largestDifference(stepwise, last)).toBeLessThan(1e-4);
      // A second turn over the kept cache, after a turn that was rolled back.
      await model.prefill(tokenIds(9, 11), 13);
      const reused = await prefill(model, prompt.slice(13), 13);
      expect(largestDifference(reused, last)).toBeLessThan(1e-4);
      model.dispose();
    });
  });

  it('gives the same logits whatever the chunk, with the kernels of a GPU and of a software adapter', async () => {
    const prompt = tokenIds(30);
    const results: Float32Array[] = [];
    for (const [prefillChunk, fallback] of [
      [1, true],
      [7, true],
      [30, true],
      [64, true],
      [7, false],
      [30, false],
    ] as const) {
      const on: Gpu = { ...gpu, info: { ...gpu.info, fallback } };
      const model = await load(base, { contextWindow: 30, prefillChunk, speculation: 'off' }, on);
      results.push(await prefill(model, prompt, 0));
      model.dispose();
    }
    // Of few rows, as in a pass that checks a guess, a GPU attends in shares of the positions: here up to four.
    const on = withGpuKernels(gpu);
    const usual = defaultTuning(on.info, base);
    const tuning = { ...usual, split: { ...usual.split, splits: 4, span: 9 } };
    const few = { contextWindow: 30, prefillChunk: 7, speculation: 'always', tuning } as const;
    const model = await load(base, few, on);
    results.push(await prefill(model, prompt, 0));
    model.dispose();
    for (const result of results) expect(largestDifference(result, results[0] ?? [])).toBeLessThan(1e-4);
  });
  describe('generating on the GPU', () => {
    const prompt = tokenIds(9);
    /** One token at a time, drawn on the CPU. */
    const stepwise = async (
      model: DecoderModel,
      settings: SamplerSettings,
      count: number,
    ): Promise<number[]> => {
      const sampler = new Sampler(samplerWords(settings));
      const chosen = [sampler.sample(await prefill(model, prompt, 0))];
      while (chosen.length < count) {
        const logits = await model.decode(chosen.at(-1) ?? 0, prompt.length + chosen.length - 1);
        chosen.push(sampler.sample(logits));
      }
      return chosen;
    };
    it.each<[string, Partial<SamplerSettings>]>([
      ['greedy', {}],
      ['by temperature, top-p and penalty', { temperature: 3, topP: 0.9, repetitionPenalty: 1.3, seed: 5 }],
    ])('chooses what the CPU chooses, however many steps run ahead: %s', async (_name, change) => {
      const settings = { ...greedy, ...change };
      const model = await load(base, { contextWindow: 40 });
      const expected = await stepwise(model, settings, 16);
      if (settings.temperature > 0) expect(new Set(expected).size).toBeGreaterThan(3);
      for (const ahead of [1, 4]) {
        const chosen: number[] = [];
        await model.prefill(prompt, 0);
        const steps = model.generate(samplerWords(settings), prompt.length, 16, { ahead });
        for await (const id of steps) chosen.push(id);
        expect(chosen).toEqual(expected);
      }
      model.dispose();
    });
    it('forgets what ran past a stop, and goes on as if it had not', async () => {
      const model = await load(base, { contextWindow: 40 });
      const expected = await stepwise(model, greedy, 20);
      await model.prefill(prompt, 0);
      const chosen: number[] = [];
      for await (const id of model.generate(samplerWords(greedy), prompt.length, 20, { ahead: 4 }))
        if (chosen.push(id) === 7) break;
      expect(chosen).toEqual(expected.slice(0, 7));
      // The seventh was not run: its position is the first that is not known.
      const next = prompt.length + 6;
      await expect(model.decode(1, next + 1)).rejects.toMatchObject({ code: 'internal/invariant' });
      const again = model.generate(samplerWords(greedy), next, 1);
      await expect(again.next()).rejects.toMatchObject({ code: 'internal/invariant' });
      await model.prefill([chosen[6] ?? 0], next);
      const rest: number[] = [];
      for await (const id of model.generate(samplerWords(greedy), next + 1, 13)) rest.push(id);
      expect(rest).toEqual(expected.slice(7));
      model.dispose();
    });
    it('goes on with an answer as if it had never paused: draws by number, and what is penalised', async () => {
      const settings = samplerWords({ temperature: 3, topP: 0.9, repetitionPenalty: 1.5, seed: 5 });
      const model = await load(base, { contextWindow: 40 });
      const take = async (position: number, count: number, begun: readonly number[]): Promise<number[]> => {
        const chosen: number[] = [];
        for await (const id of model.generate(settings, position, count, { begun })) chosen.push(id);
        return chosen;
      };
      await model.prefill(prompt, 0);
      const expected = await take(prompt.length, 20, []);
      await model.prefill(prompt, 0);
      const begun = await take(prompt.length, 8, []);
      await model.prefill([...prompt, ...begun], 0);
      expect([...begun, ...(await take(prompt.length + 8, 12, begun))]).toEqual(expected);
      model.dispose();
    });
    it('reports logits that are no numbers', async () => {
      const model = await load(base, { contextWindow: 16 });
      for (const { record, bytes } of syntheticTensors(base, 11)) {
        if (record.name === 'transformer.norm.weight') {
          new Uint16Array(bytes.buffer).fill(0x7e00);
          model.upload(record, bytes);
        }
      }
      await model.prefill([1], 0);
      const steps = model.generate(samplerWords(greedy), 1, 3);
      await expect(steps.next()).rejects.toMatchObject({ code: 'run/bad-logits' });
      model.dispose();
    });
    it('fills the context and refuses more', async () => {
      const model = await load(base, { contextWindow: 16 });
      await model.prefill(prompt, 0);
      const tooMany = model.generate(samplerWords(greedy), 9, 9);
      await expect(tooMany.next()).rejects.toMatchObject({ code: 'run/context-full' });
      let count = 0;
      for await (const id of model.generate(samplerWords(greedy), 9, 8)) if (id >= 0) count++;
      expect(count).toBe(8);
      model.dispose();
    });
  });
  it('grows its cache with the conversation, which changes nothing but its size', async () => {
    const prompt = tokenIds(30);
    const settings = samplerWords({ temperature: 2, topP: 1, repetitionPenalty: 1, seed: 4 });
    const run = async (model: DecoderModel): Promise<number[]> => {
      const drawn: number[] = [];
      await model.prefill(prompt.slice(0, 7), 0);
      await model.prefill(prompt.slice(7), 7);
      for await (const id of model.generate(settings, prompt.length, 31, { ahead: 4 })) drawn.push(id);
      return drawn;
    };
    const whole = await load(base, { contextWindow: 60, kvPage: 60 });
    const expected = await run(whole);
    for (const kvPage of [8, 13]) {
      const paged = await load(base, { contextWindow: 60, kvPage });
      const before = paged.gpuBytes;
      expect(before).toBeLessThan(whole.gpuBytes - 40 * 2 * 2 * 4 * 96 * 4);
      expect(await run(paged), `pages of ${kvPage}`).toEqual(expected);
      // Nothing of the smaller caches is left; plans differ by the lengths they are for.
      expect(Math.abs(paged.gpuBytes - whole.gpuBytes)).toBeLessThan(100_000);
      expect(paged.gpuBytes).toBeGreaterThan(before);
      paged.dispose();
    }
    whole.dispose();
  });
  it('cuts a prompt into submits where it takes long, with the same logits', async () => {
    const prompt = tokenIds(60);
    const submits = async (submitMs: number): Promise<number> => {
      const model = await load(base, { contextWindow: 64, prefillChunk: 64, submitMs });
      const last = await prefill(model, prompt, 0);
      const counts = await countCalls(() => model.prefill(prompt, 0));
      expect(await model.logits()).toEqual(last);
      results.push(last);
      model.dispose();
      return counts.submits;
    };
    const results: Float32Array[] = [];
    // 7 chunks of 8 rows and one of 4; 2 layers of four matrices and an attention, cut at each, and the last logits.
    expect(await submits(1e-6)).toBe(8 * 10 + 1);
    expect(await submits(1e6)).toBe(1);
    expect(await submits(Infinity)).toBe(1);
    for (const result of results) expect(largestDifference(result, results[0] ?? [])).toBeLessThan(1e-4);
  });
  it('splits an embedding that the adapter cannot bind at once', async () => {
    const narrow: Gpu = { ...gpu, info: { ...gpu.info, maxBindingBytes: 100 * 64 } };
    const shape = { ...base, tied: true };
    const prompt = tokenIds(9);
    const whole = await load(shape, { contextWindow: 16 });
    const split = await load(shape, { contextWindow: 16 }, narrow);
    expect(largestDifference(await prefill(split, prompt, 0), await prefill(whole, prompt, 0))).toBe(0);
    whole.dispose();
    split.dispose();
  });
  it('stops between chunks, and goes on afterwards', async () => {
    const model = await load(base, { contextWindow: 64, prefillChunk: 4 });
    const controller = new AbortController();
    const running = model.prefill(tokenIds(60), 0, { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    const prompt = tokenIds(5);
    const again = await prefill(model, prompt, 0);
    const last = modelTwin(base, [...syntheticTensors(base, 11)], prompt).subarray(-base.vocab);
    expect(largestDifference(again, last)).toBeLessThan(1e-4);
    model.dispose();
  });
  it('frees all it took', async () => {
    const before = gpu.buffers.bytes;
    const model = await load(base, { contextWindow: 64 });
    expect(model.gpuBytes).toBeGreaterThan(base.vocab * base.hidden);
    model.dispose();
    expect(model.gpuBytes).toBe(0);
    expect(gpu.buffers.bytes).toBe(before);
  });

  describe('refuses', () => {
    const fresh = () => DecoderModel.create(gpu, base, { contextWindow: 16 });
    const [embedding] = [...syntheticTensors(base, 11)];
    if (!embedding) throw new Error('A model without tensors');
    const { record, bytes } = embedding;

    it.each([
      ['an unknown tensor', { ...record, name: 'transformer.h.9.ln.weight' }, 'model/bad-manifest'],
      ['a wrong shape', { ...record, shape: [301, 32] }, 'model/shape-mismatch'],
      ['a vocabulary larger than the tensor', { ...record, shape: [300, 16] }, 'model/shape-mismatch'],
      ['a wrong type', { ...record, dtype: 'float16' as const }, 'model/shape-mismatch'],
      ['a wrong length', { ...record, nbytes: record.nbytes - 4 }, 'model/shape-mismatch'],
    ])('%s', async (_name, wrong, code) => {
      const model = await fresh();
      expect(() => model.upload(wrong, bytes)).toThrow(expect.objectContaining({ code }));
      expect(() => model.upload(wrong, bytes)).toThrow(wrong.name);
      model.dispose();
    });
    it('fewer bytes than the record says', async () => {
      const model = await fresh();
      expect(() => model.upload(record, bytes.subarray(4))).toThrow(
        expect.objectContaining({ code: 'model/shape-mismatch' }),
      );
      model.dispose();
    });
    it('to be ready without all tensors', async () => {
      const model = await fresh();
      for (const tensor of syntheticTensors(base, 11)) {
        if (!tensor.record.name.startsWith('transformer.h.1.ln')) model.upload(tensor.record, tensor.bytes);
      }
      await expect(model.ready()).rejects.toMatchObject({
        code: 'model/missing-tensor',
        details: { tensor: 'transformer.h.1.ln.weight' },
      });
      model.dispose();
    });
    it('more tokens than the context holds, and ids past the vocabulary', async () => {
      const model = await load(base, { contextWindow: 16 });
      await expect(model.prefill(tokenIds(17), 0)).rejects.toMatchObject({ code: 'run/context-full' });
      await expect(model.prefill([301], 0)).rejects.toMatchObject({ code: 'tokenizer/unknown-token' });
      model.dispose();
    });
    it.each([
      ['hidden', { hidden: 100 }],
      ['head', { headDim: 264, rotaryDim: 264 }],
      ['heads', { kvHeads: 3 }],
      ['rotary', { rotaryDim: 97 }],
    ])('an odd %s', async (_name, change) => {
      const made = DecoderModel.create(gpu, { ...base, ...change }, { contextWindow: 16 });
      await expect(made).rejects.toMatchObject({ code: 'model/unsupported-arch' });
    });
    it('a context whose cache the adapter cannot bind', async () => {
      const made = DecoderModel.create(gpu, base, { contextWindow: 1_000_000 });
      await expect(made).rejects.toMatchObject({ code: 'gpu/limit-too-low' });
    });
  });
});
