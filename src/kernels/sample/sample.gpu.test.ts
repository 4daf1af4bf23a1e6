// The kernel against the CPU sampler: not close but the same id, for every seed, setting and shape of logits.
import { beforeAll, describe, expect, it } from 'vitest';
import { prng } from '../../base/prng';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { Sampler, samplerWords, withMask, type SamplerSettings } from '../../sampling/sampler';
import { flavours, numbers } from '../testing/numbers';
import { paramsStruct, runKernel, withBug } from '../testing/run-kernel';
import { noToken, sample } from './sample';

const greedy: SamplerSettings = { temperature: 0, topP: 1, repetitionPenalty: 1, seed: 1 };

describe.skipIf(await skipReason()).each([256, 1] as const)('sample in %i threads', (threads) => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const words = (floats: Float32Array | undefined): Uint32Array<ArrayBuffer> =>
    Uint32Array.from(
      floats ? new Uint32Array(floats.buffer, floats.byteOffset, floats.length) : [],
      (word) => word,
    );
  /** Ids of several steps, each its own logits. */
  const run = async (
    steps: readonly Float32Array<ArrayBuffer>[],
    settings: SamplerSettings,
    spec = sample,
    mask?: Uint32Array,
  ): Promise<number[]> => {
    const vocab = steps[0]?.length ?? 0;
    const packed = mask ? withMask(samplerWords(settings), mask) : samplerWords(settings);
    let state = new Uint32Array([41, 0, 7, 7]);
    let seen = new Uint32Array(Math.ceil(vocab / 32));
    const ids: number[] = [];
    for (const logits of steps) {
      const result = await runKernel(gpu, spec, { vocab, rows: 1, threads }, [
        logits,
        packed,
        { init: new Uint32Array([5, 6]) },
        { init: state },
        { init: seen },
      ]);
      const [tokens, stateAfter, seenAfter] = result.map(words);
      expect(tokens?.[1]).toBe(1);
      expect([...(stateAfter ?? [])]).toEqual([(state[0] ?? 0) + 1, (state[1] ?? 0) + 1, 7, 7]);
      state = stateAfter ?? state;
      seen = seenAfter ?? seen;
      ids.push(tokens?.[0] ?? noToken);
    }
    return ids;
  };
  const twin = (steps: readonly Float32Array[], settings: SamplerSettings, mask?: Uint32Array): number[] => {
    const words = samplerWords(settings);
    const sampler = new Sampler(mask ? withMask(words, mask) : words);
    return steps.map((logits) => sampler.sample(logits));
  };

  it.each([1, 255, 256, 257, 301, 32064])('%i logits in every flavour, greedy', async (vocab) => {
    for (const flavour of flavours) {
      const logits = [numbers(vocab, vocab, flavour)];
      expect(await run(logits, greedy), flavour).toEqual(twin(logits, greedy));
    }
  });
  it('takes the lowest id among equals, wherever they lie', async () => {
    for (const at of [
      [3, 259],
      [511, 256],
      [999, 0],
    ]) {
      const logits = new Float32Array(1000).fill(-5);
      for (const i of at) logits[i] = -1;
      expect(await run([logits], greedy)).toEqual([Math.min(...at)]);
    }
    expect(await run([new Float32Array(600).fill(-3.4028234663852886e38)], greedy)).toEqual([0]);
  });
  it.each([NaN, Infinity, -Infinity])('says that %d is no logit', async (strange) => {
    const logits = numbers(700, 1);
    logits[650] = strange;
    expect(await run([logits], { ...greedy, temperature: 1 })).toEqual([noToken]);
    expect(() => twin([logits], greedy)).toThrow();
  });

  /** Like a model's: few likely, a long tail. */
  const modelLike = (vocab: number, seed: number): Float32Array<ArrayBuffer> => {
    const random = prng(seed);
    return Float32Array.from({ length: vocab }, () => -6 * Math.log(random() + 1e-9) - 20 * random());
  };
  const settings: Partial<SamplerSettings>[] = [
    { temperature: 1 },
    { temperature: 0.3, seed: 2 ** 45 + 3 },
    { temperature: 100, seed: -1 },
    { temperature: 1e-12 },
    { temperature: 1, topP: 0.9 },
    { temperature: 2.5, topP: 0.5, seed: 9 },
    { temperature: 1, topP: 1e-9 },
    { temperature: 0.8, topP: 0.999999, repetitionPenalty: 1.3 },
    { temperature: 0, repetitionPenalty: 1.7 },
    { temperature: 1.5, repetitionPenalty: 0.8 },
  ];
  it.each(settings)('draws what the CPU draws: %o', async (change) => {
    const all = { ...greedy, ...change };
    for (const vocab of [1, 33, 301, 4096]) {
      const steps = Array.from({ length: 5 }, (_, i) => modelLike(vocab, vocab + (i % 2)));
      expect(await run(steps, all), `vocab ${vocab}`).toEqual(twin(steps, all));
    }
  });
  /** One bit in `every` at random, and the last id. */
  const maskOf = (vocab: number, every: number, seed: number): Uint32Array<ArrayBuffer> => {
    const random = prng(seed);
    const mask = new Uint32Array(Math.ceil(vocab / 32));
    for (let id = 0; id < vocab; id++)
      if (id === vocab - 1 || random() < 1 / every)
        mask[id >> 5] = ((mask[id >> 5] ?? 0) | (1 << (id & 31))) >>> 0;
    return mask;
  };
  it.each(settings)(
    'draws under a mask what the CPU draws, and nothing that it forbids: %o',
    async (change) => {
      const all = { ...greedy, ...change };
      for (const [vocab, every] of [
        [1, 2],
        [33, 4],
        [301, 100],
        [4096, 3],
      ] as const) {
        const mask = maskOf(vocab, every, vocab);
        const steps = Array.from({ length: 5 }, (_, i) => modelLike(vocab, vocab + (i % 2)));
        const ids = await run(steps, all, sample, mask);
        expect(ids, `vocab ${vocab}`).toEqual(twin(steps, all, mask));
        for (const id of ids) expect(((mask[id >> 5] ?? 0) >>> (id & 31)) & 1).toBe(1);
      }
    },
  );
  it('takes what a mask leaves, however unlikely, and no token where it leaves none', async () => {
    const logits = Float32Array.from({ length: 700 }, (_, id) => (id === 650 ? -3.4028234663852886e38 : 50));
    const mask = new Uint32Array(22);
    for (const temperature of [0, 1]) {
      expect(await run([logits], { ...greedy, temperature }, sample, mask)).toEqual([noToken]);
      expect(() => twin([logits], { ...greedy, temperature }, mask)).toThrow();
    }
    mask[650 >> 5] = 1 << (650 & 31);
    for (const temperature of [0, 1, 100])
      expect(await run([logits], { ...greedy, temperature }, sample, mask)).toEqual([650]);
  });
  it.each([['settings[7] == 0u ||', 'true ||']])(
    'a mistake with the mask shows: %s',
    async (right, wrong) => {
      const all = { ...greedy, temperature: 3 };
      const steps = Array.from({ length: 6 }, (_, i) => modelLike(600, i));
      const mask = maskOf(600, 30, 3);
      expect(await run(steps, all, withBug(sample, right, wrong), mask)).not.toEqual(twin(steps, all, mask));
    },
  );
  it('draws what the CPU draws from flat, tied and vast logits', async () => {
    const drawn = { ...greedy, temperature: 1, topP: 0.7 };
    for (const logits of [
      new Float32Array(32064),
      Float32Array.from({ length: 1000 }, (_, i) => -(i % 3)),
      numbers(32064, 3, 'large'),
      Float32Array.of(3e38, -3e38, 2e38),
    ]) {
      const steps = [logits, logits, logits];
      expect(await run(steps, drawn)).toEqual(twin(steps, drawn));
    }
  });
  it.each<[string, Partial<SamplerSettings>]>([
    ['greedy', {}],
    ['greedy, with a penalty', { repetitionPenalty: 1.5 }],
    ['drawn', { temperature: 2, topP: 0.9, repetitionPenalty: 1.2, seed: 8 }],
  ])('checks a guess row by row, as if each had been a step: %s', async (_name, change) => {
    const all = { ...greedy, ...change };
    const [vocab, rows] = [700, 8];
    const steps = Array.from({ length: rows }, (_, i) => modelLike(vocab, 50 + i));
    const logits = new Float32Array(rows * vocab);
    steps.forEach((step, i) => logits.set(step, i * vocab));
    const expected = twin(steps, all);
    for (let right = 0; right < rows; right++) {
      const guess = expected.map((id, i) => (i === right ? id ^ 1 : id)).slice(0, rows - 1);
      const [tokens, state, seen] = (
        await runKernel(gpu, sample, { vocab, rows, threads }, [
          logits,
          samplerWords(all),
          { init: Uint32Array.from([9, ...guess]) },
          { init: new Uint32Array([41, 0, 7, 7]) },
          { init: new Uint32Array(22) },
        ])
      ).map(words);
      // The id in place of the one guessed wrongly, or the one after them all.
      expect([...(tokens ?? [])].slice(0, 2)).toEqual([expected[right], right + 1]);
      expect([...(tokens ?? [])].slice(2)).toEqual(guess.slice(1));
      expect([...(state ?? [])]).toEqual([42 + right, right + 1, 7, 7]);
      const drawn = new Set(expected.slice(0, right + 1));
      const marked = Array.from({ length: vocab }, (_, id) => id).filter(
        (id) => ((seen?.[id >> 5] ?? 0) >>> (id & 31)) & 1,
      );
      expect(marked).toEqual([...drawn].sort((a, b) => a - b));
    }
  });
  it('ends a guess at a logit that is none', async () => {
    const logits = new Float32Array(3 * 40);
    logits[40 + 7] = NaN;
    const [tokens, state] = (
      await runKernel(gpu, sample, { vocab: 40, rows: 3, threads }, [
        logits,
        samplerWords(greedy),
        { init: new Uint32Array([9, 0, 0]) },
        { init: new Uint32Array([1, 0]) },
        { init: new Uint32Array(2) },
      ])
    ).map(words);
    expect([...(tokens ?? [])]).toEqual([noToken, 2, 0]);
    expect([...(state ?? [])]).toEqual([3, 2]);
  });
  const planted: (readonly [string, string, Partial<SamplerSettings>])[] = [
    ['low < a.x', 'false', { topP: 0.9 }],
    ['(a >> 16u) * (b >> 16u)', '(a >> 16u) * (b >> 17u)', {}],
    ['select(2u, 3u, logit > 0.0)', '2', { repetitionPenalty: 1.5, temperature: 0.01 }],
    ['t = 45421u', 't = 30421u', {}],
    ...(threads === 1
      ? ([
          ['logit > highest', 'logit >= highest', { temperature: 0 }],
          ['select(key > last', 'select(key >= last', { topP: 0.4 }],
        ] as const)
      : ([
          ['key <= last', 'key < last', { topP: 0.4 }],
          ['best_id[other] < best_id', 'best_id[other] > best_id', { temperature: 0 }],
          ['old > 0xffffffffu - weight', 'false', { topP: 0.9 }],
        ] as const)),
  ];
  it.each(planted)('a mistake shows: %s -> %s', async (right, wrong, change) => {
    const all = { ...greedy, temperature: 3, ...change };
    const steps = Array.from({ length: 24 }, (_, i) =>
      Float32Array.from({ length: 600 }, (_, id) => (i < 12 ? (id % 7) / 5 : 1) + (id < 3 ? 1 : 0)),
    );
    expect(await run(steps, all, withBug(sample, right, wrong))).not.toEqual(twin(steps, all));
  });
  it('packs what the shader declares', () => {
    expect(sample.fields).toEqual(paramsStruct(sample.source({ WG: threads }).code));
  });
});
