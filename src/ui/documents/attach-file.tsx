// The composer's part of documents: the files of this message, those the chat reads already, and the whole
// page as a place to drop files on.
import { useCallback, useEffect, useState } from 'react';
import type { ChatState } from '../../chat/chat-state';
import { documentsOf, pathTo, type DocumentRef } from '../../chat/conversation';
import type { Reading } from '../../documents/shelf';
import { sameItems, useApp, useStore } from '../app-context';
import { formatCount } from '../common/format';
import { useHandedFiles } from '../common/handed-files';
import { Icon } from '../common/icons';
import { pageHref } from '../common/route';
import { builtInModel } from '../models/model-view';
import type { Texts } from '../texts/en';
import { filesForComposer, type Attachments } from './attachments';
import { documentHref } from './document-words';

function chatDocuments({ conversations, activeId }: ChatState): readonly DocumentRef[] {
  const conversation = activeId === null ? undefined : conversations.get(activeId);
  return conversation ? documentsOf(pathTo(conversation)) : [];
}

function sameDocuments(a: readonly DocumentRef[], b: readonly DocumentRef[]): boolean {
  return sameItems(
    a.map(({ id }) => id),
    b.map(({ id }) => id),
  );
}

export function AttachedFiles({ attachments }: { readonly attachments: Attachments }) {
  const { chat, session, texts } = useApp();
  const inChat = useStore(chat, chatDocuments, sameDocuments);
  const isTiny = useStore(session, (state) => state.model === builtInModel);
  const { documents, readings } = attachments;
  const fresh = documents.filter(({ id }) => inChat.every((one) => one.id !== id));
  if (fresh.length + readings.length + inChat.length === 0) return null;
  return (
    <div className="attached">
      {isTiny && fresh.length > 0 && (
        <p className="attached-note">
          {texts.documents.tiny} <a href={pageHref('models')}>{texts.documents.chooseModel}</a>
        </p>
      )}
      <ul className="file-chips" aria-label={texts.documents.attached}>
        {inChat.map(({ id, name }) => (
          <li key={id} className="file-chip file-chip-in-chat">
            <Icon name="documents" />
            <a href={documentHref(id)} title={`${texts.documents.inChat}: ${name}`}>
              {name}
            </a>
          </li>
        ))}
        {fresh.map(({ id, name }) => (
          <li key={id} className="file-chip">
            <Icon name="documents" />
            <a href={documentHref(id)}>{name}</a>
            <button
              type="button"
              className="icon-button"
              aria-label={texts.documents.detach(name)}
              title={texts.documents.detach(name)}
              onClick={() => attachments.remove(id)}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
        {readings.map((reading) => (
          <ReadingChip key={reading.id} reading={reading} onDismiss={() => attachments.dismiss(reading.id)} />
        ))}
      </ul>
    </div>
  );
}

/** "page 12 of 300", "reading…", "waiting": how far a file is. */
export function readingWords({ progress }: Reading, { documents, language }: Texts): string {
  if (!progress) return documents.waiting;
  const { done, total, step } = progress;
  if (step === 'read' && total > 1)
    return documents.readingPage(formatCount(done, language), formatCount(total, language));
  return documents.readingFile;
}

export function ReadingChip({
  reading,
  onDismiss,
}: {
  readonly reading: Reading;
  readonly onDismiss: () => void;
}) {
  const { texts } = useApp();
  const { name, error, progress } = reading;
  const label = error ? texts.dismiss : texts.documents.cancelReading(name);
  const done = progress && progress.total > 1 ? progress.done / progress.total : undefined;
  return (
    <li className={error ? 'file-chip file-chip-failed' : 'file-chip file-chip-reading'}>
      <Icon name="documents" />
      <span className="file-chip-name">{name}</span>
      {error ? (
        <span className="file-chip-problem" role="alert">
          <strong>{texts.errors[error.code].title}.</strong> {texts.errors[error.code].help}
        </span>
      ) : (
        <>
          <span className="file-chip-state">{readingWords(reading, texts)}</span>
          <progress aria-label={name} {...(done === undefined ? {} : { value: done })} />
        </>
      )}
      <button type="button" className="icon-button" aria-label={label} title={label} onClick={onDismiss}>
        <Icon name="close" />
      </button>
    </li>
  );
}

/** Files dragged over the page anywhere. Text that is dragged is left to the field under it. */
export function DropTarget({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const { texts } = useApp();
  const [over, setOver] = useState(false);
  const take = useCallback(onFiles, [onFiles]);
  useHandedFiles(filesForComposer, take);
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const drag = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      // Out of the window, not from one element to the next.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      // A target of its own has taken them.
      if (event.defaultPrevented || !hasFiles(event)) return;
      event.preventDefault();
      take([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener('dragenter', drag);
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', drag);
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [take]);
  if (!over) return null;
  return (
    <div className="drop-overlay" aria-hidden="true">
      <p>
        <Icon name="documents" />
        {texts.documents.dropHere}
      </p>
    </div>
  );
}
