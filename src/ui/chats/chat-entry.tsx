// One chat of the list: the way to it, its name in place, and what can be done with it.
import { Suspense, useEffect, useId, useRef, useState } from 'react';
import { useApp, useStore } from '../app-context';
import { Icon } from '../common/icons';
import { later } from '../common/later';
import { Popover } from '../common/popover';
import { chatHref } from '../common/route';

const ChatActions = later(() => import('./chat-actions').then((module) => module.ChatActions));

export interface ChatEntryProps {
  readonly id: string;
  readonly shown: boolean;
  readonly onChosen: () => void;
  readonly onDelete: (id: string) => void;
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
  const menu = useId();
  if (renaming) {
    return (
      <div className="chat-entry">
        <RenameForm
          title={title}
          onDone={(name) => {
            if (name !== undefined) chat.rename(id, name);
            setRenaming(false);
            // After the button is back.
            setTimeout(() => more.current?.focus());
          }}
        />
      </div>
    );
  }
  return (
    <div className={active ? 'chat-entry chat-entry-active' : 'chat-entry'}>
      <a
        id={titleId}
        href={chatHref(id)}
        aria-current={active ? 'page' : undefined}
        title={title}
        dir="auto"
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
        aria-controls={open ? menu : undefined}
        title={texts.chatOptions}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" />
      </button>
      {open && (
        <Suspense>
          <Popover
            anchor={more}
            id={menu}
            label={texts.chatOptions}
            className="menu"
            onClose={() => setOpen(false)}
          >
            <ChatActions
              id={id}
              onDone={() => setOpen(false)}
              onRename={() => {
                setOpen(false);
                setRenaming(true);
              }}
              onDelete={() => {
                setOpen(false);
                onDelete(id);
              }}
            />
          </Popover>
        </Suspense>
      )}
    </div>
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
