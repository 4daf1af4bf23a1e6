import { expect, test } from 'vitest';
import type { ChatMessage, Role } from '../../protocol/chat';
import { trimToContext } from './trim';

const say = (role: Role, content: string): ChatMessage => ({ role, content });
const system = say('system', 'sss');
/** A token a character, and one for each message. */
const count = (messages: readonly ChatMessage[]): Promise<number> =>
  Promise.resolve(messages.reduce((sum, { content }) => sum + content.length + 1, 0));
const turns = (n: number): ChatMessage[] =>
  Array.from({ length: n }, (_, i) => [say('user', `q${i % 10}`), say('assistant', `a${i % 10}`)]).flat();
const text = (messages: readonly ChatMessage[]): string => messages.map(({ content }) => content).join(' ');

test('what fits is left alone', async () => {
  const messages = [system, ...turns(2), say('user', 'now')];
  const trimmed = await trimToContext(messages, { contextWindow: 100, reserve: 10, count });
  expect(trimmed).toEqual({ messages, dropped: 0, promptTokens: 20, fits: true });
});

test('oldest turns go first, whole, and the system text stays', async () => {
  const messages = [system, ...turns(3), say('user', 'now')];
  // sss + now: 8 tokens; each turn 6.
  const trimmed = await trimToContext(messages, { contextWindow: 30, reserve: 10, count });
  expect(text(trimmed.messages)).toBe('sss q1 a1 q2 a2 now');
  expect(trimmed).toMatchObject({ dropped: 2, promptTokens: 20, fits: true });
});

test('one token less drops one turn more', async () => {
  const messages = [system, ...turns(3), say('user', 'now')];
  const trimmed = await trimToContext(messages, { contextWindow: 29, reserve: 10, count });
  expect(text(trimmed.messages)).toBe('sss q2 a2 now');
});

test('without a system text', async () => {
  const trimmed = await trimToContext([...turns(3), say('user', 'now')], {
    contextWindow: 10,
    reserve: 0,
    count,
  });
  expect(text(trimmed.messages)).toBe('q2 a2 now');
});

test('a last message that is too long alone is kept and said not to fit', async () => {
  const messages = [system, ...turns(3), say('user', 'x'.repeat(50))];
  const trimmed = await trimToContext(messages, { contextWindow: 40, reserve: 5, count });
  expect(trimmed).toMatchObject({ dropped: 6, fits: false, promptTokens: 55 });
  expect(trimmed.messages).toHaveLength(2);
});

test('the result is the longest that fits, for every room, and counting stays rare', async () => {
  const messages = [system, ...turns(40), say('user', 'now')];
  for (let room = 8; room < 260; room++) {
    let counted = 0;
    const trimmed = await trimToContext(messages, {
      contextWindow: room,
      reserve: 0,
      count: (kept) => {
        counted += 1;
        return count(kept);
      },
    });
    expect(trimmed.promptTokens).toBeLessThanOrEqual(room);
    expect(trimmed.dropped === 0 || trimmed.promptTokens + 6 > room).toBe(true);
    expect(counted).toBeLessThanOrEqual(9);
  }
});

test('nothing to send', async () => {
  const trimmed = await trimToContext([], { contextWindow: 10, reserve: 0, count });
  expect(trimmed).toEqual({ messages: [], dropped: 0, promptTokens: 0, fits: true });
});
