// The passage that an answer cites, over the conversation in the frame: links to it are of the kind #/documents/ID/PASSAGE.
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { DocumentRecord, Passage } from '../../documents/document';
import { useApp } from '../../ui/app-context';
import { Icon } from '../../ui/common/icons';
import { DocumentText } from '../../ui/documents/document-view';
import { readDocumentsRoute } from '../../ui/documents/document-words';
import { frameTextsFor } from '../frame/frame-texts';

function onHash(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export function CitedPassage() {
  const hash = useSyncExternalStore(onHash, () => location.hash);
  const route = readDocumentsRoute(hash);
  return route ? <Opened key={route.id} id={route.id} target={route.passage} /> : null;
}

function Opened({ id, target }: { readonly id: string; readonly target: number | undefined }) {
  const { shelf, texts } = useApp();
  const words = frameTextsFor(texts.language);
  const back = useRef<HTMLButtonElement>(null);
  const [read, setRead] = useState<{
    readonly record: DocumentRecord | undefined;
    readonly passages: readonly Passage[];
  }>();
  useEffect(() => {
    let current = true;
    Promise.all([shelf.record(id), shelf.passages(id)]).then(
      ([record, passages]) => current && setRead({ record, passages }),
      () => current && setRead({ record: undefined, passages: [] }),
    );
    return () => {
      current = false;
    };
  }, [id, shelf]);
  useEffect(() => back.current?.focus(), []);
  // Not a step back: the frame's history is the host's.
  const close = (): void => {
    history.replaceState(null, '', '#');
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  };
  return (
    <section
      className="frame-passage document"
      aria-label={read?.record?.name ?? texts.documents.opening}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        close();
      }}
    >
      <p>
        <button ref={back} type="button" className="button button-small" onClick={close}>
          <Icon name="left" />
          {words.back}
        </button>
      </p>
      {!read && <p role="status">{texts.documents.opening}</p>}
      {read && !read.record && <p role="status">{texts.documents.sourceGone}</p>}
      {read?.record && <DocumentText record={read.record} passages={read.passages} target={target} />}
    </section>
  );
}
