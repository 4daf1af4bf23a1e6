// What the owner of a site lets its visitors talk about: topics by their words, and what is said instead. Below this floor
// no visitor gets; it is a help against going astray and no wall, since words are easily chosen otherwise.
import { unmasked } from './categories';
import type { SafetyLevel } from './check';

export interface Topic {
  readonly name: string;
  /** Words or phrases, any of which makes a text be about it. */
  readonly words: readonly string[];
}

export interface Floor {
  /** At least. */
  readonly level: SafetyLevel;
  /** None: everything is allowed that is not blocked. */
  readonly allowed: readonly Topic[];
  readonly blocked: readonly Topic[];
  /** Said in place of an answer; undefined: words of the app's own. */
  readonly refusal: string | undefined;
}

export type TopicDecision =
  | { readonly action: 'pass' }
  | { readonly action: 'refuse'; readonly why: 'blocked'; readonly topic: string; readonly words: string }
  | { readonly action: 'refuse'; readonly why: 'not-allowed' };

const pass: TopicDecision = { action: 'pass' };

/** @param asked what a visitor has asked, the newest last: a short question may go on with the one before. */
export function judgeTopics(
  asked: readonly string[],
  floor: Pick<Floor, 'allowed' | 'blocked'>,
): TopicDecision {
  const last = asked.at(-1) ?? '';
  const blocked = topicOf(last, floor.blocked);
  if (blocked) return { action: 'refuse', why: 'blocked', ...blocked };
  if (floor.allowed.length === 0) return pass;
  return asked.slice(-2).some((text) => topicOf(text, floor.allowed))
    ? pass
    : { action: 'refuse', why: 'not-allowed' };
}

/** The first topic whose words stand in the text. */
export function topicOf(
  text: string,
  topics: readonly Topic[],
): { readonly topic: string; readonly words: string } | undefined {
  const plain = ` ${folded(text)} `;
  for (const { name, words } of topics)
    for (const word of words) {
      const wanted = folded(word);
      // Its plural too: a letter or two more at the end.
      if (wanted !== '' && new RegExp(` ${wanted}(?:s|es|is)? `).test(plain))
        return { topic: name, words: word };
    }
  return undefined;
}

/** Small letters without accents, words a space apart. */
function folded(text: string): string {
  return unmasked(text)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
