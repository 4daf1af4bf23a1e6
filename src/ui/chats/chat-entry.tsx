// One chat of the list: the way to it, and renaming, exporting and deleting it.
import { useEffect, useId, useRef, useState } from 'react';
import { asJson, asMarkdown, type ChatFile } from '../../chat/export';
import { useApp, useStore } from '../app-context';
import { Icon } from '../common/icons';
import { modelName } from '../models/model-view';
import { chatHref } from '../common/route';

export interface ChatEntryProps {
  readonly id: string;
  readonly shown: boolean;
  readonly onChosen: () => void;
  readonly onDelete: () => void;
}

export function ChatEntry({ id, shown, onChosen, onDelete }: ChatEntryProps) {
  const { chat, texts } = useApp();
  const title = useStore(chat, (state) => state.conversations.get(id)?.title ?? '');
  const active = useStore(chat, (state) => shown && state.activeId === id);
  const answering = useStore(
    chat,
    (state) => state.run.state === 'running' && state.run.conversationId === id,
  );
  const [renaming, setRenaming] = useState(false);
  const [open, setOpen] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const titleId = `chat-${id}`;
  const actions = useId();
  if (renaming) {
    return (
      <li className="chat-entry">
        <RenameForm
          title={title}
          onDone={(name) => {
            if (name !== undefined) chat.rename(id, name);
            setRenaming(false);
            // After the button is back.
            setTimeout(() => more.current?.focus());
          }}
        />
      </li>
    );
  }
  const save = (make: () => ChatFile): void => {
    saveFile(make());
    setOpen(false);
    more.current?.focus();
  };
  const conversation = () => chat.getState().conversations.get(id);
  return (
    <li
      className={active ? 'chat-entry chat-entry-active' : 'chat-entry'}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        // Not the drawer around it.
        event.stopPropagation();
        setOpen(false);
        more.current?.focus();
      }}
    >
      <a
        id={titleId}
        href={chatHref(id)}
        aria-current={active ? 'page' : undefined}
        title={title}
        onClick={onChosen}
      >
        {title}
        {answering && <span className="answering-dot" role="img" aria-label={texts.answeringHere} />}
      </a>
      <button
        ref={more}
        type="button"
        className="icon-button"
        aria-label={texts.chatOptions}
        aria-describedby={titleId}
        aria-expanded={open}
        aria-controls={open ? actions : undefined}
        title={texts.chatOptions}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={texts.deleteChat}
        aria-describedby={titleId}
        title={texts.deleteChat}
        onClick={onDelete}
      >
        <Icon name="trash" />
      </button>
      {open && (
        <div className="chat-actions" id={actions} role="group" aria-label={texts.chatOptions}>
          <button
            type="button"
            className="button"
            autoFocus
            onClick={() => {
              setOpen(false);
              setRenaming(true);
            }}
          >
            {texts.renameChat}
          </button>
          <button
            type="button"
            className="button"
            aria-label={texts.exportMarkdown}
            onClick={() => {
              const one = conversation();
              const words = { you: texts.you, picture: texts.attachedPicture, model: modelName };
              if (one) save(() => asMarkdown(one, words));
            }}
          >
            Markdown
          </button>
          <button
            type="button"
            className="button"
            aria-label={texts.exportJson}
            onClick={() => {
              const one = conversation();
              if (one) save(() => asJson(one, new Date()));
            }}
          >
            JSON
          </button>
        </div>
      )}
    </li>
  );
}

interface RenameFormProps {
  readonly title: string;
  /** With the new name, or undefined when it stays. */
  readonly onDone: (name: string | undefined) => void;
}

function RenameForm({ title, onDone }: RenameFormProps) {
  const { texts } = useApp();
  const [name, setName] = useState(title);
  const box = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, []);
  // Leaving the field by itself keeps what was typed; once it is done, it may not count twice.
  const end = (result: string | undefined): void => {
    if (done.current) return;
    done.current = true;
    onDone(result);
  };
  return (
    <form
      className="rename-form"
      onSubmit={(event) => {
        event.preventDefault();
        end(name);
      }}
    >
      <input
        ref={box}
        aria-label={texts.chatName}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => end(name)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          end(undefined);
        }}
      />
    </form>
  );
}

function saveFile({ name, type, text }: ChatFile): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
