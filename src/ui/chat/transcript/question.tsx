// What a person asked, folded where it is long, and the form in which it is worded anew.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { UserMessage } from '../../../chat/conversation';
import { useApp, useStore } from '../../app-context';
import { CopyButton } from '../../common/copy-button';
import { formatCount } from '../../common/format';
import { Icon } from '../../common/icons';
import { documentHref } from '../../documents/document-words';
import { BranchPicker } from './branch-picker';
import { focusComposer, isSendKey } from '../focus';
import { editing } from './editing';

/** A longer text, pasted most often, shows its beginning. */
const foldedLength = 1_200;
const foldedLines = 14;

export function Question({ message }: { readonly message: UserMessage }) {
  const { chat, texts } = useApp();
  const isEdited = useStore(editing, (id) => id === message.id);
  const editButton = useRef<HTMLButtonElement>(null);
  const wasEdited = useRef(false);
  useEffect(() => {
    if (wasEdited.current && !isEdited) editButton.current?.focus();
    wasEdited.current = isEdited;
  }, [isEdited]);
  if (isEdited) {
    return (
      <EditForm
        text={message.text}
        onDone={(text) => {
          const conversationId = chat.getState().activeId;
          const done =
            text === undefined ||
            chat.doOrQueue({ kind: 'edit', conversationId, messageId: message.id, text });
          // Something waits already: the wording stays to be sent later.
          if (!done) return;
          editing.end();
          if (text !== undefined) focusComposer();
        }}
      />
    );
  }
  return (
    <article className="message question" aria-label={texts.you}>
      <div className="bubble" dir="auto">
        {message.documents && (
          <ul className="file-chips">
            {message.documents.map(({ id, name }) => (
              <li key={id} className="file-chip">
                <Icon name="documents" />
                <a href={documentHref(id)}>{name}</a>
              </li>
            ))}
          </ul>
        )}
        {message.images && (
          <span className="pictures">
            {message.images.map((image, i) => (
              <img key={i} src={image} alt={texts.attachedPicture(i + 1)} />
            ))}
          </span>
        )}
        <Folded text={message.text} />
      </div>
      <div className="actions">
        <CopyButton label={texts.copyMessage} text={() => message.text} />
        <button
          ref={editButton}
          type="button"
          className="icon-button"
          aria-label={texts.editMessage}
          title={texts.editMessage}
          onClick={() => editing.begin(message.id)}
        >
          <Icon name="edit" />
        </button>
        <BranchPicker id={message.id} />
      </div>
    </article>
  );
}

function Folded({ text }: { readonly text: string }): ReactNode {
  const { texts } = useApp();
  const [open, setOpen] = useState(false);
  const lines = text.split('\n', foldedLines + 6);
  if (text.length <= foldedLength * 1.3 && lines.length <= foldedLines + 5) return text;
  const start = lines.slice(0, foldedLines).join('\n').slice(0, foldedLength).trimEnd();
  return (
    <>
      {open ? text : `${start}…`}
      <button type="button" className="fold-button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? texts.answer.showLess : texts.answer.showAll(formatCount(text.length, texts.language))}
      </button>
    </>
  );
}

interface EditFormProps {
  readonly text: string;
  /** With the new wording, or undefined when cancelled. */
  readonly onDone: (text: string | undefined) => void;
}

function EditForm({ text: before, onDone }: EditFormProps) {
  const { texts } = useApp();
  const [text, setText] = useState(before);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(before.length, before.length);
  }, [before]);
  const blank = text.trim() === '';
  return (
    <form className="message question edit-form" onSubmit={(event) => event.preventDefault()}>
      <textarea
        ref={box}
        dir="auto"
        aria-label={texts.editedText}
        rows={Math.min(10, text.split('\n').length + 1)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone(undefined);
          if (isSendKey(event.nativeEvent) && !blank) {
            event.preventDefault();
            onDone(text);
          }
        }}
      />
      <div className="edit-actions">
        <button type="button" className="button" onClick={() => onDone(undefined)}>
          {texts.cancel}
        </button>
        {/* A sandbox without allow-forms lets no form be submitted. */}
        <button type="button" className="button button-primary" disabled={blank} onClick={() => onDone(text)}>
          {texts.editSubmit}
        </button>
      </div>
    </form>
  );
}
