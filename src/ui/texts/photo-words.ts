// The words of asking about a picture, in the language of the page: they come with what says them.
import { enPhoto, type PhotoWords } from './en-photo';
import { ptPhoto } from './pt-photo';
import { wordsIn } from './texts';

/** @param language of the page's texts, BCP 47. */
export const photoWords = (language: string): PhotoWords => wordsIn(language, { en: enPhoto, pt: ptPhoto });
