// Searching passages of one document or of all, with the words that were found marked.
import { useDeferredValue, useEffect, useState, type ReactNode } from 'react';
import type { DocumentRecord } from '../../documents/document';
import { toTerm } from '../../documents/find/words';
import type { FoundPassage } from '../../documents/messages';
import { useApp } from '../app-context';
import { formatCount } from '../common/format';
import { documentHref, placeOf } from './document-words';

interface PassageSearchProps {
  readonly label: string;
  readonly documents: readonly DocumentRecord[];
  /** Names of documents are shown where there are several. */
  readonly named: boolean;
}

const mostHits = 30;
const waitMs = 120;

export function PassageSearch({ label, documents, named }: PassageSearchProps) {
  const { shelf, texts } = useApp();
  const [words, setWords] = useState('');
  const asked = useDeferredValue(words).trim();
  const [result, setResult] = useState<{ readonly asked: string; readonly found: readonly FoundPassage[] }>();
  useEffect(() => {
    if (asked === '') return;
    let current = true;
    const timer = setTimeout(() => {
      const ids = documents.map(({ id }) => id);
      shelf.find(asked, ids, mostHits).then(
        (found) => current && setResult({ asked, found }),
        () => current && setResult({ asked, found: [] }),
      );
    }, waitMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [asked, documents, shelf]);
  const found = asked !== '' && result?.asked === asked ? result.found : undefined;
  return (
    <div className="passage-search" role="search">
      <input
        type="search"
        className="passage-search-box"
        aria-label={label}
        placeholder={label}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <p className={asked === '' ? 'hidden' : 'note'} role="status">
        {asked === ''
          ? ''
          : found
            ? texts.documents.found(found.length, formatCount(found.length, texts.language))
            : texts.documents.searching}
      </p>
      {found && found.length > 0 && (
        <ul className="hits">
          {found.map((hit) => (
            <Hit
              key={`${hit.documentId}/${hit.passage.index}`}
              hit={hit}
              documents={documents}
              named={named}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

function Hit({
  hit,
  documents,
  named,
}: {
  readonly hit: FoundPassage;
  readonly documents: readonly DocumentRecord[];
  readonly named: boolean;
}) {
  const { texts } = useApp();
  const { documentId, passage, terms } = hit;
  const record = documents.find(({ id }) => id === documentId);
  const place = placeOf({ ...passage, heading: passage.headings.at(-1) }, texts, record?.kind === 'xlsx');
  return (
    <li className="hit">
      <a href={documentHref(documentId, passage.index)}>
        <span className="hit-place">
          {named && <strong>{record?.name}</strong>}
          {place !== '' && <span>{place}</span>}
        </span>
        <span className="hit-text">{marked(snippet(passage.blocks.join(' '), terms), terms)}</span>
      </a>
    </li>
  );
}

const words = /[\p{L}\p{M}\p{N}]+/gu;
const snippetLength = 240;

/** The part of the text that begins a little before the first word found. */
function snippet(text: string, terms: readonly string[]): string {
  const set = new Set(terms);
  let first = 0;
  for (const { 0: word, index } of text.matchAll(words))
    if (set.has(toTerm(word) ?? '')) {
      first = index;
      break;
    }
  const from = first < 60 ? 0 : Math.max(0, text.indexOf(' ', first - 60));
  const cut = text.slice(from, from + snippetLength);
  return `${from > 0 ? '…' : ''}${cut}${from + snippetLength < text.length ? '…' : ''}`;
}

function marked(text: string, terms: readonly string[]): ReactNode {
  const set = new Set(terms);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { 0: word, index } of text.matchAll(words)) {
    if (!set.has(toTerm(word) ?? '')) continue;
    parts.push(text.slice(at, index), <mark key={index}>{word}</mark>);
    at = index + word.length;
  }
  return [...parts, text.slice(at)];
}
