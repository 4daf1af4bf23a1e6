import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../base/errors';
import { FakeEngine, fakeUsage, lastRun } from '../client/fake-engine';
import { ChatStore } from './chat-store';
import { pathTo, type AssistantMessage, type Message } from './conversation';
import { defaultSettings, type Settings } from './settings';

/** Long enough for every promise in the chain from engine to store. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function setUp(settings: Settings = defaultSettings) {
  const engine = new FakeEngine();
  const onAnswered = vi.fn();
  let count = 0;
  const store = new ChatStore({
    engine: (signal) =>
      signal.aborted ? Promise.reject(new AppError('run/aborted', 'Stopped.')) : Promise.resolve(engine),
    settings: () => settings,
    model: () => 'phield-tiny',
    onAnswered,
    newId: () => `id${++count}`,
    now: () => ++count,
  });
  return { engine, store, onAnswered };
}

function path(store: ChatStore): readonly Message[] {
  const { conversations, activeId } = store.getState();
  const conversation = activeId === null ? undefined : conversations.get(activeId);
  return conversation ? pathTo(conversation) : [];
}

function lastAnswer(store: ChatStore): AssistantMessage {
  const message = path(store).at(-1);
  if (message?.role !== 'assistant') throw new Error('The last message is no answer.');
  return message;
}

describe('a run', () => {
  it('starts a chat, streams into it and ends complete with its usage', async () => {
    const { engine, store, onAnswered } = setUp();
    expect(store.send('Hello there')).toBe(true);
    expect(store.getState().run.state).toBe('running');
    await settle();
    const run = lastRun(engine);
    expect(run.request).toEqual({ messages: [{ role: 'user', content: 'Hello there' }] });
    run.say('Hi', ' you');
    await settle();
    expect(lastAnswer(store).text).toBe('Hi you');
    expect(lastAnswer(store).status).toEqual({ kind: 'running' });
    run.end();
    await settle();
    expect(lastAnswer(store).status).toEqual({ kind: 'complete', finishReason: 'stop', contextFull: false });
    expect(lastAnswer(store).usage).toEqual(fakeUsage);
    expect(store.getState().run).toEqual({ state: 'idle' });
    expect(onAnswered).toHaveBeenCalledTimes(1);
  });

  it('sends the settings that are set, and the conversation so far', async () => {
    const { engine, store } = setUp({
      ...defaultSettings,
      temperature: 0,
      seed: 7,
      max_tokens: 9,
      system: 'Be kind.',
    });
    store.send('One');
    await settle();
    lastRun(engine).say('Uno');
    lastRun(engine).end();
    await settle();
    store.send('Two');
    await settle();
    expect(lastRun(engine).request).toEqual({
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'One' },
        { role: 'assistant', content: 'Uno' },
        { role: 'user', content: 'Two' },
      ],
      temperature: 0,
      seed: 7,
      max_tokens: 9,
    });
  });

  it('says why it ended when the context is full', async () => {
    const { engine, store } = setUp();
    store.send('Long');
    await settle();
    lastRun(engine).say('So');
    lastRun(engine).end('length', true);
    await settle();
    expect(lastAnswer(store).status).toEqual({ kind: 'complete', finishReason: 'length', contextFull: true });
  });

  it('sends nothing for a blank text or while another answer runs', async () => {
    const { engine, store } = setUp();
    expect(store.send(' \n ')).toBe(false);
    store.send('First');
    await settle();
    expect(store.send('Second')).toBe(false);
    store.newChat();
    expect(store.send('Third')).toBe(false);
    expect(engine.runs).toHaveLength(1);
    expect(store.getState().conversations.size).toBe(1);
  });

  it('becomes failed, with the code and the text so far, when the engine throws', async () => {
    const { engine, store } = setUp();
    store.send('Hello');
    await settle();
    lastRun(engine).say('Half an ans');
    lastRun(engine).fail(new AppError('gpu/device-lost', 'The device went away.'));
    await settle();
    expect(lastAnswer(store).text).toBe('Half an ans');
    expect(lastAnswer(store).status).toMatchObject({ kind: 'failed', code: 'gpu/device-lost' });
    expect(store.getState().run.state).toBe('idle');
  });

  it('becomes failed when the engine ends without saying so', async () => {
    const { engine, store } = setUp();
    vi.spyOn(engine, 'generate').mockImplementation(async function* () {
      yield [{ type: 'token', text: 'Hm', tokenIds: [1] }];
    });
    store.send('Hello');
    await settle();
    expect(lastAnswer(store).status).toMatchObject({ kind: 'failed', code: 'internal/unexpected' });
  });

  it('fails with the reason why there is no model', async () => {
    const store = new ChatStore({
      engine: () => Promise.reject(new AppError('gpu/no-adapter', 'None.')),
      settings: () => defaultSettings,
      model: () => 'phield-tiny',
    });
    store.send('Hello');
    await settle();
    expect(lastAnswer(store).status).toMatchObject({ kind: 'failed', code: 'gpu/no-adapter' });
  });
});

describe('stopping', () => {
  it('keeps the text, frees the composer at once, and aborts the engine', async () => {
    const { engine, store } = setUp();
    store.send('Hello');
    await settle();
    const run = lastRun(engine);
    run.say('Once upon');
    await settle();
    store.stop();
    expect(lastAnswer(store)).toMatchObject({ text: 'Once upon', status: { kind: 'cancelled' } });
    expect(store.getState().run.state).toBe('idle');
    expect(run.signal.aborted).toBe(true);
  });

  it('takes nothing that comes late from the stopped run but its figures', async () => {
    const { engine, store, onAnswered } = setUp();
    store.send('Hello');
    await settle();
    const run = lastRun(engine);
    run.say('Once');
    await settle();
    store.stop();
    const after = lastAnswer(store);
    run.say(' upon a time');
    run.end('stop');
    await settle();
    expect(lastAnswer(store)).toEqual({ ...after, usage: fakeUsage });
    expect(onAnswered).not.toHaveBeenCalled();
  });

  it('holds the next run back until the engine has let go of the stopped one', async () => {
    const { engine, store } = setUp();
    store.send('First');
    await settle();
    const first = lastRun(engine);
    store.stop();
    store.send('Second');
    await settle();
    expect(engine.runs).toHaveLength(1);
    first.say('late');
    first.end('cancelled');
    await settle();
    expect(engine.runs).toHaveLength(2);
    lastRun(engine).say('Yes');
    lastRun(engine).end();
    await settle();
    expect(lastAnswer(store)).toMatchObject({ text: 'Yes', status: { kind: 'complete' } });
    expect(path(store)[1]).toMatchObject({ text: '', status: { kind: 'cancelled' } });
  });

  it('lets a late failure of the stopped run neither show nor hold up the next', async () => {
    const { engine, store } = setUp();
    store.send('First');
    await settle();
    const first = lastRun(engine);
    store.stop();
    store.send('Second');
    first.fail(new AppError('worker/crashed', 'Late.'));
    await settle();
    expect(engine.runs).toHaveLength(2);
    expect(lastAnswer(store).status).toEqual({ kind: 'running' });
  });

  it('never asks the engine when stopped while waiting for its turn', async () => {
    const { engine, store } = setUp();
    store.send('First');
    await settle();
    const first = lastRun(engine);
    store.stop();
    store.send('Second');
    store.stop();
    first.end('cancelled');
    await settle();
    expect(engine.runs).toHaveLength(1);
    expect(lastAnswer(store).status).toEqual({ kind: 'cancelled' });
  });

  it('does nothing when nothing runs', () => {
    const { store } = setUp();
    const before = store.getState();
    store.stop();
    expect(store.getState()).toBe(before);
  });
});

describe('losing the engine', () => {
  it('fails the run with why, and lets the next begin though the old one never ends', async () => {
    const { engine, store } = setUp();
    store.send('Hello');
    await settle();
    const first = lastRun(engine);
    first.say('Half');
    await settle();
    store.engineLost(new AppError('gpu/device-lost', 'Gone.'));
    expect(lastAnswer(store)).toMatchObject({
      text: 'Half',
      status: { kind: 'failed', code: 'gpu/device-lost' },
    });
    expect(first.signal.aborted).toBe(true);
    first.end('cancelled');
    await settle();
    expect(lastAnswer(store).status.kind).toBe('failed');
    store.regenerate(lastAnswer(store).id);
    await settle();
    expect(engine.runs).toHaveLength(2);
  });

  it('frees the queue when the stopped run hangs for ever', async () => {
    const { engine, store } = setUp();
    store.send('Hello');
    await settle();
    store.stop();
    store.engineLost(new AppError('worker/crashed', 'Gone.'));
    store.send('Again');
    await settle();
    expect(engine.runs).toHaveLength(2);
  });
});

describe('branches', () => {
  async function answered() {
    const parts = setUp();
    parts.store.send('Question');
    await settle();
    lastRun(parts.engine).say('Answer one');
    lastRun(parts.engine).end();
    await settle();
    return parts;
  }

  it('takes an answer from elsewhere beside the one there is, and says where it came from', async () => {
    const { engine, store, onAnswered } = setUp();
    store.send('Hello');
    await settle();
    lastRun(engine).say('Hi');
    lastRun(engine).end();
    await settle();
    const { id } = lastAnswer(store);
    const elsewhere = {
      host: 'gw.example',
      model: 'big',
      async *generate() {
        yield [{ type: 'token', text: 'Hello from afar', tokenIds: [] } as const];
        yield [{ type: 'done', finishReason: 'stop' } as const];
      },
    };
    expect(store.answerElsewhere(id, elsewhere)).toBe(true);
    expect(store.answerElsewhere(id, elsewhere)).toBe(false);
    await settle();
    expect(lastAnswer(store)).toMatchObject({ text: 'Hello from afar', host: 'gw.example', model: 'big' });
    expect(path(store)).toHaveLength(2);
    // The engine here was not asked, and its health is not told by it.
    expect(engine.runs).toHaveLength(1);
    expect(onAnswered).toHaveBeenCalledTimes(1);
    store.arrange(store.getState().activeId ?? '', (one) => ({ ...one, staysHere: true }));
    expect(store.answerElsewhere(id, elsewhere)).toBe(false);
  });

  it('regenerates beside the first answer, from the same question', async () => {
    const { engine, store } = await answered();
    const firstId = lastAnswer(store).id;
    store.regenerate(firstId);
    await settle();
    expect(lastRun(engine).request.messages).toEqual([{ role: 'user', content: 'Question' }]);
    lastRun(engine).say('Answer two');
    lastRun(engine).end();
    await settle();
    expect(lastAnswer(store).text).toBe('Answer two');
    store.showBranch(firstId);
    expect(lastAnswer(store).text).toBe('Answer one');
  });

  it('edits into a branch of its own', async () => {
    const { engine, store } = await answered();
    const question = path(store)[0];
    store.edit(question?.id ?? '', 'Better question');
    await settle();
    expect(lastRun(engine).request.messages).toEqual([{ role: 'user', content: 'Better question' }]);
    expect(path(store).map((message) => message.text)).toEqual(['Better question', '']);
  });

  it('edits answers not at all, regenerates questions not at all, and neither while an answer runs', async () => {
    const { engine, store } = await answered();
    const [question, reply] = path(store);
    store.edit(reply?.id ?? '', 'x');
    store.regenerate(question?.id ?? '');
    expect(engine.runs).toHaveLength(1);
    store.send('More');
    await settle();
    store.regenerate(reply?.id ?? '');
    store.edit(question?.id ?? '', 'x');
    expect(engine.runs).toHaveLength(2);
  });
});

describe('chats', () => {
  it('goes on writing in a chat that is not on show', async () => {
    const { engine, store } = setUp();
    store.send('First chat');
    await settle();
    const id = store.getState().activeId ?? '';
    store.newChat();
    lastRun(engine).say('Still here');
    lastRun(engine).end();
    await settle();
    expect(store.getState().activeId).toBeNull();
    store.select(id);
    expect(lastAnswer(store).text).toBe('Still here');
  });

  it('stops the answer of a chat that is deleted, and can put the chat back', async () => {
    const { engine, store } = setUp();
    store.send('Doomed');
    await settle();
    lastRun(engine).say('I was');
    await settle();
    const deleted = store.delete(store.getState().activeId ?? '');
    expect(lastRun(engine).signal.aborted).toBe(true);
    expect(store.getState()).toMatchObject({ activeId: null, run: { state: 'idle' } });
    lastRun(engine).say(' late');
    lastRun(engine).end('cancelled');
    await settle();
    expect(store.getState().conversations.size).toBe(0);
    if (deleted) store.restore(deleted);
    expect(store.getState().activeId).toBeNull();
    store.select(deleted?.id ?? '');
    expect(lastAnswer(store)).toMatchObject({ text: 'I was', status: { kind: 'cancelled' } });
  });

  it('does not select a chat it does not have', () => {
    const { store } = setUp();
    store.select('nowhere');
    expect(store.getState().activeId).toBeNull();
  });
});

describe('listeners', () => {
  it('keeps the run and the other listeners going when one throws', async () => {
    const { engine, store } = setUp();
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const good = vi.fn();
    store.subscribe(() => {
      throw new Error('bad listener');
    });
    store.subscribe(good);
    store.send('Hello');
    await settle();
    lastRun(engine).say('Hi');
    lastRun(engine).end();
    await settle();
    expect(lastAnswer(store)).toMatchObject({ text: 'Hi', status: { kind: 'complete' } });
    expect(good.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(complaint).toHaveBeenCalled();
    complaint.mockRestore();
  });

  it('lets a listener stop the run it hears of', async () => {
    const { engine, store } = setUp();
    store.subscribe(() => {
      if (path(store).at(-1)?.text === 'Hi') store.stop();
    });
    store.send('Hello');
    await settle();
    lastRun(engine).say('Hi');
    await settle();
    lastRun(engine).say(' there');
    lastRun(engine).end();
    await settle();
    expect(lastAnswer(store)).toMatchObject({ text: 'Hi', status: { kind: 'cancelled' } });
  });

  it('is quiet to those who left', () => {
    const { store } = setUp();
    const listener = vi.fn();
    store.subscribe(listener)();
    store.send('Hello');
    expect(listener).not.toHaveBeenCalled();
  });
});

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
