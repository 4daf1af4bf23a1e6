// Short texts from a brief, and stories from three words: prompts, and where the words stand in the text.
import { fold, stem } from '../documents/find/words';
import type { Tone, WriteForm, WriteJob, WriteLength } from './job';

const forms: Readonly<Record<WriteForm, string>> = {
  product: 'a product description for a shop',
  post: 'a post for a social network, with no more than two hashtags',
  email: 'an e-mail with a subject line, a greeting and a closing',
};
const tones: Readonly<Record<Tone, string>> = {
  friendly: 'warm and friendly',
  formal: 'formal and factual',
  lively: 'lively and playful',
};
const lengths: Readonly<Record<WriteLength, string>> = {
  short: 'at most 50 words',
  medium: 'about 100 words',
  long: 'about 200 words',
};
export const writeTokens: Readonly<Record<WriteLength, number>> = { short: 120, medium: 240, long: 450 };

const languageNames: Readonly<Record<string, string>> = { en: 'English', pt: 'Brazilian Portuguese' };

export function writePrompt({
  form,
  brief,
  tone,
  length,
  language,
}: Pick<WriteJob, 'form' | 'brief' | 'tone' | 'length' | 'language'>): string {
  return `Write ${forms[form]} in ${languageNames[language] ?? 'English'}. Tone: ${tones[tone]}. Length: ${lengths[length]}. Use only what the notes say and invent no facts, prices or names. Give the text alone.\n\nNotes:\n${brief.trim()}`;
}

/** In the words that phield-tiny was trained on; larger models understand them as well. */
export function storyPrompt(
  [noun, verb, adjective]: readonly [string, string, string],
  language: string,
): string {
  if (language === 'pt') return `Conte uma história curta com as palavras ${noun}, ${verb} e ${adjective}.`;
  return `Tell me a story with the words ${noun}, ${verb} and ${adjective}.`;
}

export interface MarkedPiece {
  readonly text: string;
  /** Which of the words it is, if any. */
  readonly word?: number;
}

/** The text in pieces, with the asked-for words, in any of their forms, apart. */
export function markWords(text: string, words: readonly string[]): readonly MarkedPiece[] {
  const stems = words.map((word) => stem(fold(word.trim())));
  const pieces: MarkedPiece[] = [];
  let plain = '';
  for (const part of text.split(/([\p{L}\p{M}]+)/u)) {
    const folded = fold(part);
    const word = stems.findIndex(
      (wanted, at) =>
        wanted !== '' &&
        (isForm(folded, wanted) || (at === 1 && isConjugated(folded, fold(words[at] ?? '')))),
    );
    if (word < 0) {
      plain += part;
      continue;
    }
    if (plain !== '') pieces.push({ text: plain });
    plain = '';
    pieces.push({ text: part, word });
  }
  return plain === '' ? pieces : [...pieces, { text: plain }];
}

/** "jumped" and "jumping" of "jump", "happily" of "happy"; a short word only as it is. */
function isForm(folded: string, wanted: string): boolean {
  const stemmed = stem(folded);
  if (stemmed === wanted) return true;
  // A doubled last letter: "run", "running".
  return wanted.length >= 3 && stemmed === wanted + (wanted.at(-1) ?? '');
}

/** "pulou" of "pular": a Portuguese verb is known by what stands before -ar, -er, -ir. */
function isConjugated(folded: string, verb: string): boolean {
  const root = /^(\p{L}{3,})[aei]r$/u.exec(verb)?.[1];
  return root !== undefined && folded.startsWith(root) && folded.length <= root.length + 5;
}
