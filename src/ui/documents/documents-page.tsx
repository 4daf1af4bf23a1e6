// The documents on this device: add, open, search, ask, delete. Behind #/documents/ID it shows one of them.
import { useCallback, useEffect, useId, useState, useSyncExternalStore } from 'react';
import { isAbort } from '../../base/errors';
import type { DocumentRecord } from '../../documents/document';
import { acceptedFiles } from '../../documents/read/kind';
import type { ShelfState } from '../../documents/shelf';
import { useApp, useStore } from '../app-context';
import { Problem } from '../common/problem';
import { Icon } from '../common/icons';
import { chatHref } from '../common/route';
import { ReadingChip } from './attach-file';
import { askAbout } from './attachments';
import { DocumentView, Remarks } from './document-view';
import { documentHref, figuresOf, readDocumentsRoute } from './document-words';
import { PassageSearch } from './passage-search';

const whole = (state: ShelfState): ShelfState => state;

function onHash(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export function DocumentsPage() {
  const hash = useSyncExternalStore(onHash, () => location.hash);
  const route = readDocumentsRoute(hash);
  return route ? <DocumentView key={route.id} id={route.id} target={route.passage} /> : <DocumentList />;
}

function DocumentList() {
  const { shelf, texts } = useApp();
  const { documents, readings, error } = useStore(shelf, whole);
  useEffect(() => void shelf.refresh(), [shelf]);
  const words = texts.documents;
  return (
    <section className="page-body" aria-labelledby="documents-title">
      <h1 id="documents-title">{words.title}</h1>
      <p className="lead">{words.lead}</p>
      <AddFiles />
      {readings.length > 0 && (
        <ul className="file-chips file-chips-wide" aria-label={words.attached}>
          {readings.map((reading) => (
            <ReadingChip key={reading.id} reading={reading} onDismiss={() => shelf.dismiss(reading.id)} />
          ))}
        </ul>
      )}
      {error && <Problem code={error.code} message={error.message} />}
      {!documents && !error && <p role="status">{words.reading}</p>}
      {documents?.length === 0 && <p className="lead">{words.none}</p>}
      {documents && documents.length > 0 && (
        <>
          <PassageSearch label={words.search} documents={documents} named />
          <ul className="document-list" aria-label={words.list}>
            {documents.map((record) => (
              <DocumentEntry key={record.id} record={record} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function AddFiles() {
  const { shelf, texts } = useApp();
  const id = useId();
  const [over, setOver] = useState(false);
  const add = useCallback(
    (files: readonly File[]) => {
      for (const file of files)
        shelf.add(file).catch((thrown: unknown) => {
          // Told beside the file; see ReadingChip.
          if (!isAbort(thrown)) console.info('A file could not be read.', thrown);
        });
    },
    [shelf],
  );
  const words = texts.documents;
  return (
    <div
      className={over ? 'drop-zone drop-zone-over' : 'drop-zone'}
      onDragEnter={() => setOver(true)}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        add([...event.dataTransfer.files]);
      }}
    >
      <input
        id={id}
        type="file"
        accept={acceptedFiles}
        multiple
        hidden
        aria-label={words.choose}
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <Icon name="documents" />
      <p>
        {words.drop}{' '}
        <button type="button" className="button" onClick={() => document.getElementById(id)?.click()}>
          {words.choose}
        </button>
      </p>
      <p className="note">{words.kindsRead}</p>
    </div>
  );
}

function DocumentEntry({ record }: { readonly record: DocumentRecord }) {
  const { chat, shelf, texts } = useApp();
  const [asking, setAsking] = useState(false);
  const words = texts.documents;
  const { id, name } = record;
  return (
    <li className="card document-entry" aria-label={name}>
      <div className="document-entry-head">
        <h2>
          <a href={documentHref(id)}>{name}</a>
        </h2>
        <p className="note">{figuresOf(record, texts)}</p>
      </div>
      <Remarks record={record} />
      {asking ? (
        <div className="confirm" role="group" aria-label={words.confirmRemove(name)}>
          <p>{words.confirmRemove(name)}</p>
          <p className="links">
            <button type="button" className="button button-danger" onClick={() => void shelf.remove(id)}>
              {words.remove}
            </button>
            <button type="button" className="button" autoFocus onClick={() => setAsking(false)}>
              {texts.cancel}
            </button>
          </p>
        </div>
      ) : (
        <p className="links">
          <button
            type="button"
            className="button"
            aria-label={words.askAbout(name)}
            onClick={() => {
              chat.newChat();
              location.hash = chatHref(null);
              askAbout({ id, name });
            }}
          >
            {words.ask}
          </button>
          <button
            type="button"
            className="button"
            aria-label={words.removeNamed(name)}
            onClick={() => setAsking(true)}
          >
            {words.remove}
          </button>
        </p>
      )}
    </li>
  );
}
