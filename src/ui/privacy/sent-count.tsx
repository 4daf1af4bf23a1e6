// Always in sight: how often anything of the person's has left the device, and whether the network is switched off. What
// was downloaded is not counted here.
import type { ReactNode } from 'react';
import type { Book } from '../../ledger/book';
import { useApp, useStore } from '../app-context';
import { formatCount } from '../common/format';
import { pageHref } from '../common/route';
import { ledgerWords } from '../texts/ledger-words';
import { ledger, totalsOf } from './ledger-view';

const sentOf = (book: Book | undefined): number | undefined => book && totalsOf(book).sent;
const cutOf = (book: Book | undefined): boolean => book?.cut === true;

export function SentCount(): ReactNode {
  const { texts } = useApp();
  const sent = useStore(ledger, sentOf);
  const cut = useStore(ledger, cutOf);
  const words = ledgerWords(texts.language);
  if (sent === undefined) return null;
  const count = formatCount(sent, texts.language);
  return (
    <a
      className={sent > 0 ? 'sent-count sent-some' : 'sent-count'}
      href={pageHref('privacy')}
      title={words.sentTitle(sent, count)}
    >
      {words.sent(sent, count)}
      {cut && ` · ${words.cutShort}`}
    </a>
  );
}
