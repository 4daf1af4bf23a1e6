import { describe, expect, it } from 'vitest';
import { append, pathTo, siblingsOf, startConversation } from '../conversation';
import { asBackup, asJson } from './export';
import { readChatFile } from './import';

const node = (
  id: string,
  parent: string | null,
  role: string,
  text: string,
  children: string[] = [],
  more: object = {},
) => [
  id,
  {
    id,
    parent,
    children,
    message: {
      author: { role },
      create_time: 1_700_000_000,
      content: { content_type: 'text', parts: [text] },
      metadata: more,
    },
  },
];
const conversation = {
  title: 'Plants',
  create_time: 1_700_000_000.5,
  update_time: 1_700_000_100,
  conversation_id: 'aaaa-1',
  current_node: 'a2',
  mapping: Object.fromEntries([
    ['root', { id: 'root', parent: null, children: ['sys'], message: null }],
    node('sys', 'root', 'system', 'Be kind.', ['q']),
    node('q', 'sys', 'user', 'Why?', ['a1', 'a2']),
    node('a1', 'q', 'assistant', 'Because.', ['q2']),
    node('a2', 'q', 'assistant', 'Let me look.', ['tool'], { model_slug: 'gpt-x' }),
    node('tool', 'a2', 'tool', 'results', ['a3']),
    node('a3', 'tool', 'assistant', 'Since plants grow.'),
    node('q2', 'a1', 'user', 'And then?', []),
  ]),
};
const ids = (): (() => string) => {
  let next = 0;
  return () => `new-${(next += 1)}`;
};

describe('ChatGPT’s conversations.json', () => {
  it('comes with its branches; what has no words is left out', () => {
    const { conversations, unreadable } = readChatFile(
      JSON.stringify([conversation, { mapping: {} }]),
      ids(),
    );
    expect(unreadable).toBe(1);
    const [chat] = conversations;
    if (!chat) throw new Error('One chat was expected.');
    expect(chat).toMatchObject({
      id: 'aaaa-1',
      title: 'Plants',
      createdAt: 1_700_000_000_500,
      updatedAt: 1_700_000_100_000,
    });
    expect([...chat.messages.values()].map(({ text }) => text).sort()).toEqual([
      'And then?',
      'Because.',
      'Let me look.\n\nSince plants grow.',
      'Why?',
    ]);
    expect(
      siblingsOf(chat, 'a1')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['a1', 'a3']);
    expect(pathTo(chat, 'q2').map(({ text }) => text)).toEqual(['Why?', 'Because.', 'And then?']);
  });

  it('holds against a chain of any depth, a ring, and nodes that are nothing', () => {
    const deep = Object.fromEntries(
      Array.from({ length: 15_000 }, (_, i) =>
        node(`n${i}`, i === 0 ? null : `n${i - 1}`, i % 2 === 0 ? 'user' : 'assistant', `t${i}`, [
          `n${i + 1}`,
        ]),
      ),
    );
    const ring = {
      mapping: { a: { parent: 'b', children: ['b'] }, b: { parent: 'a', children: ['a'] }, c: 7 },
    };
    const { conversations, unreadable } = readChatFile(
      JSON.stringify([{ mapping: deep }, ring, null, 'x']),
      ids(),
    );
    expect(conversations[0]?.messages.size).toBe(15_000);
    expect(unreadable).toBe(3);
  });
});

describe('our own files', () => {
  const chat = append(
    startConversation('c1', { role: 'user', id: 'q', parentId: null, createdAt: 1, text: 'Hello' }),
    {
      role: 'assistant',
      id: 'a',
      parentId: 'q',
      createdAt: 2,
      text: 'Hi',
      model: 'phield-tiny',
      status: { kind: 'complete', finishReason: 'stop', contextFull: false },
    },
  );
  const arranged = { ...chat, folder: 'Work', pinnedAt: 3, arrangedAt: 3 };
  it('come back as they were: one chat, and a backup with personas', () => {
    expect(readChatFile(asJson(chat, new Date(0)).text).conversations).toEqual([chat]);
    const persona = { id: 'p', name: 'Pirate', system: 'Arr.' };
    const { text } = asBackup([arranged], [persona], new Date(0));
    expect(readChatFile(text)).toEqual({
      conversations: [arranged],
      personas: [persona],
      rest: {},
      unreadable: 0,
    });
  });
  it.each([
    ['no JSON', '{"a":', 'chats/bad-file'],
    ['a number', '7', 'chats/bad-file'],
    ['something else', '{"format":"other"}', 'chats/bad-file'],
    ['nothing that can be read', '[{"a":1}]', 'chats/bad-file'],
    [
      'an id that breaks out of the address',
      JSON.stringify({ format: 'phield-chat', conversation: { schema: 1, id: '../x', messages: [] } }),
      'chats/bad-file',
    ],
    ['far too many', JSON.stringify(Array.from({ length: 50_001 }, () => 0)), 'chats/too-large'],
  ])('that are %s are refused by name', (_, text, code) => {
    expect(() => readChatFile(text)).toThrowError(expect.objectContaining({ code }) as Error);
  });
});
