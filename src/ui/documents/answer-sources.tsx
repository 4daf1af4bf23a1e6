// Under an answer: what the model was given of the documents, each passage to be opened. "What the model saw".
import { useState } from 'react';
import type { Source } from '../../chat/conversation';
import { useApp } from '../app-context';
import { formatCount } from '../common/format';
import { Icon } from '../common/icons';
import { citedNumbers } from './citations';
import { documentHref, placeOf } from './document-words';
import { SourceOrdersNote } from './source-orders-note';
import { usePassages } from './use-passages';

interface AnswerSourcesProps {
  readonly sources: readonly Source[];
  /** The answer so far. */
  readonly text: () => string;
}

export function AnswerSources({ sources, text }: AnswerSourcesProps) {
  const { texts } = useApp();
  const [open, setOpen] = useState(false);
  return (
    <>
      <SourceOrdersNote sources={sources} />
      <details className="sources" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Icon name="documents" />
          {texts.documents.sources(sources.length, formatCount(sources.length, texts.language))}
        </summary>
        {open && <SourceList sources={sources} cited={citedNumbers(text(), sources)} />}
      </details>
    </>
  );
}

function SourceList({
  sources,
  cited,
}: {
  readonly sources: readonly Source[];
  readonly cited: ReadonlySet<number>;
}) {
  const { texts } = useApp();
  const passages = usePassages(sources);
  return (
    <>
      <p className="note">{texts.documents.sourcesNote}</p>
      <ol className="source-list">
        {sources.map((source, at) => {
          const number = at + 1;
          const passage = passages?.get(source.documentId)?.[source.passage];
          return (
            <li key={number} className={cited.has(number) ? 'source source-cited' : 'source'}>
              <a href={documentHref(source.documentId, source.passage)}>
                <span className="source-number">{number}</span>
                <span className="source-name">{source.name}</span>
                <span className="source-place">{placeOf(source, texts)}</span>
                {cited.has(number) && <span className="badge">{texts.documents.cited}</span>}
              </a>
              {passage ? (
                <p className="source-text" tabIndex={0}>
                  {passage.blocks.join('\n')}
                </p>
              ) : (
                passages && <p className="note">{texts.documents.sourceGone}</p>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}
