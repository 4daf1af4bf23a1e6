// An answer that was cut goes on, on a real adapter with the real phield-tiny: as if nothing had happened.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leasedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import type { GenerateRequest } from '../../protocol/chat';
import type { Engine } from '../engine';
import { hasTinyModel, MemoryStore, tinyFolder } from './testing/model-folder';
import { createWgslEngine } from './wgsl-engine';

const skip = await skipReason();
const base = 'https://models.example/m/';

function start(): Engine {
  const store = new MemoryStore(new Map([[base, tinyFolder()]]));
  return createWgslEngine({ store, resolve: () => base, openGpu: leasedNodeGpu });
}

interface Part {
  readonly text: string;
  readonly ids: readonly number[];
  readonly finish: string;
}

/** @param stopAfter ids after which whoever listens stops it. */
async function ask(engine: Engine, request: GenerateRequest, stopAfter = Infinity): Promise<Part> {
  const stop = new AbortController();
  let text = '';
  const ids: number[] = [];
  let finish = '';
  for await (const event of engine.generate(request, {
    signal: stop.signal,
  })) {
    // As the chat does it: what comes after the stop is not taken.
    if (event.type === 'token' && !stop.signal.aborted) {
      text += event.text;
      ids.push(...event.tokenIds);
      if (ids.length >= stopAfter) stop.abort();
    }
    if (event.type === 'done') finish = event.finishReason;
  }
  return { text, ids, finish };
}

describe.skipIf(skip || !hasTinyModel())('phield-tiny, stopped and told to go on', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = start();
    await engine.load('m', { signal: new AbortController().signal, onProgress: () => undefined });
  });
  afterAll(() => engine.dispose());

  it.each([
    ['greedily', { temperature: 0 }],
    ['by a seed, with a penalty', { temperature: 0.8, seed: 11, repetition_penalty: 1.2 }],
  ])('%s says what it would have said', async (_, settings) => {
    const messages = [
      { role: 'user', content: 'Tell me a story with the words dog, jump and happy.' },
    ] as const;
    const whole = await ask(engine, { ...settings, messages, max_tokens: 20 });
    for (const at of [1, 9]) {
      const first = await ask(engine, { ...settings, messages, max_tokens: 20 }, at);
      expect(first.finish).toBe('cancelled');
      expect(first.ids.length).toBeGreaterThanOrEqual(at);
      const rest = await ask(engine, {
        ...settings,
        messages: [...messages, { role: 'assistant', content: first.text, tokenIds: first.ids }],
        continue_final_message: true,
        max_tokens: 20 - first.ids.length,
      });
      expect([...first.ids, ...rest.ids]).toEqual(whole.ids);
      expect(first.text + rest.text).toBe(whole.text);
    }
  });
});
