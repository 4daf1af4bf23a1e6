// The ledger, newest first: one line a request, or one for many alike that came together.
import { useMemo, type ReactNode } from 'react';
import type { Book } from '../../ledger/book';
import { tookWords, type LedgerEntry } from '../../ledger/entry';
import { useApp } from '../app-context';
import { formatBytes, formatCount } from '../common/format';
import { ScrollTable } from '../common/scroll-table';
import { saveFile } from '../common/save-file';
import { ledgerWords } from '../texts/ledger-words';
import { totalsOf } from './ledger-view';

/** The newest stand in sight; the file has all. */
const shownAtMost = 40;
/** Requests for the same that follow each other as closely stand in one line. */
const togetherMs = 60_000;

export interface Row {
  readonly first: LedgerEntry;
  readonly last: LedgerEntry;
  readonly requests: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** The newest first. Each request that took words along stands alone. */
export function rowsOf(entries: readonly LedgerEntry[]): readonly Row[] {
  const rows: Row[] = [];
  for (const entry of entries) {
    const at = rows.findLastIndex(
      ({ last }) =>
        last.host === entry.host && last.purpose === entry.purpose && entry.at - last.at < togetherMs,
    );
    const before = rows[at];
    const { sentBytes, receivedBytes = 0 } = entry;
    if (!before || tookWords(entry) || tookWords(before.last))
      rows.push({ first: entry, last: entry, requests: 1, sentBytes, receivedBytes });
    else
      rows[at] = {
        first: before.first,
        last: entry,
        requests: before.requests + 1,
        sentBytes: before.sentBytes + sentBytes,
        receivedBytes: before.receivedBytes + receivedBytes,
      };
  }
  return rows.reverse();
}

export function LedgerList({ book }: { readonly book: Book }): ReactNode {
  const { texts } = useApp();
  const { language } = texts;
  const words = ledgerWords(language);
  const { entries, sums, since } = book;
  const rows = useMemo(() => rowsOf(entries), [entries]);
  const { sent, sentBytes, requests, receivedBytes } = totalsOf(book);
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' });
  return (
    <section aria-labelledby="ledger-title">
      <h2 id="ledger-title">{words.ledger}</h2>
      <p>
        <strong>{words.sentLong(sent, formatCount(sent, language), formatBytes(sentBytes, language))}</strong>{' '}
        {words.fetched(formatCount(requests, language), formatBytes(receivedBytes, language))}{' '}
        {words.since(day.format(since))}
      </p>
      <p className="note">{words.ledgerNote}</p>
      {rows.length > 0 && (
        <ScrollTable labelledBy="ledger-title" columns={words.columns}>
          {rows.slice(0, shownAtMost).map((row, i) => (
            <tr key={i} className={tookWords(row.first) ? 'sent-some' : undefined}>
              <td>
                <time dateTime={new Date(row.first.at).toISOString()}>{when.format(row.first.at)}</time>
              </td>
              <td>{row.first.host}</td>
              <td>{words.purposes[row.first.purpose]}</td>
              <td>{formatCount(row.requests, language)}</td>
              <td>{formatBytes(row.sentBytes, language)}</td>
              <td>
                {row.receivedBytes === 0 && row.first.receivedBytes === undefined
                  ? words.notTold
                  : formatBytes(row.receivedBytes, language)}
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
      {rows.length > shownAtMost && <p className="note">{words.more}</p>}
      <div className="links">
        <button
          type="button"
          className="button"
          onClick={() =>
            saveFile({
              name: 'phield-ledger.json',
              type: 'application/json',
              text: `${JSON.stringify({ format: 'phield-ledger', version: 1, since, sums, entries }, null, 2)}\n`,
            })
          }
        >
          {words.export}
        </button>
      </div>
    </section>
  );
}
