// The words of opening a GGUF file, in the language of the page: they come with what says them.
import { enGguf, type GgufWords } from './en-gguf';
import { ptGguf } from './pt-gguf';
import { wordsIn } from './texts';

/** @param language of the page's texts, BCP 47. */
export const ggufWords = (language: string): GgufWords => wordsIn(language, { en: enGguf, pt: ptGguf });
