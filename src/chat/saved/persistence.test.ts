import { describe, expect, it, vi } from 'vitest';
import { get, keys, set } from 'idb-keyval';
import { AppError } from '../../base/errors';
import { FakeEngine, lastRun } from '../../client/fake-engine';
import { ChatStore } from '../chat-store';
import { pathTo } from '../conversation';
import { headKey } from './chat-records';
import { openChatDatabase } from './chat-database';
import { loadChats } from './persistence';
import { answered, freshDatabases, loadAll, settle, setUp } from '../testing/saved-chat';

freshDatabases();

describe('round trip', () => {
  it('brings back chats, branches, usage and which chat was open', async () => {
    const { engine, store, saver, database } = await answered();
    const conversation = [...store.getState().conversations.values()][0];
    store.regenerate(conversation?.headId ?? '');
    await settle();
    lastRun(engine).say('An app.');
    lastRun(engine).end('length');
    await settle();
    await saver.flush();
    const saved = await loadAll(database);
    expect(saved).toEqual({
      conversations: store.getState().conversations,
      activeId: store.getState().activeId,
      unreadable: 0,
    });
  });

  it('brings a message that was running back as cancelled, its text kept', async () => {
    const { engine, store, saver, database } = setUp();
    store.send('Tell me a story');
    await settle();
    lastRun(engine).say('Once upon');
    await settle();
    await saver.flush();
    const { conversations, activeId } = await loadAll(database);
    const conversation = conversations.get(activeId ?? '');
    expect(conversation && pathTo(conversation).at(-1)).toMatchObject({
      text: 'Once upon',
      status: { kind: 'cancelled' },
    });
  });

  it('deletes for good', async () => {
    const { store, saver, database } = await answered();
    await saver.flush();
    store.delete(store.getState().activeId ?? '');
    await saver.flush();
    expect((await loadAll(database)).conversations.size).toBe(0);
    expect(await keys(database)).toEqual(['active']);
  });

  it('is empty on a fresh device', async () => {
    expect(await loadChats(openChatDatabase())).toEqual({
      conversations: new Map(),
      activeId: null,
      unreadable: 0,
    });
  });
});

describe('writing', () => {
  it('writes by itself, and not for every batch that streams in', async () => {
    const { engine, store, database } = setUp();
    store.send('Go');
    await settle();
    const puts = vi.spyOn(IDBObjectStore.prototype, 'put');
    for (let index = 0; index < 30; index += 1) {
      lastRun(engine).say('word ');
      await settle(5);
    }
    const during = puts.mock.calls.length;
    lastRun(engine).end();
    await settle(700);
    puts.mockRestore();
    expect(during).toBeLessThanOrEqual(4);
    const { conversations, activeId } = await loadAll(database);
    expect(conversations.get(activeId ?? '')?.messages.size).toBe(2);
  });

  it.each([
    ['complete', (engine: FakeEngine) => lastRun(engine).end()],
    ['cancelled', (_: FakeEngine, store: ChatStore) => store.stop()],
    [
      'failed',
      (engine: FakeEngine) => lastRun(engine).fail(new AppError('gpu/device-lost', 'The device was lost.')),
    ],
  ] as const)('writes at once how an answer ended: %s', async (kind, end) => {
    const { engine, store, database } = setUp();
    store.send('Go');
    await settle(20);
    lastRun(engine).say('All of it');
    await settle(20);
    end(engine, store);
    // Well before the throttle would have let it through.
    await settle(50);
    const { conversations, activeId } = await loadAll(database);
    const conversation = conversations.get(activeId ?? '');
    expect(conversation && pathTo(conversation).at(-1)).toMatchObject({
      text: 'All of it',
      status: { kind },
    });
  });

  it('reports a failed write and writes all of it at the next chance', async () => {
    const { store, saver, database } = await answered();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    store.newChat();
    store.send('Another');
    await saver.flush();
    expect(saver.getState()?.code).toBe('storage/quota');
    put.mockRestore();
    store.stop();
    await saver.flush();
    expect(saver.getState()).toBeUndefined();
    expect((await loadAll(database)).conversations.size).toBe(2);
  });

  it('does not write chats it has just read', async () => {
    const { store, saver } = await answered();
    await saver.flush();
    const again = setUp({
      conversations: store.getState().conversations,
      activeId: store.getState().activeId,
    });
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    await again.saver.flush();
    expect(put).not.toHaveBeenCalled();
    put.mockRestore();
  });
});

describe('two tabs', () => {
  /** A chat with one answer, on the disk. */
  async function written() {
    const one = await answered();
    await one.saver.flush();
    return one;
  }
  /** Another tab, opened now. */
  async function newTab() {
    const { conversations, activeId } = await loadChats(openChatDatabase());
    return setUp({ conversations, activeId });
  }
  type Tab = Awaited<ReturnType<typeof newTab>>;
  const onlyChat = ({ store }: Tab) => {
    const [conversation, ...others] = store.getState().conversations.values();
    if (!conversation || others.length > 0) throw new Error('One chat was expected.');
    return conversation;
  };
  const texts = (tab: Tab) => [...onlyChat(tab).messages.values()].map(({ text }) => text).sort();
  const path = (tab: Tab) => pathTo(onlyChat(tab)).map(({ text }) => text);
  const stored = async () => {
    const { conversations } = await loadAll(openChatDatabase());
    return [...conversations.values()].map(({ messages }) =>
      [...messages.values()].map(({ text }) => text).sort(),
    );
  };
  /** Sends, and waits until the engine has it. */
  const send = async ({ store, engine }: Tab, text: string): Promise<void> => {
    store.send(text);
    await vi.waitFor(() => expect(lastRun(engine).request.messages.at(-1)?.content).toBe(text));
  };
  const answer = ({ engine }: Tab, text: string): void => {
    lastRun(engine).say(text);
    lastRun(engine).end();
  };

  it('show each other what they write, and go on from it', async () => {
    const one = await written();
    const two = await newTab();
    await send(one, 'And where?');
    answer(one, 'Here.');
    const soFar = ['What is Phield?', 'A chat.', 'And where?', 'Here.'];
    await vi.waitFor(() => expect(path(two)).toEqual(soFar));
    await send(two, 'And when?');
    answer(two, 'Now.');
    await vi.waitFor(() => expect(path(one)).toEqual([...soFar, 'And when?', 'Now.']));
  });

  it('see a new chat as soon as it is begun, and its answer when it is there', async () => {
    const one = await written();
    const two = await newTab();
    one.store.newChat();
    await send(one, 'A new one?');
    await vi.waitFor(() =>
      expect([...two.store.getState().conversations.values()].map(({ title }) => title)).toContain(
        'A new one?',
      ),
    );
    answer(one, 'Yes.');
    const id = one.store.getState().activeId ?? '';
    await vi.waitFor(async () => {
      await two.saver.open(id);
      const chat = two.store.getState().conversations.get(id);
      expect(chat && pathTo(chat).map(({ text }) => text)).toEqual(['A new one?', 'Yes.']);
    });
  });

  it('lose nothing when both write the same chat at once', async () => {
    const one = await written();
    const two = await newTab();
    await Promise.all([send(one, 'From one'), send(two, 'From two')]);
    // Both have written while both answer.
    await vi.waitFor(async () => expect((await stored())[0]).toHaveLength(6), { timeout: 5000 });
    answer(one, 'Answer one');
    answer(two, 'Answer two');
    const all = ['A chat.', 'Answer one', 'Answer two', 'From one', 'From two', 'What is Phield?'];
    await vi.waitFor(() => expect([texts(one), texts(two)]).toEqual([all, all]));
    await vi.waitFor(async () => expect(await stored()).toEqual([all]));
    // Each goes on showing its own.
    expect(path(one).at(-1)).toBe('Answer one');
    expect(path(two).at(-1)).toBe('Answer two');
    const statuses = [...onlyChat(two).messages.values()].flatMap((message) =>
      message.role === 'assistant' ? [message.status.kind] : [],
    );
    expect(new Set(statuses)).toEqual(new Set(['complete']));
  });

  it('lose nothing when one leaves in the middle of it without looking', async () => {
    const one = await written();
    const two = await newTab();
    await Promise.all([send(one, 'From one'), send(two, 'From two')]);
    two.store.stop();
    await two.saver.flush({ leaving: true });
    two.saver.close();
    answer(one, 'Answer one');
    const all = ['', 'A chat.', 'Answer one', 'From one', 'From two', 'What is Phield?'];
    await vi.waitFor(async () => expect(await stored()).toEqual([all]));
  });

  it('rename and delete for each other, but not a chat that answers', async () => {
    const one = await written();
    const two = await newTab();
    const { id } = onlyChat(one);
    one.store.rename(id, '  A  name ');
    await vi.waitFor(() => expect(onlyChat(two).title).toBe('A name'));
    await send(two, 'Still here?');
    one.store.delete(id);
    await one.saver.flush();
    answer(two, 'Yes.');
    // Written by the tab that went on with it, and so back in the other.
    await vi.waitFor(() => expect(onlyChat(one).stub).toBe(true));
    await one.saver.open(id);
    expect(path(one)).toEqual(['What is Phield?', 'A chat.', 'Still here?', 'Yes.']);
    one.store.delete(id);
    await vi.waitFor(() =>
      expect(two.store.getState()).toMatchObject({ conversations: new Map(), activeId: null }),
    );
    expect(await stored()).toEqual([]);
  });

  it('write no more once each knows what the other does', async () => {
    const one = await written();
    const two = await newTab();
    await send(one, 'And where?');
    answer(one, 'Here.');
    await vi.waitFor(() => expect(path(two).at(-1)).toBe('Here.'));
    await Promise.all([one.saver.flush(), two.saver.flush()]);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    await settle(100);
    await Promise.all([one.saver.flush(), two.saver.flush()]);
    expect(put).not.toHaveBeenCalled();
    put.mockRestore();
  });

  it('leave a chat alone that a newer version has written', async () => {
    const one = await written();
    const key = headKey(onlyChat(one).id);
    await set(key, { schema: 99 }, one.database);
    one.store.rename(onlyChat(one).id, 'A name');
    await one.saver.flush();
    expect(await get(key, one.database)).toEqual({ schema: 99 });
  });
});
