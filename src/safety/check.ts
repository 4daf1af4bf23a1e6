// What is done about a request or an answer at each level, and why. Pure; whoever asks shows the reason, and a person may
// choose another level on their own device.
import { categoryOf, type Category } from './categories';

export type SafetyLevel = 'off' | 'standard' | 'strict';
export const safetyLevels: readonly SafetyLevel[] = ['off', 'standard', 'strict'];

export type Decision =
  | { readonly action: 'pass' }
  /** Answered, with what may help beside it. */
  | { readonly action: 'help'; readonly category: Category; readonly words: string }
  | { readonly action: 'hold'; readonly category: Category; readonly words: string };

const pass: Decision = { action: 'pass' };

/** What no level but `off` lets pass: what does harm to others who cannot agree to it. */
const always: readonly Category[] = ['weapons', 'sexual', 'violence'];

export function checkRequest(text: string, level: SafetyLevel): Decision {
  if (level === 'off') return pass;
  const hit = categoryOf(text);
  if (!hit) return pass;
  // Whoever says so is answered: to be refused is the last thing that helps.
  if (hit.category === 'self-harm') return { action: 'help', ...hit };
  return level === 'strict' || always.includes(hit.category) ? { action: 'hold', ...hit } : pass;
}

/** Of an answer, sentence by sentence: there the way to do it is in the words themselves. */
export function checkAnswer(text: string, level: SafetyLevel): Decision {
  if (level !== 'strict') return pass;
  const hit = categoryOf(text);
  return !hit || hit.category === 'self-harm' ? pass : { action: 'hold', ...hit };
}

/** Of a text that comes in pieces: the sentences that are whole by now, and what is still open. */
export function wholeSentences(text: string): { readonly whole: string; readonly open: string } {
  let at = 0;
  for (const end of text.matchAll(/[.!?…]+["'”’)\]]*\s+|\n+/g)) at = end.index + end[0].length;
  return { whole: text.slice(0, at), open: text.slice(at) };
}
