// The words of the safety check, in the language of the page.
import { enSafety, type SafetyWords } from './en-safety';
import { ptSafety } from './pt-safety';
import { wordsIn } from './texts';

/** @param language of the page's texts, BCP 47. */
export const safetyWords = (language: string): SafetyWords =>
  wordsIn(language, { en: enSafety, pt: ptSafety });

/** Whom to call, by the region of the first language that has one; Portuguese without one is most likely Brazil's. */
export function helpLine(words: SafetyWords, languages: readonly string[]): string {
  for (const language of languages) {
    const region = /[-_]([A-Z]{2})\b/.exec(language)?.[1] ?? (language === 'pt' ? 'BR' : undefined);
    if (region !== undefined && region in words.lines) return words.lines[region as keyof typeof words.lines];
  }
  return words.lines.other;
}
