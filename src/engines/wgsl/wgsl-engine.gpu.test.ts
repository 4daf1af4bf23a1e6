// The engine on a real adapter: phield-tiny against its f64 twin, and the seam's promises.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../formats/mlc/parse-config';
import { leftToLavapipe, openNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { DecoderModel } from '../../model/decoder-model';
import type { LoadProgress } from '../../protocol/chat';
import { Phi3Twin } from '../../reference/phi3';
import { Tokenizer } from '../../tokenizer/tokenizer';
import {
  ask,
  assistant,
  base,
  countNoLonger,
  liveBytes,
  load,
  never,
  openShared,
  rig,
  user,
} from './testing/gpu-engine';
import {
  babbleFolder,
  hasTinyModel,
  MemoryStore,
  tensorsOf,
  textOf,
  tinyFolder,
} from './testing/model-folder';
import { TokenCache } from './token-cache';
import { createWgslEngine } from './wgsl-engine';

const skip = await skipReason();
afterAll(countNoLonger);

describe.skipIf(skip || !hasTinyModel())('phield-tiny on the GPU and in f64', () => {
  /** SwiftShader takes a sixth of a second a step. */
  const fewer = leftToLavapipe ? 16 : 64;
  const prompts: [string, number][] = [
    ['Tell me a story about a dog, to run and happy.', 64],
    ['What is Phield?', fewer],
    ['Does my data leave the device?', fewer],
    ['Continue the story.', fewer],
    ['a', fewer],
  ];
  /** Of logits of about 15: what rounding keys and values to f16 adds up to. In f32 it is 1e-5. */
  const tolerance = 2e-2;
  let model: DecoderModel;
  let twin: Phi3Twin;
  let vocab = 0;
  let cache: TokenCache;

  beforeAll(async () => {
    const folder = tinyFolder();
    const config = parseConfig(textOf(folder, 'mlc-chat-config.json'));
    vocab = config.shape.vocab;
    const gpu = await openShared();
    model = await DecoderModel.create(gpu, config.shape, { contextWindow: 256, prefillChunk: 16 });
    const tensors = tensorsOf(folder);
    for (const { record, bytes } of tensors.values()) model.upload(record, new Uint8Array(bytes));
    await model.ready();
    twin = new Phi3Twin(config.shape, tensors);
    cache = new TokenCache(Tokenizer.parse(textOf(folder, 'tokenizer.json')), config.template);
  }, 120_000);
  afterAll(() => model.dispose());

  it.each(prompts)('greedy ids, and logits as close as f16 lets them: %s %d', async (prompt, steps) => {
    const ids = cache.promptIds([user(prompt)]);
    let expected = twin.logits(ids, 0).slice(-vocab) as Float64Array;
    await model.prefill(ids, 0);
    let actual = await model.logits();
    let worst = 0;
    const splits: string[] = [];
    for (let step = 0; step < steps; step++) {
      expected.forEach((logit, i) => (worst = Math.max(worst, Math.abs(logit - (actual[i] ?? NaN)))));
      const [best, runnerUp] = topTwo(expected);
      const choice = topTwo(actual)[0];
      if (choice.id !== best.id) {
        splits.push(`step ${step}: twin ${best.id}, GPU ${choice.id}, gap ${best.logit - runnerUp.logit}`);
        expect(best.logit - runnerUp.logit, splits.join('; ')).toBeLessThan(tolerance);
      }
      // Past a split both follow the twin, so that all steps are compared.
      expected = twin.logits([best.id], ids.length + step);
      actual = await model.decode(best.id, ids.length + step);
    }
    console.log(`worst |logit difference| ${worst.toExponential(2)}, splits: ${splits.join('; ') || 'none'}`);
    expect(Number.isFinite(worst)).toBe(true);
    expect(worst).toBeLessThan(tolerance);
  });

  it('chunked prefill equals token by token', async () => {
    const ids = cache.promptIds([user('The little dog ran to the red house. '.repeat(2))]);
    expect(ids.length).toBeGreaterThan(32);
    await model.prefill(ids, 0);
    const chunked = await model.logits();
    let single = chunked;
    for (const [position, id] of ids.entries()) single = await model.decode(id, position);
    const worst = chunked.reduce((max, logit, i) => Math.max(max, Math.abs(logit - (single[i] ?? NaN))), 0);
    expect(worst).toBeLessThan(tolerance);
  });
});

function topTwo(logits: ArrayLike<number>): [{ id: number; logit: number }, { id: number; logit: number }] {
  let best = { id: -1, logit: -Infinity };
  let second = best;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? NaN;
    if (logit > best.logit) [best, second] = [{ id, logit }, best];
    else if (logit > second.logit) second = { id, logit };
  }
  return [best, second];
}

describe.skipIf(skip)('the engine', () => {
  it('loads with one figure that never goes back, then answers as its twin does', async () => {
    const folder = babbleFolder();
    const { engine } = rig(folder);
    const progress = await load(engine);
    const fractions = progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(progress.at(-1)).toMatchObject({ phase: 'ready', fraction: 1 });
    expect(new Set(progress.map(({ phase }) => phase))).toEqual(
      new Set(['config', 'tokenizer', 'manifest', 'upload', 'compile', 'ready']),
    );
    const messages = [user('The little dog')];
    const { ids, usage } = await ask(engine, { messages, temperature: 0, max_tokens: 20 });
    expect(engine.gpuBytes).toBeGreaterThan(0);

    const config = parseConfig(textOf(folder, 'mlc-chat-config.json'));
    const twin = new Phi3Twin(config.shape, tensorsOf(folder));
    const cache = new TokenCache(Tokenizer.parse(textOf(folder, 'tokenizer.json')), config.template);
    const prompt = cache.promptIds(messages);
    expect(usage.prompt_tokens).toBe(prompt.length);
    expect(await engine.countTokens(messages)).toBe(prompt.length);
    let logits = twin.logits(prompt, 0).slice(-config.shape.vocab) as Float64Array;
    for (const [step, id] of ids.entries()) {
      const [best] = topTwo(logits);
      expect(best.logit - (logits[id] ?? -Infinity), `step ${step}`).toBeLessThan(1e-3);
      logits = twin.logits([id], prompt.length + step);
    }
    await engine.dispose();
    expect(engine.gpuBytes).toBe(0);
  });

  // A device of its own compiles everything anew.
  it.skipIf(leftToLavapipe).each(['upload', 'compile'] as const)(
    'a device lost in the phase %s is told as the loss, not as what it broke',
    async (lostIn) => {
      const gpu = await openNodeGpu();
      const store = new MemoryStore(new Map([[base, babbleFolder()]]));
      const engine = createWgslEngine({ store, resolve: () => base, openGpu: () => Promise.resolve(gpu) });
      const onProgress = ({ phase }: LoadProgress): void => {
        if (phase === lostIn) gpu.device.destroy();
      };
      await expect(engine.load('m', { signal: never, onProgress })).rejects.toMatchObject({
        code: 'gpu/device-lost',
        retryable: true,
      });
      await engine.dispose();
    },
  );

  it('second turn on a reused cache equals a fresh engine over the same ids', async () => {
    const { engine } = rig(babbleFolder());
    await load(engine);
    const first = await ask(engine, { messages: [user('The cat')], temperature: 0, max_tokens: 10 });
    const messages = [user('The cat'), assistant(first.text), user('and then')];
    const second = await ask(engine, { messages, temperature: 0, max_tokens: 10 });
    expect(second.usage.cached_tokens).toBe(first.usage.total_tokens - 1);
    // A regenerated first turn is computed from the start of what differs; the whole text again, uncached:
    await ask(engine, {
      messages: [{ role: 'system', content: 'Other.' }, user('x')],
      temperature: 0,
      max_tokens: 1,
    });
    const again = await ask(engine, { messages, temperature: 0, max_tokens: 10 });
    expect(again.usage.cached_tokens).toBeLessThan(5);
    expect(again.ids).toEqual(second.ids);
    await engine.dispose();
  });

  it('says the same for the same seed, on another engine too', async () => {
    const run = async (seed: number): Promise<readonly number[]> => {
      const { engine } = rig(babbleFolder());
      await load(engine);
      const { ids } = await ask(engine, {
        messages: [user('the dog')],
        temperature: 1,
        seed,
        max_tokens: 25,
      });
      await engine.dispose();
      return ids;
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });

  it('stops during prefill, and answers rightly afterwards', async () => {
    // A dozen chunks and more: even a fast adapter is still at it when the timer fires.
    const { engine } = rig(babbleFolder({ contextWindow: 320 }));
    await load(engine);
    const long = {
      messages: [user('the little dog ran to the red house '.repeat(12))],
      temperature: 0,
      max_tokens: 6,
    };
    const stop = new AbortController();
    const stopped = ask(engine, long, stop.signal);
    setTimeout(() => stop.abort(), 0);
    const { done, ids, usage } = await stopped;
    expect(done.finishReason).toBe('cancelled');
    expect(ids).toEqual([]);
    expect(usage.completion_tokens).toBe(0);
    const after = await ask(engine, long);
    const { engine: other } = rig(babbleFolder({ contextWindow: 320 }));
    await load(other);
    expect(after.usage.prompt_tokens).toBeGreaterThan(180);
    expect(after.ids).toEqual((await ask(other, long)).ids);
    await Promise.all([engine.dispose(), other.dispose()]);
  });

  it('answers one at a time, and only with a model', async () => {
    const { engine } = rig(babbleFolder());
    const request = { messages: [user('a')], max_tokens: 30, temperature: 1 };
    await expect(ask(engine, request)).rejects.toMatchObject({ code: 'run/bad-request' });
    await expect(engine.countTokens([user('a')])).rejects.toMatchObject({ code: 'run/bad-request' });
    await load(engine);
    const first = ask(engine, request);
    await expect(ask(engine, request)).rejects.toMatchObject({ code: 'run/busy' });
    expect((await first).ids.length).toBeGreaterThan(0);
    expect((await ask(engine, request)).ids.length).toBeGreaterThan(0);
    await engine.dispose();
  });

  it('ends with length and contextFull when the window is full, and refuses what cannot fit', async () => {
    const { engine } = rig(babbleFolder({ contextWindow: 32 }));
    await load(engine);
    const { done, usage } = await ask(engine, { messages: [user('the')], temperature: 0 });
    expect(done).toEqual({ type: 'done', finishReason: 'length', contextFull: true });
    // The one past the window was sampled and needs no place.
    expect(usage.total_tokens).toBe(33);
    await expect(ask(engine, { messages: [user('the dog '.repeat(40))] })).rejects.toMatchObject({
      code: 'run/context-full',
    });
    await engine.dispose();
  });

  it('ends an answer under way when another model is loaded, and frees the first', async () => {
    const { engine } = rig(babbleFolder());
    await load(engine);
    const before = liveBytes();
    // Seeded, since a stop drawn by chance would end it first.
    const request = { messages: [user('the')], temperature: 1, seed: 2, max_tokens: 100 };
    expect((await ask(engine, request)).done.finishReason).toBe('length');
    const answering = ask(engine, request);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await load(engine);
    expect((await answering).done.finishReason).toBe('cancelled');
    // Twice the same model, once its memory.
    expect(liveBytes()).toBe(before);
    expect((await ask(engine, { messages: [user('the')], max_tokens: 3 })).ids.length).toBeGreaterThan(0);
    await engine.dispose();
  });
});
