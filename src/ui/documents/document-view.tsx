// One document as it was read: its passages under their headings, page by page, with the passage that an answer cites
// brought into view and marked.
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { isAbort } from '../../base/errors';
import type { DocumentRecord, Passage } from '../../documents/document';
import { useApp } from '../app-context';
import { formatCount } from '../common/format';
import { Icon } from '../common/icons';
import { chatHref, pageHref } from '../common/route';
import { askAbout } from './attachments';
import { DocumentOrders } from './document-orders';
import { figuresOf } from './document-words';
import { PassageSearch } from './passage-search';

interface DocumentViewProps {
  readonly id: string;
  readonly target: number | undefined;
}

type Opened =
  | { readonly state: 'opening' }
  | { readonly state: 'missing' }
  | { readonly state: 'open'; readonly record: DocumentRecord; readonly passages: readonly Passage[] };

export function DocumentView({ id, target }: DocumentViewProps) {
  const { chat, shelf, texts } = useApp();
  const [opened, setOpened] = useState<Opened>({ state: 'opening' });
  useEffect(() => {
    let current = true;
    setOpened({ state: 'opening' });
    Promise.all([shelf.record(id), shelf.passages(id)]).then(
      ([record, passages]) =>
        current && setOpened(record ? { state: 'open', record, passages } : { state: 'missing' }),
      (thrown: unknown) => {
        if (current && !isAbort(thrown)) setOpened({ state: 'missing' });
      },
    );
    return () => {
      current = false;
    };
  }, [id, shelf]);
  const record = opened.state === 'open' ? opened.record : undefined;
  const only = useMemo(() => (record ? [record] : []), [record]);
  const { documents } = texts;
  return (
    <article className="page-body document" aria-labelledby="document-title">
      <p>
        <a className="back-link" href={pageHref('documents')}>
          <Icon name="left" />
          {documents.back}
        </a>
      </p>
      {opened.state === 'opening' && <p role="status">{documents.opening}</p>}
      {opened.state === 'missing' && (
        <h1 id="document-title" className="document-missing">
          {documents.missing}
        </h1>
      )}
      {opened.state === 'open' && record && (
        <>
          <header className="document-head">
            <h1 id="document-title">{record.name}</h1>
            <p className="note">{figuresOf(record, texts)}</p>
            <Remarks record={record} />
            <DocumentOrders passages={opened.passages} />
            <p className="links">
              <button
                type="button"
                className="button button-primary"
                onClick={() => {
                  chat.newChat();
                  location.hash = chatHref(null);
                  askAbout(record);
                }}
              >
                {documents.ask}
              </button>
            </p>
          </header>
          <PassageSearch label={documents.searchOne} documents={only} named={false} />
          <DocumentText record={record} passages={opened.passages} target={target} />
        </>
      )}
    </article>
  );
}

/** What a person should know of how the file was read. */
export function Remarks({ record }: { readonly record: DocumentRecord }): ReactNode {
  const { texts } = useApp();
  const { documents, language } = texts;
  const { emptyPages, encoding } = record;
  const remark = encoding === undefined ? '' : documents.encodings[encoding];
  return (
    <>
      {emptyPages !== undefined && (
        <p className="remark">{documents.emptyPages(emptyPages, formatCount(emptyPages, language))}</p>
      )}
      {remark !== '' && <p className="remark">{remark}</p>}
    </>
  );
}

interface TextProps {
  readonly record: DocumentRecord;
  readonly passages: readonly Passage[];
  readonly target: number | undefined;
}

/** Its passages, the one that is meant in view and marked. */
export function DocumentText({ record, passages, target }: TextProps) {
  const { texts } = useApp();
  const shown = useRef<HTMLElement>(null);
  useEffect(() => {
    if (target === undefined) return;
    // Twice: what stands above has only guessed heights until it has been drawn.
    shown.current?.scrollIntoView({ block: 'center' });
    const frame = requestAnimationFrame(() => {
      shown.current?.scrollIntoView({ block: 'center' });
      shown.current?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [target, passages]);
  return (
    <div className="document-text">
      {passages.map((passage, at) => (
        <PassageView
          key={passage.index}
          passage={passage}
          before={passages[at - 1]}
          isSheet={record.kind === 'xlsx'}
          target={passage.index === target}
          {...(passage.index === target ? { anchor: shown } : {})}
          label={texts.documents.passage(formatCount(passage.index + 1, texts.language))}
        />
      ))}
    </div>
  );
}

interface PassageViewProps {
  readonly passage: Passage;
  readonly before: Passage | undefined;
  readonly isSheet: boolean;
  readonly target: boolean;
  readonly anchor?: React.RefObject<HTMLElement | null>;
  readonly label: string;
}

function PassageView({ passage, before, isSheet, target, anchor, label }: PassageViewProps) {
  const { texts } = useApp();
  const { documents, language } = texts;
  const { page, headings, blocks } = passage;
  const fresh = freshHeadings(headings, before?.headings ?? []);
  return (
    <>
      {page !== undefined && page !== before?.page && (
        <p className="page-mark">
          <span>{(isSheet ? documents.sheet : documents.page)(formatCount(page, language))}</span>
        </p>
      )}
      {fresh.map(({ text, depth }) => (
        <Heading key={depth} depth={depth} text={text} />
      ))}
      <section
        ref={anchor}
        tabIndex={-1}
        aria-label={label}
        className={target ? 'passage passage-target' : 'passage'}
      >
        {blocks.map((text, at) =>
          // A heading with nothing under it is its passage's only block.
          blocks.length === 1 && text === headings.at(-1) ? null : (
            <p key={at} dir="auto">
              {text}
            </p>
          ),
        )}
      </section>
    </>
  );
}

function freshHeadings(now: readonly string[], before: readonly string[]) {
  let same = 0;
  while (same < now.length && now[same] === before[same]) same++;
  return now.slice(same).map((text, at) => ({ text, depth: same + at }));
}

function Heading({ depth, text }: { readonly depth: number; readonly text: string }) {
  // Under the document's own h1.
  if (depth === 0) return <h2 dir="auto">{text}</h2>;
  if (depth === 1) return <h3 dir="auto">{text}</h3>;
  return <h4 dir="auto">{text}</h4>;
}
