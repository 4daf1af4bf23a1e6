// The words of the red team, in the language of the page.
import { enRedTeam, type RedTeamWords } from './en-redteam';
import { ptRedTeam } from './pt-redteam';
import { wordsIn } from './texts';

/** @param language of the page's texts, BCP 47. */
export const redTeamWords = (language: string): RedTeamWords =>
  wordsIn(language, { en: enRedTeam, pt: ptRedTeam });
