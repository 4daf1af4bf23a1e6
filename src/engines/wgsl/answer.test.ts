// Answers, with the CPU twin computing the logits: everything but the GPU is the real thing.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../formats/mlc/parse-config';
import type { PrefillOptions } from '../../model/run/prefill';
import type { ChatMessage, GenerateEvent, GenerateRequest } from '../../protocol/chat';
import { Phi3Twin } from '../../reference/phi3';
import { Tokenizer } from '../../tokenizer/tokenizer';
import { Sampler } from '../../sampling/sampler';
import { answer, type AnswerContext, type LanguageModel } from './answer';
import { checkRequest } from './check-request';
import { babbleFolder, setText, tensorsOf, textOf, type Folder } from './testing/model-folder';
import { TokenCache } from './token-cache';

interface Call {
  readonly ids: readonly number[];
  readonly position: number;
}

/** Steps that the stand-in, like a GPU, has under way before anybody takes their ids. */
const ahead = 3;

/** The twin as a model that prefills in chunks of 8, and what it was asked to compute. */
class TwinModel implements LanguageModel {
  readonly calls: Call[] = [];
  longFrom: number | undefined;
  /** Whether what is known was computed with long factors. */
  private long = false;

  usable(count: number, end: number): number {
    return this.long === end > (this.longFrom ?? Infinity) ? count : 0;
  }

  /** Called before each chunk and each step. */
  onStep: (call: Call) => void = () => undefined;
  change: (logits: Float32Array) => Float32Array = (logits) => logits;
  running = false;
  private logits = new Float32Array();

  constructor(
    private readonly twin: Phi3Twin,
    private readonly vocab: number,
    private readonly sampler: (settings: Uint32Array<ArrayBuffer>) => Sampler,
  ) {}

  async prefill(
    ids: readonly number[],
    position: number,
    { signal, onProgress }: PrefillOptions = {},
  ): Promise<void> {
    expect(this.running).toBe(false);
    this.calls.push({ ids, position });
    this.long = position + ids.length > (this.longFrom ?? Infinity);
    for (let done = 0; done < ids.length; done += 8) {
      this.onStep({ ids: ids.slice(done, done + 8), position: position + done });
      signal?.throwIfAborted();
      this.logits = Float32Array.from(
        this.twin.logits(ids.slice(done, done + 8), position + done).slice(-this.vocab),
      );
      if (done + 8 < ids.length) onProgress?.((done + 8) / ids.length);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  async *generate(
    settings: Uint32Array<ArrayBuffer>,
    position: number,
    count: number,
  ): AsyncGenerator<number, void, undefined> {
    this.running = true;
    try {
      const sampler = this.sampler(settings);
      const drawn: number[] = [];
      for (let taken = 0; taken < count; taken++) {
        while (drawn.length < Math.min(count, taken + ahead)) {
          const [last] = drawn.slice(-1);
          if (last !== undefined) this.run(last, position + drawn.length - 1);
          drawn.push(sampler.sample(this.change(this.logits)));
        }
        await Promise.resolve();
        yield drawn[taken] ?? -1;
      }
    } finally {
      await Promise.resolve();
      this.running = false;
    }
  }

  /** Logits after that token. */
  run(id: number, position: number): Float32Array {
    this.calls.push({ ids: [id], position });
    this.onStep({ ids: [id], position });
    return (this.logits = Float32Array.from(this.twin.logits([id], position)));
  }

  /** Of the last token run. */
  get last(): Float32Array {
    return this.logits;
  }
}

function setUp(
  options: { contextWindow?: number; folder?: Folder } = {},
): AnswerContext & { model: TwinModel } {
  const folder = options.folder ?? babbleFolder();
  const config = parseConfig(textOf(folder, 'mlc-chat-config.json'));
  const tokenizer = Tokenizer.parse(textOf(folder, 'tokenizer.json'));
  return {
    model: new TwinModel(
      new Phi3Twin(config.shape, tensorsOf(folder)),
      config.shape.vocab,
      (settings) => new Sampler(settings),
    ),
    tokenizer,
    config,
    contextWindow: options.contextWindow ?? config.contextWindow,
    cache: new TokenCache(tokenizer, config.template),
  };
}

const defaults = { temperature: 0, top_p: 1, repetition_penalty: 1 };
const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

interface Outcome {
  readonly text: string;
  readonly ids: readonly number[];
  readonly events: readonly GenerateEvent[];
  readonly usage: Extract<GenerateEvent, { type: 'usage' }>['usage'];
  readonly done: Extract<GenerateEvent, { type: 'done' }>;
}

async function ask(
  context: AnswerContext,
  request: GenerateRequest,
  signal = new AbortController().signal,
  onEvent: (event: GenerateEvent) => void = () => undefined,
): Promise<Outcome> {
  const events: GenerateEvent[] = [];
  for await (const event of answer(context, checkRequest(request, defaults), signal)) {
    events.push(event);
    onEvent(event);
  }
  const tokens = events.filter((event) => event.type === 'token');
  const usage = events.at(-2);
  const done = events.at(-1);
  if (usage?.type !== 'usage' || done?.type !== 'done') throw new Error('usage and done should come last');
  const read = events.filter((event) => event.type === 'prefill').map(({ fraction }) => fraction);
  expect(events.findIndex(({ type }) => type !== 'prefill')).toBe(read.length);
  expect(read).toEqual([...new Set(read)].sort((a, b) => a - b));
  expect(read.every((fraction) => fraction > 0 && fraction < 1)).toBe(true);
  expect(tokens).toHaveLength(events.length - read.length - 2);
  return {
    text: tokens.map(({ text }) => text).join(''),
    ids: tokens.flatMap(({ tokenIds }) => [...tokenIds]),
    events,
    usage: usage.usage,
    done,
  };
}

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

describe('a second turn', () => {
  const first: GenerateRequest = { messages: [user('The little dog')], max_tokens: 10 };

  it('computes only what is new and says the same as a fresh run over the whole text', async () => {
    const context = setUp();
    const { text, ids } = await ask(context, first);
    context.model.calls.length = 0;
    const messages = [...first.messages, assistant(text), user('and the cat')];
    const second = await ask(context, { messages, max_tokens: 10 });
    // Everything of turn one is in the cache but its last token, which was sampled and never fed back.
    const firstPrompt = setUp().cache.promptIds(first.messages).length;
    expect(second.usage.cached_tokens).toBe(firstPrompt + ids.length - 1);
    expect(context.model.calls[0]).toMatchObject({ position: firstPrompt + ids.length - 1 });

    const fresh = setUp();
    fresh.cache.remember(text, ids);
    const again = await ask(fresh, { messages, max_tokens: 10 });
    expect(again.usage.cached_tokens).toBe(0);
    expect(again.ids).toEqual(second.ids);
  });

  it('reuses generated ids even where tokenising their text would give others', async () => {
    const context = setUp();
    const { tokenizer, cache, config } = context;
    const letters = ['t', 'h', 'e'].map(
      (letter) => tokenizer.encodeParts([{ text: letter, trusted: false }]).at(-1) ?? -1,
    );
    const spelled = [...tokenizer.encodeData(''), ...letters];
    const said = tokenizer.decode(spelled);
    expect(tokenizer.encodeData(said)).not.toEqual(spelled);
    cache.remember(said, spelled);
    const prompt = cache.promptIds([user('a'), assistant(said), user('b')]);
    expect(prompt.join()).toContain(spelled.join());
    // Without the memory it is the text's own ids.
    const other = new TokenCache(tokenizer, config.template).promptIds([
      user('a'),
      assistant(said),
      user('b'),
    ]);
    expect(other.join()).not.toContain(spelled.join());
  });

  it('lets no control token the model made up into the history', async () => {
    const context = setUp();
    const tag = context.tokenizer.controlId('<|user|>') ?? -1;
    let step = 0;
    context.model.change = (logits) => (++step === 3 ? logits.fill(-9).fill(9, tag, tag + 1) : logits);
    const { text, ids } = await ask(context, first);
    expect(ids).toContain(tag);
    expect(text).not.toContain('<|user|>');
    const prompt = context.cache.promptIds([...first.messages, assistant(text), user('x')]);
    // The two the template itself opens.
    expect(prompt.filter((id) => id === tag)).toHaveLength(2);
  });

  it('does not remember an answer whose text was cut by a stop string', async () => {
    const context = setUp();
    const whole = await ask(setUp(), first);
    const { text, ids } = await ask(context, { ...first, stop: [whole.text.slice(4)] });
    expect(context.tokenizer.decode(ids)).not.toBe(text);
    const plain = new TokenCache(context.tokenizer, context.config.template);
    const messages = [...first.messages, assistant(text), user('x')];
    expect(context.cache.promptIds(messages)).toEqual(plain.promptIds(messages));
  });

  it('after an edit keeps what stands before it', async () => {
    const context = setUp();
    await ask(context, first);
    const edited = await ask(context, { messages: [user('The little cat')], max_tokens: 10 });
    expect(edited.usage.cached_tokens).toBeGreaterThan(3);
    expect(edited.ids).toEqual(
      (await ask(setUp(), { messages: [user('The little cat')], max_tokens: 10 })).ids,
    );
  });

  it('of the very same prompt computes one token and says the same', async () => {
    const context = setUp();
    const once = await ask(context, first);
    const twice = await ask(context, first);
    expect(twice.ids).toEqual(once.ids);
    expect(twice.usage.cached_tokens).toBe(twice.usage.prompt_tokens - 1);
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
