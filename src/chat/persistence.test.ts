import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { get, keys, set, type UseStore } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../base/errors';
import { FakeEngine, lastRun } from '../client/fake-engine';
import { ChatStore } from './chat-store';
import { pathTo } from './conversation';
import { headKey, messageKey, readChats } from './chat-records';
import { fromRecord, toRecord } from './conversation-record';
import { openChatDatabase } from './chat-database';
import { ChatSaver, loadChats } from './persistence';
import { defaultSettings } from './settings';

const settle = (ms = 10): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Everything that is stored, whole. */
async function loadAll(database: UseStore) {
  const saved = await loadChats(database);
  const whole = await readChats(database, [...saved.conversations.keys()]);
  return { ...saved, conversations: new Map(whole.map((one) => [one.id, one])) };
}

const open: ChatSaver[] = [];
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  for (const saver of open.splice(0)) saver.close();
});

function setUp(initial?: ConstructorParameters<typeof ChatStore>[1]) {
  const engine = new FakeEngine();
  const store = new ChatStore(
    { engine: () => Promise.resolve(engine), settings: () => defaultSettings, model: () => 'phield-tiny' },
    initial,
  );
  const database = openChatDatabase();
  const saver = new ChatSaver(store, database);
  open.push(saver);
  return { engine, store, database, saver };
}

async function answered() {
  const parts = setUp();
  parts.store.send('What is Phield?');
  await settle();
  lastRun(parts.engine).say('A chat.');
  lastRun(parts.engine).end();
  await settle();
  return parts;
}

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

describe('records', () => {
  it('are one a message: a change of the last of many writes no other', async () => {
    const { engine, store, database, saver } = await answered();
    for (let turn = 0; turn < 20; turn += 1) {
      store.send(`Question ${turn}`);
      await vi.waitFor(() =>
        expect(lastRun(engine).request.messages.at(-1)?.content).toBe(`Question ${turn}`),
      );
      lastRun(engine).say('Yes.');
      lastRun(engine).end();
      await settle(1);
    }
    await saver.flush();
    store.send('And the last?');
    await saver.flush();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    lastRun(engine).say('The end.');
    await settle();
    await saver.flush();
    const written = put.mock.calls.map(([, key]) => (Array.isArray(key) ? key[0] : key));
    put.mockRestore();
    expect(written.sort()).toEqual(['head', 'message']);
    store.stop();
    expect((await loadAll(database)).conversations.get(store.getState().activeId ?? '')?.messages.size).toBe(
      44,
    );
  });

  it('bring in a chat only when it is opened; what is asked of it meanwhile follows', async () => {
    const one = await answered();
    one.store.newChat();
    one.store.send('Another');
    one.store.stop();
    await one.saver.flush();
    const saved = await loadChats(one.database);
    const [stub] = [...saved.conversations.values()].filter((chat) => chat.stub);
    expect(stub).toMatchObject({ title: 'What is Phield?', messages: new Map() });
    const two = setUp(saved);
    const engine = two.engine;
    const store: ChatStore = new ChatStore(
      {
        engine: () => Promise.resolve(engine),
        settings: () => defaultSettings,
        model: () => 'phield-tiny',
        open: (id) => saver.open(id),
      },
      saved,
    );
    const saver: ChatSaver = new ChatSaver(store, one.database);
    open.push(saver);
    store.select(stub?.id ?? '');
    expect(store.send('And then?')).toBe(true);
    await vi.waitFor(() =>
      expect(lastRun(engine).request.messages.map(({ content }) => content)).toEqual([
        'What is Phield?',
        'A chat.',
        'And then?',
      ]),
    );
    store.stop();
    await saver.flush();
    expect((await loadAll(one.database)).conversations.get(stub?.id ?? '')?.messages.size).toBe(4);
  });

  it('keep the messages of a chat that is arranged without having been opened', async () => {
    const one = await answered();
    await one.saver.flush();
    const { conversations } = await loadChats(one.database);
    const [id = ''] = conversations.keys();
    one.saver.close();
    await set('active', '', one.database);
    const saved = await loadChats(one.database);
    const two = setUp(saved);
    two.store.arrange(id, (chat) => ({ ...chat, pinnedAt: 5, arrangedAt: 5 }));
    await two.saver.flush();
    const again = (await loadAll(one.database)).conversations.get(id);
    expect(again).toMatchObject({ pinnedAt: 5 });
    expect(again?.messages.size).toBe(2);
  });

  it('of the version before are taken over, one that an open tab of it writes later too', async () => {
    const one = await answered();
    await one.saver.flush();
    one.saver.close();
    const [chat] = (await loadAll(one.database)).conversations.values();
    if (!chat) throw new Error('One chat was expected.');
    // As the version before had it.
    globalThis.indexedDB = new IDBFactory();
    const database = openChatDatabase();
    await set(`chat:${chat.id}`, toRecord(chat), database);
    await set('active', chat.id, database);
    const first = await loadAll(database);
    expect(first.conversations).toEqual(new Map([[chat.id, chat]]));
    expect(first.activeId).toBe(chat.id);
    expect((await keys(database)).filter((key) => typeof key === 'string')).toEqual(['active']);
    // A tab of it that was open all the while goes on.
    const [question] = chat.messages.values();
    const longer = { ...chat, messages: new Map(chat.messages) };
    longer.messages.set('late', {
      role: 'user',
      id: 'late',
      parentId: chat.headId,
      createdAt: (question?.createdAt ?? 0) + 9,
      text: 'Late',
    });
    await set(`chat:${chat.id}`, toRecord({ ...longer, headId: 'late' }), database);
    const second = await loadAll(database);
    expect([...(second.conversations.get(chat.id)?.messages.values() ?? [])].map(({ text }) => text)).toEqual(
      ['What is Phield?', 'A chat.', 'Late'],
    );
    expect(second.conversations.get(chat.id)?.headId).toBe('late');
  });

  it('stand in order whatever the clock said', async () => {
    const one = await answered();
    await one.saver.flush();
    const [chat] = (await loadAll(one.database)).conversations.values();
    const [question, answer] = chat ? [...chat.messages.values()] : [];
    if (!chat || !question || !answer) throw new Error('A question and an answer were expected.');
    await set(
      messageKey(chat.id, answer.id),
      { ...answer, createdAt: question.createdAt - 1000 },
      one.database,
    );
    const [again] = await readChats(one.database, [chat.id]);
    expect([...(again?.messages.keys() ?? [])]).toEqual([question.id, answer.id]);
  });
});

describe('damaged records', () => {
  it('skips, counts and leaves alone what it cannot read', async () => {
    const { saver, database } = await answered();
    await saver.flush();
    const damaged = { schema: 1, id: 'x', messages: 'none' };
    await set('chat:x', damaged, database);
    await set('chat:newer', { schema: 99 }, database);
    await set('chat:null', null, database);
    const saved = await loadAll(database);
    expect(saved.conversations.size).toBe(1);
    expect(saved.unreadable).toBe(3);
    expect(await get('chat:x', database)).toEqual(damaged);
  });

  it('opens no chat when the one that was open is gone', async () => {
    const database = openChatDatabase();
    await set('active', 'vanished', database);
    expect((await loadAll(database)).activeId).toBeNull();
  });

  it('keeps the messages that are whole and hang together', async () => {
    const { store } = await answered();
    const conversation = [...store.getState().conversations.values()][0];
    const record = toRecord(conversation as never) as { messages: Record<string, unknown>[]; headId: string };
    const [question, answer] = record.messages;
    record.messages = [
      { role: 'assistant', id: 'before-parent', parentId: question?.['id'], createdAt: 1, text: 'x' },
      { ...question },
      { ...answer, status: { kind: 'complete', finishReason: 'sideways' }, usage: { prompt_tokens: 'many' } },
      { role: 'user', id: 'orphan', parentId: 'nobody', createdAt: 1, text: 'x' },
      { role: 'user', id: 'ring', parentId: 'ring', createdAt: 1, text: 'x' },
      { role: 'system', id: 'odd', parentId: null, createdAt: 1, text: 'x' },
      { role: 'user', id: 'textless', parentId: null, createdAt: 1 },
    ];
    record.headId = 'orphan';
    const read = fromRecord(structuredClone(record));
    expect(read && [...read.messages.keys()]).toEqual([question?.['id'], answer?.['id']]);
    expect(read?.headId).toBe(answer?.['id']);
    const kept = read?.messages.get(read.headId);
    expect(kept).toMatchObject({ status: { kind: 'complete', finishReason: 'stop' } });
    expect(kept).not.toHaveProperty('usage');
  });

  it('reads a failed answer by its code, and an unknown code as cancelled', async () => {
    const { store } = await answered();
    const conversation = [...store.getState().conversations.values()][0];
    const record = toRecord(conversation as never) as { messages: Record<string, unknown>[] };
    const [question, answer] = record.messages;
    const statusAfter = (status: unknown) => {
      const read = fromRecord({ ...record, messages: [question, { ...answer, status }] });
      const message = read?.messages.get(read.headId);
      return message?.role === 'assistant' ? message.status : undefined;
    };
    expect(statusAfter({ kind: 'failed', code: 'gpu/device-lost', message: 'x', details: {} })).toMatchObject(
      {
        kind: 'failed',
        code: 'gpu/device-lost',
      },
    );
    expect(statusAfter({ kind: 'failed', code: 'made/up', message: 'x' })).toEqual({ kind: 'cancelled' });
    expect(statusAfter({ kind: 'running' })).toEqual({ kind: 'cancelled', interrupted: true });
  });

  it('says so, typed, where there is no database', async () => {
    const database = () => Promise.reject(new DOMException('no', 'SecurityError'));
    await expect(loadChats(database)).rejects.toMatchObject({ code: 'storage/unavailable' });
  });
});
