// The engine against transformers' own Phi3ForCausalLM (training/hf/golden.py), with the kernels of a software adapter
// and of a GPU: windows over a cache that is a ring, long rope below, at and over the end of its original positions.
import { beforeAll, describe, expect, it } from 'vitest';
import type { KvFormat } from '../base/kv-format';
import type { Gpu } from '../gpu/gpu';
import { leftToLavapipe, sharedNodeGpu, skipReason, withGpuKernels } from '../gpu/testing/node-gpu';
import { samplerWords } from '../sampling/sampler';
import { DecoderModel } from './decoder-model';
import { differenceOf, goldenCases, type GoldenCase, type GoldenRow } from './testing/hf-golden';
import { greedy, largestDifference } from './testing/load';
import { modelTwin } from './testing/twin';

const all = goldenCases();
/** What a GPU's kernels do for one head or spelling they do for another. */
const some = [
  'window of 30',
  'window of 8, heads of 96',
  'long rope, partial rotary, 3 heads over 1',
  'long rope, window of 30',
];
const page = 8;
const chunk = 16;

function expectAlike(logits: ArrayLike<number>, rows: readonly GoldenRow[] = []): void {
  const { worst, others } = differenceOf(logits, rows);
  expect(worst).toBeLessThan(1e-4);
  // Of two ids that are as close as that, either may come first.
  expect(others.length).toBeLessThanOrEqual(1);
}

describe.skipIf(await skipReason()).each(leftToLavapipe ? ['software'] : ['software', 'GPU'])(
  'the engine and transformers, %s kernels',
  (kind) => {
    const cases = all.filter(({ name }) => kind === 'software' || some.includes(name));
    const windows = cases.filter(({ shape }) => shape.slidingWindow !== undefined);
    const long = cases.filter(({ grown }) => grown !== undefined);
    let gpu: Gpu;
    beforeAll(async () => {
      const shared = await sharedNodeGpu();
      gpu = kind === 'GPU' ? withGpuKernels(shared) : shared;
    });

    const load = async (
      { shape, tensors }: GoldenCase,
      kvFormat: KvFormat = 'f32',
    ): Promise<DecoderModel> => {
      const sizes = { contextWindow: 128, prefillChunk: chunk, kvPage: page, submitMs: Infinity };
      const model = await DecoderModel.create(gpu, shape, { ...sizes, kvFormat });
      for (const { record, bytes } of tensors) model.upload(record, bytes);
      await model.ready();
      return model;
    };
    /** Logits after each of the ids from `first` on, one at a time. */
    const steps = async (
      model: DecoderModel,
      ids: readonly number[],
      first: number,
      end: number,
    ): Promise<number[]> => {
      const all: number[] = [];
      for (let i = first; i < end; i++) all.push(...(await model.decode(ids[i] ?? 0, i)));
      return all;
    };

    it.each(cases.map((one) => [one.name, one] as const))('a text in one call: %s', async (_name, one) => {
      const model = await load(one);
      expectAlike(await model.logitsOf(one.ids, 0), one.whole);
      for (const rows of one.first ?? []) {
        expectAlike(await model.logitsOf(one.ids.slice(0, rows.length), 0), rows);
      }
      model.dispose();
    });

    it.each(windows.filter(({ grown }) => !grown).map((one) => [one.name, one] as const))(
      'read in part, then token by token: %s',
      async (_name, one) => {
        const model = await load(one);
        await model.prefill(one.ids.slice(0, 21), 0);
        expectAlike(await model.logits(), one.whole.slice(20, 21));
        expectAlike(await steps(model, one.ids, 21, 60), one.whole.slice(21));
        // Back by less than the ring has beside the window, and over again.
        expect(model.usable(55, 60)).toBe(55);
        await model.prefill(one.ids.slice(55), 55);
        expectAlike(await model.logits(), one.whole.slice(59));
        model.dispose();
      },
    );

    it.each(long.map((one) => [one.name, one] as const))(
      'read again where the original positions end: %s',
      async (_name, one) => {
        const model = await load(one);
        const { ids, grown = [] } = one;
        expect(model.longFrom).toBe(32);
        await model.prefill(ids.slice(0, 20), 0);
        expectAlike(await model.logits(), grown.slice(19, 20));
        expectAlike(await steps(model, ids, 20, 32), grown.slice(20, 32));
        // The next one makes it longer than that.
        expect([model.usable(32, 32), model.usable(32, 33)]).toEqual([32, 0]);
        await expect(model.decode(ids[32] ?? 0, 32)).rejects.toMatchObject({ code: 'internal/invariant' });
        await model.prefill(ids.slice(0, 33), 0);
        expectAlike(await model.logits(), grown.slice(32, 33));
        expectAlike(await steps(model, ids, 33, 60), grown.slice(33));
        // A new text that is short again.
        expect([model.usable(5, 20), model.usable(5, 40)]).toEqual([0, one.shape.slidingWindow ? 0 : 5]);
        await model.prefill(ids.slice(0, 20), 0);
        expectAlike(await model.logits(), grown.slice(19, 20));
        model.dispose();
      },
    );

    it.each(long.slice(0, 4).map((one) => [one.name, one] as const))(
      'generates what generate() does: %s',
      async (_name, one) => {
        const { ids, generated } = one;
        if (!generated) throw new Error('Nothing was generated');
        const model = await load(one);
        const text = ids.slice(0, generated.prompt);
        const drawn: number[] = [];
        const take = async (count: number): Promise<void> => {
          const options = { ahead: 4, begun: [...drawn] };
          for await (const id of model.generate(
            samplerWords(greedy),
            text.length + drawn.length,
            count,
            options,
          ))
            drawn.push(id);
        };
        await model.prefill(text, 0);
        await take(32 - generated.prompt + 1);
        await model.prefill([...text, ...drawn], 0);
        // The first of these follows the last of those.
        await take(generated.ids.length - drawn.length);
        expect(drawn).toEqual(generated.ids);
        model.dispose();
      },
    );
  },
);

describe.skipIf(await skipReason())('a model with a sliding window', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });
  const one = all.find(({ name }) => name === 'window of 8');
  if (!one) throw new Error('No golden case has a window');
  const load = async (change: object, options: object): Promise<DecoderModel> => {
    const sizes = { contextWindow: 128, prefillChunk: chunk, kvPage: page };
    const model = await DecoderModel.create(gpu, { ...one.shape, ...change }, { ...sizes, ...options });
    for (const { record, bytes } of one.tensors) model.upload(record, bytes);
    await model.ready();
    return model;
  };
  const text = [...one.ids, ...one.ids].slice(0, 112);

  it.each([
    ['f16', 2e-3],
    ['int8', 6e-2],
  ] as const)('keeps its numbers in a ring of %s', async (kvFormat, tolerance) => {
    const model = await load({}, { kvFormat });
    const twin = modelTwin(one.shape, one.tensors, one.ids, kvFormat);
    expect(largestDifference(await model.logitsOf(one.ids, 0), twin)).toBeLessThan(tolerance);
    const { vocab } = one.shape;
    for (let i = 40; i < 60; i++) {
      const logits = await model.decode(one.ids[i] ?? 0, i).catch((error: unknown) => error);
      if (i === 40) {
        // Nineteen positions back is further than the ring has rows for.
        expect(logits).toMatchObject({ code: 'internal/invariant' });
        await model.prefill(one.ids.slice(0, 41), 0);
        continue;
      }
      const row = twin.subarray(i * vocab, (i + 1) * vocab);
      expect(largestDifference(logits as Float32Array, row)).toBeLessThan(tolerance);
    }
    model.dispose();
  });

  it('takes no more rows than its window and a chunk, however long the text', async () => {
    const rowBytes = 3 * 4 * 2 * 4 * 32; // layers, bytes, keys and values, heads, dims
    const bytesAfter = async (slidingWindow: number | undefined): Promise<number> => {
      const model = await load({ slidingWindow }, { kvFormat: 'f32' });
      await model.prefill(text, 0);
      await model.logits();
      for (let i = 0; i < 10; i++) await model.decode(1, text.length + i);
      const { gpuBytes } = model;
      model.dispose();
      return gpuBytes;
    };
    const [whole, windowed] = [await bytesAfter(undefined), await bytesAfter(8)];
    // 8 - 1 + 16, in pages of 8, of the 122 positions, which are 128 in pages that grow by a quarter.
    const fewer = (whole - windowed) / rowBytes;
    // Plans take some bytes, by how many there are.
    expect(Math.abs(fewer - (128 - 24)), `${fewer} rows`).toBeLessThan(3);
  });

  it('checks guesses over the ring, and says what it would have said without them', async () => {
    const own = gpu;
    gpu = withGpuKernels(own);
    const prompt = [...one.ids.slice(0, 20), ...one.ids.slice(0, 20)];
    /** @param said before, which is what it will say. */
    const run = async (speculation: 'always' | 'off', said: readonly number[] = []) => {
      const model = await load({}, { kvFormat: 'f32', speculation });
      await model.prefill(prompt, 0);
      const drawn: number[] = [];
      let guesses = 0;
      const options = { history: [...said, ...prompt], onGuess: () => guesses++ };
      for await (const id of model.generate(samplerWords(greedy), prompt.length, 70, options)) drawn.push(id);
      model.dispose();
      return { drawn, guesses };
    };
    const plain = await run('off');
    const guessing = await run('always', plain.drawn);
    gpu = own;
    expect(guessing.guesses).toBeGreaterThan(3);
    expect(guessing.drawn).toEqual(plain.drawn);
  });

  it('says what it can go on from', async () => {
    const model = await load({}, { kvFormat: 'f32' });
    await model.prefill(text, 0);
    // A ring of 24 rows holds 88 to 111; the next position sees itself and seven before.
    expect(model.kvKept).toEqual({ from: 88, long: false });
    expect([model.usable(112, 120), model.usable(95, 120), model.usable(94, 120)]).toEqual([112, 95, 0]);
    expect(model.usable(0, 5)).toBe(0);
    await expect(model.prefill([1], 94)).rejects.toMatchObject({ code: 'internal/invariant' });
    await expect(model.saveKv(0, 80, 96)).rejects.toMatchObject({ code: 'internal/invariant' });
    // What is kept goes to another model across the end of its ring.
    const layers: ArrayBuffer[] = [];
    for (let layer = 0; layer < one.shape.layers; layer++) layers.push(await model.saveKv(layer, 88, 112));
    const expected = await model.decode(5, 112);
    const other = await load({}, { kvFormat: 'f32' });
    await other.prefill(text.slice(0, 88), 0);
    await other.restoreKv(88, await new Blob(layers).arrayBuffer());
    expect(largestDifference(await other.decode(5, 112), expected)).toBe(0);
    model.dispose();
    other.dispose();
  });
});
