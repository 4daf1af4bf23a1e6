import { describe, expect, it } from 'vitest';
import { lastRun } from '../client/fake-engine';
import { lastAnswer, path, settle, setUp } from './testing/fake-chat';

describe('going on with a cut answer', () => {
  const cut = async () => {
    const parts = setUp();
    parts.store.send('Tell me');
    await settle();
    lastRun(parts.engine).say('Once', ' upon');
    await settle();
    parts.store.stop();
    lastRun(parts.engine).end('cancelled');
    await settle();
    return parts;
  };

  it('sends its words and ids as the open turn, and adds to them', async () => {
    const { engine, store } = await cut();
    const before = lastAnswer(store);
    store.continue(before.id);
    await settle();
    expect(lastRun(engine).request).toEqual({
      messages: [
        { role: 'user', content: 'Tell me' },
        { role: 'assistant', content: 'Once upon', tokenIds: [0, 1] },
      ],
      continue_final_message: true,
    });
    lastRun(engine).say(' a time.');
    lastRun(engine).end();
    await settle();
    const after = lastAnswer(store);
    expect(after).toMatchObject({ id: before.id, text: 'Once upon a time.', status: { kind: 'complete' } });
    // Needed no more.
    expect(after.tokenIds).toBeUndefined();
    // 2 times 5 tokens; 4 of each came after a first, at 42.5 a second.
    expect(after.usage).toMatchObject({ completion_tokens: 10, total_tokens: 22, ttft_ms: 120 });
    expect(after.usage?.decode_tokens_per_s).toBeCloseTo(42.5);
  });

  it('keeps the figures of the part before when it goes on before those have come', async () => {
    const { engine, store } = setUp();
    store.send('Tell me');
    await settle();
    const first = lastRun(engine);
    first.say('Once');
    await settle();
    store.stop();
    store.continue(lastAnswer(store).id);
    first.end('cancelled');
    await settle();
    lastRun(engine).say(' upon');
    lastRun(engine).end('length');
    await settle();
    expect(engine.runs).toHaveLength(2);
    expect(lastAnswer(store)).toMatchObject({ text: 'Once upon', usage: { completion_tokens: 10 } });
  });

  it('is nothing to do for an answer that is whole, or has no word yet', async () => {
    const { engine, store } = setUp();
    store.send('Tell me');
    await settle();
    store.stop();
    lastRun(engine).end('cancelled');
    await settle();
    store.continue(lastAnswer(store).id);
    store.regenerate(lastAnswer(store).id);
    await settle();
    lastRun(engine).say('All.');
    lastRun(engine).end();
    await settle();
    store.continue(lastAnswer(store).id);
    await settle();
    expect(engine.runs).toHaveLength(2);
  });
});

describe('a variation', () => {
  it('asks for the same in other words, and keeps none of that in the chat', async () => {
    const { engine, store } = setUp();
    store.send('Why?');
    await settle();
    lastRun(engine).say('Because.');
    lastRun(engine).end();
    await settle();
    store.regenerate(lastAnswer(store).id, { instruction: 'Shorter, please.' });
    await settle();
    expect(lastRun(engine).request.messages).toEqual([
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Because.' },
      { role: 'user', content: 'Shorter, please.' },
    ]);
    expect(path(store).map(({ text }) => text)).toEqual(['Why?', '']);
  });
});

describe('what waits for the answer under way', () => {
  const message = (text: string, conversationId: string | null) =>
    ({ kind: 'send', conversationId, text, images: [], documents: [] }) as const;

  it('is one thing, done once that answer is whole', async () => {
    const { engine, store } = setUp();
    store.send('One');
    await settle();
    const { activeId } = store.getState();
    expect(store.doOrQueue(message('Two', activeId))).toBe(true);
    expect(store.doOrQueue(message('Three', activeId))).toBe(false);
    expect(engine.runs).toHaveLength(1);
    lastRun(engine).say('Uno');
    lastRun(engine).end();
    await settle();
    expect(lastRun(engine).request.messages.map(({ content }) => content)).toEqual(['One', 'Uno', 'Two']);
    expect(store.getState().queued).toBeUndefined();
  });

  it('is not done after a stop, but when the person says so', async () => {
    const { engine, store } = setUp();
    store.send('One');
    await settle();
    store.doOrQueue(message('Two', store.getState().activeId));
    store.stop();
    lastRun(engine).end('cancelled');
    await settle();
    expect(engine.runs).toHaveLength(1);
    expect(store.getState().queued).toMatchObject({ text: 'Two' });
    store.doQueuedNow();
    await settle();
    expect(engine.runs).toHaveLength(2);
  });

  it('of another chat leaves the person in this one', async () => {
    const { engine, store } = setUp();
    store.send('One');
    await settle();
    store.newChat();
    store.doOrQueue(message('Elsewhere', null));
    store.select([...store.getState().conversations.keys()][0] ?? '');
    const { activeId } = store.getState();
    lastRun(engine).say('Uno');
    lastRun(engine).end();
    await settle();
    expect(engine.runs).toHaveLength(2);
    expect(store.getState().activeId).toBe(activeId);
    expect(store.getState().conversations.size).toBe(2);
  });

  it('is taken back, or forgotten with its chat', async () => {
    const { engine, store } = setUp();
    store.send('One');
    await settle();
    const { activeId } = store.getState();
    store.doOrQueue(message('Two', activeId));
    expect(store.unqueue()).toMatchObject({ text: 'Two' });
    store.doOrQueue(message('Three', 'gone'));
    lastRun(engine).say('Uno');
    lastRun(engine).end();
    await settle();
    expect(engine.runs).toHaveLength(1);
    expect(store.getState().queued).toBeUndefined();
  });
});
