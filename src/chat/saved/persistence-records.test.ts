import { describe, expect, it, vi } from 'vitest';
import { get, keys, set } from 'idb-keyval';
import { lastRun } from '../../client/fake-engine';
import { ChatStore } from '../chat-store';
import { messageKey, readChats } from './chat-records';
import { fromRecord, toRecord } from '../conversation-record';
import { openChatDatabase } from './chat-database';
import { ChatSaver, loadChats } from './persistence';
import { defaultSettings } from '../settings/settings';
import { answered, freshDatabases, loadAll, open, settle, setUp } from '../testing/saved-chat';

freshDatabases();

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
