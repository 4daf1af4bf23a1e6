// What leaves this device: the switch, the ledger, how to check it, what is kept here, and the way to delete it all.
import { type ReactNode } from 'react';
import type { Book } from '../../ledger/book';
import { stores } from '../../ledger/stores';
import { useApp, useStore } from '../app-context';
import { ScrollTable } from '../common/scroll-table';
import { ledgerWords } from '../texts/ledger-words';
import { LedgerList } from './ledger-list';
import { ledger } from './ledger-view';
import { Bounds } from './privacy-section';

const whole = (book: Book | undefined): Book | undefined => book;

export function PrivacyPage(): ReactNode {
  const { texts } = useApp();
  const words = ledgerWords(texts.language);
  const book = useStore(ledger, whole);
  return (
    <section className="page-body" aria-labelledby="privacy-title">
      <h1 id="privacy-title">{texts.privacy.title}</h1>
      <p className="lead">{words.lead}</p>
      <label className="check">
        <input
          type="checkbox"
          role="switch"
          checked={book?.cut ?? false}
          disabled={!book}
          onChange={({ target }) => void ledger.cut(target.checked)}
        />
        {words.cut}
      </label>
      <p className="note">{words.cutNote}</p>
      {book ? <LedgerList book={book} /> : <p role="status">{words.reading}</p>}
      <section aria-labelledby="bounds-title">
        <h2 id="bounds-title">{words.bounds}</h2>
        <Bounds />
      </section>
      <details>
        <summary>{words.prove}</summary>
        <ol>
          {words.proof.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </details>
      <Stored />
    </section>
  );
}

function Stored(): ReactNode {
  const { texts } = useApp();
  const words = ledgerWords(texts.language);
  return (
    <section aria-labelledby="stored-title">
      <h2 id="stored-title">{words.stored}</h2>
      <ScrollTable labelledBy="stored-title" columns={[words.what, words.where]}>
        {stores.map(({ id, place, names }) => (
          <tr key={`${id} ${place}`}>
            <th scope="row">{words.stores[id]}</th>
            <td>
              {words.places[place]}: {names.join(', ')}
            </td>
          </tr>
        ))}
      </ScrollTable>
      <p className="note">{words.eraseNote}</p>
      <a className="button button-danger" href="./erase.html">
        {words.erase}
      </a>
    </section>
  );
}
