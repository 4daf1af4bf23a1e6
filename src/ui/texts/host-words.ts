// The words of pages that use the model, in the language of the page.
import { enHosts, type HostWords } from './en-hosts';
import { ptHosts } from './pt-hosts';
import { wordsIn } from './texts';

/** @param language of the page's texts, BCP 47. */
export const hostWords = (language: string): HostWords => wordsIn(language, { en: enHosts, pt: ptHosts });
