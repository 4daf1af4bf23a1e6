import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../base/errors';
import { fakeUsage, lastRun } from '../../client/fake-engine';
import { ChatStore } from '../chat-store';
import { defaultSettings } from '../settings/settings';
import { lastAnswer, path, settle, setUp } from '../testing/fake-chat';

describe('a run', () => {
  it('asks how sure the model is only where that matters', async () => {
    let matters = false;
    const { engine, store } = setUp(defaultSettings, { logprobs: () => matters });
    store.send('Hello');
    await settle();
    expect(lastRun(engine).request).not.toHaveProperty('logprobs');
    lastRun(engine).end();
    await settle();
    matters = true;
    store.send('And now?');
    await settle();
    expect(lastRun(engine).request).toMatchObject({ logprobs: true });
  });

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
