// Guessing ahead on a real model: the same ids with and without. More on small ones in model/generate.gpu.test.ts.
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../formats/mlc/parse-config';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { DecoderModel } from '../../model/decoder-model';
import type { SpeculationMode } from '../../model/run/speculation';
import { samplerWords, type SamplerSettings } from '../../sampling/sampler';
import { Tokenizer } from '../../tokenizer/tokenizer';
import { hasTinyModel, tensorsOf, textOf, tinyFolder } from './testing/model-folder';
import { TokenCache } from './token-cache';

const skip = await skipReason();
const greedy: SamplerSettings = { temperature: 0, topP: 1, repetitionPenalty: 1, seed: 1 };
/** With these settings the model repeats itself over the prompts. */
const repeating: SamplerSettings = { ...greedy, temperature: 0.7, topP: 0.9, seed: 5 };
const prompt = 'The little dog ran to the red house. '.repeat(4);

describe.skipIf(skip || !hasTinyModel())('guesses on phield-tiny', () => {
  const folder = tinyFolder();
  const config = parseConfig(textOf(folder, 'mlc-chat-config.json'));
  const tokens = new TokenCache(Tokenizer.parse(textOf(folder, 'tokenizer.json')), config.template);
  let gpu: Gpu;
  const models = new Map<SpeculationMode, DecoderModel>();

  beforeAll(async () => {
    gpu = await sharedNodeGpu();
    for (const speculation of ['off', 'always'] as const) {
      const options = { contextWindow: 160, prefillChunk: 16, speculation };
      const model = await DecoderModel.create(gpu, config.shape, options);
      for (const { record, bytes } of tensorsOf(folder).values()) model.upload(record, new Uint8Array(bytes));
      await model.ready();
      models.set(speculation, model);
    }
  }, 120_000);

  interface Answer {
    readonly ids: readonly number[];
    readonly guesses: number;
    readonly right: number;
  }
  const model = (mode: SpeculationMode): DecoderModel => {
    const found = models.get(mode);
    if (!found) throw new Error(`No model for ${mode}`);
    return found;
  };
  const answer = async (mode: SpeculationMode, settings: SamplerSettings, count: number): Promise<Answer> => {
    const history = tokens.promptIds([{ role: 'user', content: prompt }]);
    await model(mode).prefill(history, 0);
    const ids: number[] = [];
    let [guesses, right] = [0, 0];
    const steps = model(mode).generate(samplerWords(settings), history.length, count, {
      history,
      onGuess: (guess) => {
        guesses++;
        right += guess.right;
      },
    });
    for await (const id of steps) ids.push(id);
    return { ids, guesses, right };
  };

  /** Enough for a drawn text to repeat itself. */
  const answerTokens = 80;
  it.each<[string, SamplerSettings, number]>([
    ['greedy', greedy, 0],
    ['drawn, as it repeats itself', repeating, 10],
  ])('give the same ids as steps do: %s', async (_name, settings, least) => {
    const expected = await answer('off', settings, answerTokens);
    const actual = await answer('always', settings, answerTokens);
    expect(actual.ids).toEqual(expected.ids);
    console.log(`${actual.guesses} guesses, ${actual.right} ids right`);
    expect(actual.guesses).toBeGreaterThan(0);
    expect(actual.right).toBeGreaterThanOrEqual(least);
  });
});
