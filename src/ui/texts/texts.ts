// Picks the language: the person's choice, else the browser's, else English.
import type { LanguageChoice } from '../../chat/settings';
import { en, type Texts } from './en';
import { pt } from './pt';

const languages: Record<Exclude<LanguageChoice, 'auto'>, Texts> = { en, pt };

export function textsFor(choice: LanguageChoice, preferred: readonly string[]): Texts {
  if (choice !== 'auto') return languages[choice];
  for (const tag of preferred) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'en' || language === 'pt') return languages[language];
  }
  return en;
}
