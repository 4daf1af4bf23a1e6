// The words of a larger model elsewhere, in the language of the page.
import { enRemote, type RemoteWords } from './en-remote';
import { ptRemote } from './pt-remote';
import { wordsIn } from './texts';

/** @param language of the page's texts, BCP 47. */
export const remoteWords = (language: string): RemoteWords =>
  wordsIn(language, { en: enRemote, pt: ptRemote });
