// Answers, with the CPU twin computing the logits: everything but the GPU is the real thing.
import { describe, expect, it } from 'vitest';
import type { GenerateRequest } from '../../protocol/chat';
import { logprobOf } from '../../sampling/logprob';
import { answer } from './answer';
import { checkRequest } from './check-request';
import { babbleFolder, setText, textOf } from './testing/model-folder';
import { ask, assistant, defaults, setUp, user, type Outcome } from './testing/twin-model';

describe('an answer', () => {
  const hello: GenerateRequest = { messages: [user('The little dog')], max_tokens: 12 };

  it('is what the model says token by token, with its ids, its text and its counts', async () => {
    const context = setUp();
    const { text, ids, usage, done } = await ask(context, hello);
    const fresh = setUp();
    const prompt = fresh.cache.promptIds(hello.messages);
    const expected: number[] = [];
    await fresh.model.prefill(prompt, 0);
    while (expected.length < 12) {
      const best = fresh.model.last.indexOf(Math.max(...fresh.model.last));
      expected.push(best);
      fresh.model.run(best, prompt.length + expected.length - 1);
    }
    expect(ids).toEqual(expected);
    expect(text).toBe(context.tokenizer.decode(expected));
    expect(done).toEqual({ type: 'done', finishReason: 'length' });
    expect(usage).toMatchObject({
      prompt_tokens: prompt.length,
      completion_tokens: 12,
      total_tokens: prompt.length + 12,
      cached_tokens: 0,
    });
    expect(usage.ttft_ms).toBeGreaterThan(0);
    expect(usage.decode_tokens_per_s).toBeGreaterThan(0);
  });

  it('tells how sure the model was of it, where that is asked, and else says nothing of it', async () => {
    const context = setUp();
    const { ids, usage } = await ask(context, { ...hello, logprobs: true });
    const fresh = setUp();
    const prompt = fresh.cache.promptIds(hello.messages);
    await fresh.model.prefill(prompt, 0);
    const sure = ids.map((id, i) => {
      const one = logprobOf(fresh.model.last, id);
      fresh.model.run(id, prompt.length + i);
      return one;
    });
    const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b) / of.length;
    expect(usage.mean_logprob).toBeCloseTo(mean(sure.map(({ logprob }) => logprob)), 6);
    expect(usage.mean_entropy).toBeCloseTo(mean(sure.map(({ entropy }) => entropy)), 6);
    expect(usage.mean_entropy).toBeGreaterThan(0);
    expect((await ask(setUp(), hello)).usage).not.toHaveProperty('mean_logprob');
  });

  it('begins with the template the folder asks for', () => {
    const { cache, tokenizer } = setUp();
    const id = (tag: string): number => tokenizer.controlId(tag) ?? -1;
    const prompt = cache.promptIds([user('the dog')]);
    expect(prompt).toEqual([
      1,
      id('<|system|>'),
      ...tokenizer.encodeData('Be kind.'),
      id('<|user|>'),
      ...tokenizer.encodeData('the dog'),
      id('<|end|>'),
      id('<|assistant|>'),
    ]);
  });

  it('is the same for the same seed and another for another', async () => {
    const sampled = (seed: number): Promise<Outcome> =>
      ask(setUp(), { ...hello, temperature: 1.5, seed, max_tokens: 20 });
    const [first, again, other] = await Promise.all([sampled(1), sampled(1), sampled(2)]);
    expect(first.ids).toEqual(again.ids);
    expect(first.text).toBe(again.text);
    expect(first.ids).not.toEqual(other.ids);
  });

  it('ends at a stop id, which is counted and not shown', async () => {
    const context = setUp();
    const end = context.tokenizer.controlId('<|end|>') ?? -1;
    let step = 0;
    context.model.change = (logits) => (++step > 3 ? logits.fill(-9).fill(9, end, end + 1) : logits);
    const { ids, done, usage } = await ask(context, hello);
    expect(done.finishReason).toBe('stop');
    expect(ids).toHaveLength(3);
    expect(usage.completion_tokens).toBe(4);
  });

  it.each([
    ['the template', ['<|end|>\n'], []],
    ['the request', [], ['<|end|>']],
  ])('ends at a control token that a stop string of %s spells', async (_, ofTemplate, asked) => {
    const folder = babbleFolder();
    const config = JSON.parse(textOf(folder, 'mlc-chat-config.json')) as { conv_template: object };
    Object.assign(config.conv_template, { stop_token_ids: [2], stop_str: ofTemplate });
    setText(folder, 'mlc-chat-config.json', JSON.stringify(config));
    const context = setUp({ folder });
    const end = context.tokenizer.controlId('<|end|>') ?? -1;
    let step = 0;
    context.model.change = (logits) => (++step > 3 ? logits.fill(-9).fill(9, end, end + 1) : logits);
    const { ids, done } = await ask(context, { ...hello, stop: asked });
    expect(done.finishReason).toBe('stop');
    expect(ids).toHaveLength(3);
  });

  it('ends at a stop string that spans tokens, showing nothing of it', async () => {
    const whole = await ask(setUp(), { ...hello, max_tokens: 40 });
    const letters = [...whole.text];
    const stop = letters.slice(8, 12).join('');
    const { text, done } = await ask(setUp(), { ...hello, max_tokens: 40, stop: [stop, 'never said'] });
    expect(done.finishReason).toBe('stop');
    expect(text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
  });

  it('shows text that was held back for a stop string that never came', async () => {
    const whole = await ask(setUp(), hello);
    const almost = `${whole.text.slice(-2)}#`;
    const { text, ids } = await ask(setUp(), { ...hello, stop: [almost] });
    expect(text).toBe(whole.text);
    expect(ids).toEqual(whole.ids);
  });

  it('ends when the context is full, and says so', async () => {
    const context = setUp();
    const promptLength = context.cache.promptIds(hello.messages).length;
    const narrow = { ...context, contextWindow: promptLength + 5 };
    const { ids, done } = await ask(narrow, { messages: hello.messages });
    // Five fed back, and the one sampled after them.
    expect(ids).toHaveLength(6);
    expect(done).toEqual({ type: 'done', finishReason: 'length', contextFull: true });
    const exact = { ...setUp(), contextWindow: promptLength };
    expect((await ask(exact, { messages: hello.messages })).ids).toHaveLength(1);
  });

  it('refuses a prompt that alone does not fit, with both numbers', async () => {
    const context = { ...setUp(), contextWindow: 20 };
    await expect(ask(context, { messages: [user('the dog '.repeat(30))] })).rejects.toMatchObject({
      code: 'run/context-full',
      details: { contextWindow: 20 },
      message: expect.stringMatching(/is \d+ tokens long .* room for 20\. Shorten/),
    });
    expect(context.model.calls).toEqual([]);
  });

  it('fails by name when a logit is not a number, and trusts no cache after an error', async () => {
    const context = setUp();
    await ask(context, hello);
    context.model.change = (logits) => logits.fill(NaN);
    await expect(ask(context, hello)).rejects.toMatchObject({ code: 'run/bad-logits' });
    context.model.onStep = () => {
      throw new Error('device lost');
    };
    await expect(ask(context, hello)).rejects.toThrow('device lost');
    expect(context.cache.length).toBe(0);
  });
});

it('says how much of a long prompt it has read', async () => {
  const context = setUp();
  const { events, usage } = await ask(context, {
    messages: [user('the little dog ran to the red house '.repeat(2))],
    max_tokens: 2,
  });
  const chunks = Math.ceil(usage.prompt_tokens / 8);
  expect(chunks).toBeGreaterThan(2);
  expect(events.filter(({ type }) => type === 'prefill')).toEqual(
    Array.from({ length: chunks - 1 }, (_, i) => ({
      type: 'prefill',
      fraction: (8 * (i + 1)) / usage.prompt_tokens,
    })),
  );
});

describe('stopping', () => {
  const long: GenerateRequest = {
    messages: [user('the little dog ran to the red house '.repeat(2))],
    max_tokens: 10,
  };

  it.each([0, 1, 3])('during prefill, before chunk %d, leaves a cache that is right', async (chunk) => {
    const expected = await ask(setUp(), long);
    const context = setUp();
    await ask(context, { messages: [user('the little dog')], max_tokens: 3 });
    const stop = new AbortController();
    let steps = 0;
    context.model.onStep = () => {
      if (steps++ === chunk) stop.abort();
    };
    const stopped = await ask(context, long, stop.signal);
    expect(stopped.done.finishReason).toBe('cancelled');
    expect(stopped.ids).toEqual([]);
    expect(stopped.usage.completion_tokens).toBe(0);
    context.model.onStep = () => undefined;
    expect((await ask(context, long)).ids).toEqual(expected.ids);
  });

  it('by walking away during prefill waits for it, and leaves a cache that is right', async () => {
    const context = setUp();
    let steps = 0;
    context.model.onStep = () => steps++;
    for await (const event of answer(context, checkRequest(long, defaults), new AbortController().signal)) {
      expect(event).toMatchObject({ type: 'prefill' });
      break;
    }
    const begun = steps;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(steps).toBe(begun);
    expect((await ask(context, long)).ids).toEqual((await ask(setUp(), long)).ids);
  });

  it('before it began computes nothing', async () => {
    const context = setUp();
    const { done } = await ask(context, long, AbortSignal.abort());
    expect(done.finishReason).toBe('cancelled');
    expect(context.model.calls).toEqual([]);
  });

  it('while tokens come keeps those shown, and the next turn builds on them', async () => {
    const context = setUp();
    const stop = new AbortController();
    let shown = 0;
    const stopped = await ask(context, { ...long, max_tokens: 50 }, stop.signal, (event) => {
      if (event.type === 'token' && ++shown === 4) stop.abort();
    });
    expect(stopped.done).toEqual({ type: 'done', finishReason: 'cancelled' });
    expect(stopped.ids.length).toBeLessThan(10);
    const messages = [...long.messages, assistant(stopped.text), user('go on')];
    const next = await ask(context, { messages, max_tokens: 5 });
    expect(next.usage.cached_tokens).toBeGreaterThan(stopped.usage.prompt_tokens);
    const fresh = setUp();
    fresh.cache.remember(stopped.text, stopped.ids);
    expect((await ask(fresh, { messages, max_tokens: 5 })).ids).toEqual(next.ids);
  });

  it('by walking away from the events leaves a cache that is right', async () => {
    const context = setUp();
    for await (const event of answer(context, checkRequest(long, defaults), new AbortController().signal)) {
      if (event.type === 'token') break;
    }
    expect((await ask(context, long)).ids).toEqual((await ask(setUp(), long)).ids);
  });
});
