// The words of the Help page, in the language of the page.
import { enHelp, type HelpWords } from './en-help';
import { ptHelp } from './pt-help';
import { wordsIn } from './texts';

/** @param language of the page's texts, BCP 47. */
export const helpWords = (language: string): HelpWords => wordsIn(language, { en: enHelp, pt: ptHelp });
