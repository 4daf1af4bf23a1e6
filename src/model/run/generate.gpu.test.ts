// Guessing ahead: the same ids with and without, fewer passes over the weights, and nothing else asked of the GPU.
import { beforeAll, describe, expect, it } from 'vitest';
import { countCalls } from '../../../bench/count-calls';
import type { ModelShape } from '../../formats/model-config';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { logprobOf } from '../../sampling/logprob';
import { samplerWords, type SamplerSettings } from '../../sampling/sampler';
import type { DecoderModel } from '../decoder-model';
import type { SpeculationMode } from './speculation';
import { greedy, leastShape, loadSynthetic } from '../testing/load';

const shape: ModelShape = { ...leastShape, vocab: 40 };
const contextWindow = 150;
const history = [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4];

interface Answer {
  readonly ids: readonly number[];
  readonly guesses: number;
  readonly right: number;
}

describe.skipIf(await skipReason())('an answer with guesses', () => {
  let gpu: Gpu;
  const models = new Map<SpeculationMode, DecoderModel>();
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
    for (const speculation of ['off', 'always', 'auto'] as const) {
      // Small pages, so that passes meet the end of one.
      const options = { contextWindow, prefillChunk: 16, kvPage: 50, speculation };
      const model = await loadSynthetic(gpu, shape, options, 3);
      await model.measurePass();
      models.set(speculation, model);
    }
  }, 120_000);

  const model = (mode: SpeculationMode): DecoderModel => {
    const found = models.get(mode);
    if (!found) throw new Error(`No model for ${mode}`);
    return found;
  };
  /** Of at most `count` ids; left after `leaveAt` of them. */
  const answer = async (
    mode: SpeculationMode,
    settings: SamplerSettings,
    { count = contextWindow - history.length + 1, leaveAt = Infinity, before = history, fresh = true } = {},
  ): Promise<Answer> => {
    if (fresh) await model(mode).prefill(before, 0);
    const ids: number[] = [];
    let [guesses, right] = [0, 0];
    const steps = model(mode).generate(samplerWords(settings), before.length, count, {
      history: before,
      onGuess: (guess) => {
        expect(guess.guessed).toBe(7);
        guesses++;
        right += guess.right;
      },
    });
    for await (const id of steps) if (ids.push(id) === leaveAt) break;
    return { ids, guesses, right };
  };

  it.each<[string, SamplerSettings, number]>([
    ['greedy', greedy, 10],
    ['drawn', { ...greedy, temperature: 0.7, topP: 0.6, seed: 5 }, 1],
    ['with a penalty', { ...greedy, temperature: 1, topP: 0.9, repetitionPenalty: 1.2, seed: 6 }, 0],
    ['greedy, with a penalty', { ...greedy, repetitionPenalty: 1.05 }, 1],
  ])('has the ids that steps give, to the end of the context: %s', async (_name, settings, least) => {
    const expected = await answer('off', settings);
    const actual = await answer('always', settings);
    expect(actual.ids).toEqual(expected.ids);
    expect(expected).toMatchObject({ guesses: 0, right: 0 });
    console.log(`${actual.ids.length} ids, ${actual.guesses} guesses, ${actual.right} of their ids right`);
    expect(actual.guesses).toBeGreaterThan(2);
    expect(actual.right).toBeGreaterThanOrEqual(least);
  });

  it('tells how sure it was of each id, as the f64 twin does from the same logits', async () => {
    const settings = { ...greedy, temperature: 1, seed: 3 };
    const expected = await answer('off', settings, { count: 12 });
    await model('always').prefill(history, 0);
    const steps = model('always').generate(samplerWords(settings), history.length, 12, {
      history,
      surety: true,
    });
    const ids: number[] = [];
    // Left early: what ran ahead of it is not counted in.
    for await (const id of steps) if (ids.push(id) === 10) break;
    expect(ids).toEqual(expected.ids.slice(0, 10));
    const sure = await model('always').surety(0, 10);
    expect(sure).toHaveLength(10);
    const all = await model('off').logitsOf([...history, ...ids], 0);
    sure.forEach(({ logprob, entropy }, i) => {
      const row = history.length - 1 + i;
      const twin = logprobOf(all.subarray(row * shape.vocab, (row + 1) * shape.vocab), ids[i] ?? -1);
      expect(logprob).toBeCloseTo(twin.logprob, 3);
      expect(entropy).toBeCloseTo(twin.entropy, 3);
    });
    expect(await model('always').surety(2, 4)).toEqual(sure.slice(2, 4));
    expect(await model('always').surety(5000, 6000)).toEqual([]);
  });

  it('ends at any count, and may be left at any id and continued', async () => {
    const { ids: all } = await answer('off', greedy);
    for (const count of [1, 2, 64, 67]) {
      expect((await answer('always', greedy, { count })).ids).toEqual(all.slice(0, count));
      expect((await answer('always', greedy, { leaveAt: count })).ids).toEqual(all.slice(0, count));
      // What was guessed beyond it is forgotten: the last id was not run yet.
      const last = all[count - 1] ?? 0;
      await model('always').prefill([last], history.length + count - 1);
      const before = [...history, ...all.slice(0, count)];
      const rest = await answer('always', greedy, { before, count: 20, fresh: false });
      expect(rest.ids).toEqual(all.slice(count, count + 20));
    }
  });

  it('costs one submit and one write a pass, of a known number of dispatches, and makes nothing', async () => {
    const runs: Answer[] = [];
    const run = async (count: number): Promise<void> =>
      void runs.push(await answer('always', greedy, { count }));
    // Room for all of it, and the plans over that.
    await run(130);
    await run(130);
    runs.length = 0;
    const short = await countCalls(() => run(30));
    const long = await countCalls(() => run(130));
    const [before, after] = runs;
    if (!before || !after) throw new Error('Nothing was counted');
    const passes = after.guesses - before.guesses;
    const { layers } = shape;
    // What is not a pass is a step, the one that runs ahead of the end included.
    const steps = long.submits - short.submits - passes;
    expect(passes).toBeGreaterThan(5);
    expect(passes + steps).toBeLessThan(60);
    expect(long.dispatches - short.dispatches).toBe(passes * (9 * layers + 4) + steps * (5 * layers + 3));
    expect(long.writeBuffers - short.writeBuffers).toBe(passes);
    expect([long.bindGroups, long.buffers]).toEqual([short.bindGroups, short.buffers]);
  });

  it('measures what a pass costs, and goes by it', async () => {
    expect((await answer('auto', greedy)).ids).toEqual((await answer('off', greedy)).ids);
    expect(model('auto').passCost).toBeGreaterThan(0.1);
    expect(model('auto').passCost).not.toBe(model('off').passCost);
  });
});
