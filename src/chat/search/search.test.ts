import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createStore, get } from 'idb-keyval';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openChatDatabase } from '../saved/chat-database';
import { writeChats } from '../saved/chat-records';
import { append, rename, startConversation, type Conversation } from '../conversation';
import { ChatIndex } from './chat-index';
import { Searcher } from './searcher';
import { snippetOf } from './words';

const said = (id: string, question: string, answer: string): Conversation =>
  append(
    startConversation(id, { role: 'user', id: `${id}q`, parentId: null, createdAt: 1, text: question }),
    {
      role: 'assistant',
      id: `${id}a`,
      parentId: `${id}q`,
      createdAt: 2,
      text: answer,
      model: 'phield-tiny',
      status: { kind: 'complete', finishReason: 'stop', contextFull: false },
    },
  );
const coffee = said('c', 'Onde cresce o CAFÉ?', 'On hills.');
/** Another answer; what came after the first is on another branch. */
const branched = append(
  append(coffee, {
    ...said('x', '', '').messages.get('xa')!,
    id: 'b',
    parentId: 'cq',
    text: 'Brazil',
  }),
  {
    role: 'user',
    id: 'q2',
    parentId: 'ca',
    createdAt: 3,
    text: 'And tea?',
  },
);

describe('words', () => {
  const index = new ChatIndex();
  index.put(branched, 1);
  index.put(rename(said('p', 'How tall is a tree?', 'Very.'), 'Plants', 3), 1);
  it.each([
    ['café', ['c']],
    ['CAFE', ['c']],
    // Not typed to its end yet.
    ['tea on', ['c']],
    ['  hills ', ['c']],
    ['plan', ['p']],
    ['brazil', ['c']],
    // A slip.
    ['bracil', ['c']],
    ['coffee', []],
    ['tea tree', []],
    // A second word counts from its third letter, or once it is ended.
    ['hills zz', ['c']],
    ['hills zzz', []],
    ['hills zz ', []],
    ['zz', []],
    // Two letters find names that have a word beginning so, and that very word in what was said.
    ['pl', ['p']],
    ['on', ['c']],
    ['hi', []],
    ['hil', ['c']],
    ['hills12', []],
    ['', []],
  ])('%j finds %j', (query, ids) => expect(index.find(query).map(({ id }) => id)).toEqual(ids));

  it('stand in a part of the text, marked, without a character cut', () => {
    const text = `${'word '.repeat(50)}the café 👨‍👩‍👧 of Lisbon\nand more ${'word '.repeat(50)}`;
    const snippet = snippetOf(text, new Set(['cafe', 'lisbon']));
    expect(snippet?.text).toMatch(/^…word .*the café 👨‍👩‍👧 of Lisbon and more .*…$/);
    expect(snippet?.marks.map(([start, end]) => snippet.text.slice(start, end))).toEqual(['café', 'Lisbon']);
    expect(snippetOf(text, new Set(['tea']))).toBeUndefined();
  });

  it('come back from what was saved, and from nothing usable as none', () => {
    const again = ChatIndex.read(structuredClone(index.save()));
    expect(again.find('café')).toHaveLength(1);
    expect([...again.stamps]).toEqual([...index.stamps]);
    again.drop('c');
    expect(again.find('café')).toEqual([]);
    for (const saved of [undefined, { version: 1, stamps: [], json: '{"broken":' }, { version: 99 }])
      expect(ChatIndex.read(saved).find('café')).toEqual([]);
  });
});

describe('over everything that is stored', () => {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });
  const write = (...chats: Conversation[]): Promise<void> =>
    writeChats(openChatDatabase(), {
      changed: chats.map((conversation) => ({ conversation, messages: [...conversation.messages.values()] })),
      gone: [],
      activeId: undefined,
    });
  const kept = async () => await get<unknown>('index', createStore('phield-search', 'index'));
  const open = (): Searcher => new Searcher(openChatDatabase(), createStore('phield-search', 'index'), 10);

  it('finds chats nobody has opened, and the message on whatever branch', async () => {
    await write(branched, said('d', 'Hello', 'Good morning.'));
    const searcher = open();
    await searcher.settled();
    const { hits, total, unread } = await searcher.query('tea');
    expect({ total, unread }).toEqual({ total: 1, unread: 0 });
    expect(hits[0]).toMatchObject({
      chatId: 'c',
      messageId: 'q2',
      snippet: { text: 'And tea?', marks: [[4, 7]] },
    });
  });

  it('hears of what is written and deleted, and reads at a start only what it does not know', async () => {
    await write(said('d', 'Hello', 'Good morning.'));
    const first = open();
    await first.settled();
    await write(said('e', 'Goodbye', 'Good night.'));
    first.changed(['e'], ['d']);
    await first.settled();
    expect((await first.query('good')).hits.map(({ chatId }) => chatId)).toEqual(['e']);
    await expect.poll(async () => [...ChatIndex.read(await kept()).stamps.keys()]).toEqual(['e']);
    await write(said('f', 'Again', 'Good evening.'));
    const second = open();
    await second.settled();
    // d was only forgotten by the first: it is stored still.
    expect((await second.query('good')).hits.map(({ chatId }) => chatId).sort()).toEqual(['d', 'e', 'f']);
  });

  it('keeps the index when nobody has asked for a while, not between two keys', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await write(said('d', 'Hello', 'Good morning.'));
      const searcher = new Searcher(openChatDatabase(), createStore('phield-search', 'index'), 3000);
      // It lets time go by itself.
      await vi.waitFor(async () => expect((await searcher.query('good')).total).toBe(1));
      await searcher.query('good');
      for (let keys = 0; keys < 5; keys++) {
        vi.advanceTimersByTime(2900);
        await searcher.query('good');
      }
      expect(await kept()).toBeUndefined();
      vi.advanceTimersByTime(3000);
      await vi.waitFor(async () => expect(await kept()).toBeDefined());
    } finally {
      vi.useRealTimers();
    }
  });
});
