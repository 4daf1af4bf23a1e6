// The words of the ledger, in the language of the page.
import { enLedger, type LedgerWords } from './en-ledger';
import { ptLedger } from './pt-ledger';
import { wordsIn } from './texts';

/** @param language of the page's texts, BCP 47. */
export const ledgerWords = (language: string): LedgerWords =>
  wordsIn(language, { en: enLedger, pt: ptLedger });
