import { describe, expect, it } from 'vitest';
import {
  append,
  pathTo,
  replace,
  requestMessages,
  showBranch,
  siblingsOf,
  startConversation,
  titleFrom,
  type AssistantMessage,
  type Conversation,
  type UserMessage,
} from './conversation';

function user(id: string, parentId: string | null, text = `question ${id}`): UserMessage {
  return { role: 'user', id, parentId, createdAt: 1, text };
}

function answer(id: string, parentId: string, text = `answer ${id}`): AssistantMessage {
  return {
    role: 'assistant',
    id,
    parentId,
    createdAt: 2,
    text,
    model: 'phield-tiny',
    status: { kind: 'complete', finishReason: 'stop', contextFull: false },
  };
}

function ids(conversation: Conversation): string[] {
  return pathTo(conversation).map((message) => message.id);
}

const twoTurns = [answer('a1', 'u1'), user('u2', 'a1'), answer('a2', 'u2')].reduce<Conversation>(
  append,
  startConversation('c', user('u1', null)),
);

describe('titleFrom', () => {
  it('takes a short text as it is, on one line', () => {
    expect(titleFrom('  Hello\n there ')).toBe('Hello there');
  });
  it('cuts between words', () => {
    expect(titleFrom('Tell me a story with the words dog, jump, and happy')).toBe(
      'Tell me a story with the words dog, jump…',
    );
  });
  it('never cuts a character outside the basic plane in two', () => {
    expect(titleFrom('🌾'.repeat(60))).toBe(`${'🌾'.repeat(42)}…`);
  });
  it.each([
    ['a family', `${'x'.repeat(40)}\u{1F468}\u200D\u{1F469}\u200D\u{1F467} and more`],
    ['a flag', `${'x'.repeat(41)}\u{1F1F5}\u{1F1F9} and more`],
    ['a thumb of some skin', `${'x'.repeat(41)}\u{1F44D}\u{1F3FD} and more`],
    ['an accent', `${'x'.repeat(41)}e\u0301 zzz`],
  ])('cuts %s no more than that', (_, text) => {
    const graphemes = (of: string): string[] =>
      Array.from(new Intl.Segmenter('en').segment(of), ({ segment }) => segment);
    const whole = new Set(graphemes(text));
    for (const shown of graphemes(titleFrom(text).replace(/…$/, ''))) expect(whole).toContain(shown);
  });
});

describe('the tree', () => {
  it('follows the head from the first message', () => {
    expect(ids(twoTurns)).toEqual(['u1', 'a1', 'u2', 'a2']);
  });

  it('keeps both answers when one is regenerated, and goes back to the first with all below it', () => {
    const branched = append(twoTurns, answer('a1b', 'u1'));
    expect(ids(branched)).toEqual(['u1', 'a1b']);
    expect(siblingsOf(branched, 'a1b').map((message) => message.id)).toEqual(['a1', 'a1b']);
    expect(ids(showBranch(branched, 'a1'))).toEqual(['u1', 'a1', 'u2', 'a2']);
  });

  it('lets the very first question have versions', () => {
    const branched = append(twoTurns, user('u1b', null));
    expect(ids(branched)).toEqual(['u1b']);
    expect(siblingsOf(branched, 'u1').map((message) => message.id)).toEqual(['u1', 'u1b']);
  });

  it('ignores a message it does not hold', () => {
    expect(replace(twoTurns, answer('stranger', 'u1'))).toBe(twoTurns);
    expect(showBranch(twoTurns, 'stranger')).toBe(twoTurns);
  });

  it('leaves the conversation it was given as it was', () => {
    append(twoTurns, user('u3', 'a2'));
    expect(ids(twoTurns)).toEqual(['u1', 'a1', 'u2', 'a2']);
  });
});

describe('requestMessages', () => {
  it('sends the path in turn, the system text first', () => {
    expect(requestMessages(twoTurns, 'u2', 'Be brief.')).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'question u1' },
      { role: 'assistant', content: 'answer a1' },
      { role: 'user', content: 'question u2' },
    ]);
  });
  it('leaves out a blank system text', () => {
    expect(requestMessages(twoTurns, 'u1', ' \n')).toEqual([{ role: 'user', content: 'question u1' }]);
  });
  it('leaves out a question whose answer never came', () => {
    const failed = [answer('a1', 'u1', ''), user('u2', 'a1')].reduce<Conversation>(
      append,
      startConversation('c', user('u1', null)),
    );
    expect(requestMessages(failed, 'u2', '')).toEqual([{ role: 'user', content: 'question u2' }]);
  });
  it('keeps user and assistant in turn when a question follows a question', () => {
    const odd = append(startConversation('c', user('u1', null)), user('u2', 'u1'));
    expect(requestMessages(odd, 'u2', '')).toEqual([{ role: 'user', content: 'question u2' }]);
  });
});
