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

  it('lets nothing that comes late from the stopped run change anything', async () => {
    const { engine, store, onAnswered } = setUp();
    store.send('Hello');
    await settle();
    const run = lastRun(engine);
    run.say('Once');
    await settle();
    store.stop();
    const after = store.getState();
    run.say(' upon a time');
    run.end('stop');
    await settle();
    expect(store.getState()).toBe(after);
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
