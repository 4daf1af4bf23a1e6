import { describe, expect, it } from 'vitest';
import { carryCode, codeLength, readCarryCode } from './carry';
import { append, pathTo, startConversation, type AssistantMessage, type Conversation } from '../conversation';

const answer = (id: string, parentId: string, text: string): AssistantMessage => ({
  role: 'assistant',
  id,
  parentId,
  createdAt: 2,
  text,
  model: 'phield-tiny',
  status: { kind: 'complete', finishReason: 'stop', contextFull: false },
  sources: [{ documentId: 'd'.repeat(64), name: 'Shop', passage: 1 }],
});

function talk(turns: number, letters = 0): Conversation {
  let chat: Conversation | undefined;
  for (let i = 0; i < turns; i++) {
    const parentId = chat?.headId ?? null;
    const asked = {
      role: 'user' as const,
      id: `q${i}`,
      parentId,
      createdAt: 1,
      text: `Question ${i}? ${'á'.repeat(letters)}`,
    };
    chat = chat ? append(chat, asked) : startConversation('c', asked);
    chat = append(chat, answer(`a${i}`, asked.id, `Answer ${i}.`));
  }
  if (!chat) throw new Error('no turns');
  return chat;
}

let next = 0;
const newId = (): string => `new-${next++}`;
const texts = (chat: Conversation | undefined): readonly string[] =>
  chat ? pathTo(chat).map(({ text }) => text.trim()) : [];

describe('a conversation in a link', () => {
  it('comes with its words, under ids of its own, without what lies in the frame’s storage', () => {
    const read = readCarryCode(carryCode(talk(2)), newId);
    expect(texts(read)).toEqual(['Question 0?', 'Answer 0.', 'Question 1?', 'Answer 1.']);
    expect(read?.id).toMatch(/^new-/);
    for (const message of read?.messages.values() ?? []) {
      expect(message.id).toMatch(/^new-/);
      expect(message).not.toHaveProperty('sources');
    }
  });

  it('that is too long for an address comes without its oldest turns', () => {
    const code = carryCode(talk(8, 30_000));
    expect(code.length).toBeLessThanOrEqual(codeLength);
    const read = texts(readCarryCode(code, newId));
    expect(read.at(-1)).toBe('Answer 7.');
    expect(read[0]).toMatch(/^Question [1-7]/);
  });

  it.each(['', '%', 'bm90IGpzb24', 'bnVsbA', 'W10', 'x'.repeat(codeLength + 1)])(
    'that is none is nothing: %#',
    (code) => {
      expect(readCarryCode(code, newId)).toBeUndefined();
    },
  );
});
