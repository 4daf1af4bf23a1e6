// Picks the language: the person's choice, else the browser's, else English. English is there from the start; another
// language is fetched when it is wanted, before anything is drawn in it.
import type { LanguageChoice } from '../../chat/settings/settings';
import { en, type Texts } from './en';

export type Language = Exclude<LanguageChoice, 'auto'>;

const loaded = new Map<Language, Texts>([['en', en]]);

export function languageFor(choice: LanguageChoice, preferred: readonly string[]): Language {
  if (choice !== 'auto') return choice;
  for (const tag of preferred) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'en' || language === 'pt') return language;
  }
  return 'en';
}

/** Of words that come with what says them: those in the page's language. @param language BCP 47 */
export function wordsIn<Words>(language: string, words: Readonly<Record<Language, Words>>): Words {
  return words[languageFor('auto', [language])];
}

/** In English until `loadTexts` has brought the language. */
export function textsFor(choice: LanguageChoice, preferred: readonly string[]): Texts {
  return loaded.get(languageFor(choice, preferred)) ?? en;
}

/** Where its words cannot be had (offline, before they were ever fetched), English stays. */
export async function loadTexts(language: Language): Promise<void> {
  if (loaded.has(language)) return;
  try {
    const { pt } = await import('./pt');
    loaded.set('pt', pt);
  } catch {
    // Asked for again at the next start or choice.
  }
}
