// Answers that outgrow how they are read, with the CPU twin computing the logits: everything but the GPU is the real thing.
import { describe, expect, it } from 'vitest';
import type { GenerateEvent, GenerateRequest } from '../../protocol/chat';
import { Phi3Twin } from '../../reference/phi3';
import { answer, type AnswerContext } from './answer';
import { checkRequest } from './check-request';
import { babbleFolder, setText, tensorsOf, textOf, type Folder } from './testing/model-folder';
import { assistant, defaults, setUp, user } from './testing/twin-model';

describe('an answer that grows past what is read one way', () => {
  const original = 40;
  const longFolder = (): Folder => {
    const folder = babbleFolder();
    const config = JSON.parse(textOf(folder, 'mlc-chat-config.json')) as { model_config: object };
    const factors = (top: number): number[] => Array.from({ length: 12 }, (_, i) => 1 + (top * i) / 12);
    const rope_scaling = { type: 'longrope', short_factor: factors(0.5), long_factor: factors(20) };
    const lengths = { max_position_embeddings: 128, original_max_position_embeddings: original };
    Object.assign(config.model_config, { rope_scaling, ...lengths });
    setText(folder, 'mlc-chat-config.json', JSON.stringify(config));
    return folder;
  };
  const request: GenerateRequest = { messages: [user('The little dog')], max_tokens: 40 };
  const setUpLong = () => {
    const context = setUp({ folder: longFolder() });
    context.model.longFrom = original;
    return context;
  };
  const run = async (context: AnswerContext, what = request, stop = new AbortController()) => {
    const events: GenerateEvent[] = [];
    for await (const event of answer(context, checkRequest(what, defaults), stop.signal)) events.push(event);
    return events;
  };
  const idsOf = (events: readonly GenerateEvent[]): number[] =>
    events.flatMap((event) => (event.type === 'token' ? [...event.tokenIds] : []));

  it('is read again on the way, once, and goes on as if it had been so from its first token on', async () => {
    const context = setUpLong();
    const events = await run(context);
    const prompt = setUpLong().cache.promptIds(request.messages);
    expect(prompt.length).toBeLessThan(original);
    const twin = new Phi3Twin(context.config.shape, tensorsOf(longFolder()));
    const { vocab } = context.config.shape;
    let logits: Float64Array = twin.logits(prompt, 0).slice(-vocab);
    const expected: number[] = [];
    while (expected.length < 40) {
      expected.push(logits.indexOf(Math.max(...logits)));
      logits = twin.logits(expected.slice(-1), prompt.length + expected.length - 1);
    }
    expect(idsOf(events)).toEqual(expected);
    const reads = context.model.calls.filter(({ ids }) => ids.length > 1);
    expect(reads.map(({ ids, position }) => [ids.length, position])).toEqual([
      [prompt.length, 0],
      [original + 1, 0],
    ]);
    expect(reads[1]?.ids).toEqual([...prompt, ...expected.slice(0, original + 1 - prompt.length)]);
    // It is said, between the tokens.
    const kinds = events.map(({ type }) => type);
    expect(kinds.lastIndexOf('prefill')).toBeGreaterThan(kinds.indexOf('token'));
    expect(kinds.lastIndexOf('token')).toBeGreaterThan(kinds.lastIndexOf('prefill'));
    expect(events.at(-1)).toEqual({ type: 'done', finishReason: 'length' });
    expect(events.at(-2)).toMatchObject({ usage: { completion_tokens: 40 } });
  });

  it('is gone on from afterwards, and nothing of it is used for a text that fits', async () => {
    const context = setUpLong();
    const events = await run(context);
    const text = events.map((event) => (event.type === 'token' ? event.text : '')).join('');
    const { calls } = context.model;
    calls.length = 0;
    const turn = [...request.messages, assistant(text), user('And?')];
    await run(context, { messages: turn, max_tokens: 2 });
    expect(calls[0]?.position).toBeGreaterThan(20);
    calls.length = 0;
    await run(context, { ...request, max_tokens: 2 });
    expect(calls[0]?.position).toBe(0);
  });

  it('of a prompt that is too long already is read once', async () => {
    const context = setUpLong();
    const long = 'the little dog and '.repeat(5);
    await run(context, { messages: [user(long)], max_tokens: 5 });
    expect(context.model.calls.filter(({ ids }) => ids.length > 1)).toHaveLength(1);
  });

  it('stops while it is read again', async () => {
    const context = setUpLong();
    const stop = new AbortController();
    let [tokens, cut] = [0, 0];
    for await (const event of answer(context, checkRequest(request, defaults), stop.signal)) {
      if (event.type === 'token') tokens++;
      if (event.type === 'prefill' && tokens > 0) {
        cut = tokens;
        stop.abort();
      }
      if (event.type === 'done') expect(event.finishReason).toBe('cancelled');
    }
    expect(cut).toBeGreaterThan(0);
    expect(tokens - cut).toBeLessThanOrEqual(1);
    expect(context.cache.length).toBe(0);
    // And can be asked again.
    expect((await run(context)).at(-1)).toEqual({ type: 'done', finishReason: 'length' });
  });
});
