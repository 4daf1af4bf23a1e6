// The words of "Which for what", in the language of the page.
import { enWhich, type WhichWords } from './en-which';
import { ptWhich } from './pt-which';
import { wordsIn } from './texts';

/** @param language of the page's texts, BCP 47. */
export const whichWords = (language: string): WhichWords => wordsIn(language, { en: enWhich, pt: ptWhich });
