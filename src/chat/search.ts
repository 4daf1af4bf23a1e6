// Whether a chat holds the words that a person looks for: in its name or in any message, of every branch. Case and
// accents do not count; every word has to be there, in any order.
import type { Conversation } from './conversation';

/** Of a conversation that has not changed; while an answer streams only its own chat is folded anew. */
const folded = new WeakMap<Conversation, string>();

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function searchWords(query: string): readonly string[] {
  return fold(query).split(/\s+/).filter(Boolean);
}

/** @param words as `searchWords` gives them; none are found everywhere. */
export function holdsWords(conversation: Conversation, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  let text = folded.get(conversation);
  if (text === undefined) {
    const messages = [...conversation.messages.values()].map((message) => message.text);
    text = fold([conversation.title, ...messages].join('\n'));
    folded.set(conversation, text);
  }
  const whole = text;
  return words.every((word) => whole.includes(word));
}
