// Turns and answers that go on, with the CPU twin computing the logits: everything but the GPU is the real thing.
import { describe, expect, it } from 'vitest';
import type { GenerateRequest } from '../../protocol/chat';
import { ask, assistant, setUp, user } from './testing/twin-model';
import { TokenCache } from './token-cache';

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

describe('an answer that was cut goes on', () => {
  const sampled = { temperature: 0.9, seed: 7, repetition_penalty: 1.3 };
  const question = user('The little dog');

  it.each([
    ['greedily', { temperature: 0 }],
    ['by a seed, with a penalty', sampled],
  ])(
    '%s as if nothing had happened: after a stop, and where only text and ids were kept',
    async (_, settings) => {
      const whole = await ask(setUp(), { ...settings, messages: [question], max_tokens: 16 });
      for (const at of [1, 2, 7, 15]) {
        const context = setUp();
        const first = await ask(context, { ...settings, messages: [question], max_tokens: at });
        expect(first.ids).toEqual(whole.ids.slice(0, at));
        const request: GenerateRequest = {
          ...settings,
          messages: [question, { ...assistant(first.text), tokenIds: first.ids }],
          continue_final_message: true,
          max_tokens: 16 - at,
        };
        for (const place of [context, setUp()]) {
          const rest = await ask(place, request);
          expect([...first.ids, ...rest.ids]).toEqual(whole.ids);
          // A cut through the middle of a character shows both of its halves.
          if (!first.text.endsWith('\ufffd')) expect(first.text + rest.text).toBe(whole.text);
          expect(rest.done.finishReason).toBe('length');
        }
      }
    },
  );

  it('reads nothing again of what is still in the cache', async () => {
    const context = setUp();
    const first = await ask(context, { messages: [question], max_tokens: 6 });
    const { usage } = await ask(context, {
      messages: [question, { ...assistant(first.text), tokenIds: first.ids }],
      continue_final_message: true,
      max_tokens: 2,
    });
    expect(usage.prompt_tokens - usage.cached_tokens).toBe(1);
  });

  it('is known as a whole afterwards: the next turn reads only what is new', async () => {
    const context = setUp();
    const first = await ask(context, { messages: [question], max_tokens: 6 });
    const open = { ...assistant(first.text), tokenIds: first.ids };
    const rest = await ask(context, {
      messages: [question, open],
      continue_final_message: true,
      max_tokens: 6,
    });
    const next = [question, assistant(first.text + rest.text), user('And then?')];
    const fresh = setUp().cache.promptIds([user('And then?')]).length;
    const { usage } = await ask(context, { messages: next, max_tokens: 1 });
    expect(usage.prompt_tokens - usage.cached_tokens).toBeLessThanOrEqual(fresh + 2);
  });

  it('from its text, where the ids are not those of it', async () => {
    const context = setUp();
    const text = 'Once upon a time';
    const alone = await ask(setUp(), {
      messages: [question, assistant(text)],
      continue_final_message: true,
      max_tokens: 4,
    });
    for (const tokenIds of [[1], [2, 3, 4], context.tokenizer.encodeData('Other words')]) {
      const { ids } = await ask(setUp(), {
        messages: [question, { ...assistant(text), tokenIds }],
        continue_final_message: true,
        max_tokens: 4,
      });
      expect(ids).toEqual(alone.ids);
    }
  });

  it.each([
    ['a question last', { messages: [question], continue_final_message: true }],
    ['no word to go on from', { messages: [question, assistant('')], continue_final_message: true }],
    ['an answer last that nobody wants to go on', { messages: [question, assistant('Hm')] }],
    [
      'ids that are none',
      { messages: [question, { ...assistant('Hm'), tokenIds: ['a'] }], continue_final_message: true },
    ],
  ])('and not with %s', async (_, request) => {
    await expect(ask(setUp(), request as never)).rejects.toMatchObject({ code: 'run/bad-request' });
  });
});
