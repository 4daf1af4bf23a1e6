import { describe, expect, it } from 'vitest';
import { lastRun } from '../client/fake-engine';
import { lastAnswer, path, settle, setUp } from './testing/fake-chat';

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
