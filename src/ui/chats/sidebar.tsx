// The list of chats and the way to everything else. On narrow screens it is a drawer over the page.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ChatState } from '../../chat/chat-store';
import type { Conversation } from '../../chat/conversation';
import { holdsWords, searchWords } from '../../chat/search';
import { sameItems, useApp, useStore } from '../app-context';
import { ChatEntry } from './chat-entry';
import { Icon, Mark } from '../common/icons';
import { chatHref, pageHref, type Page } from '../common/route';
import { devicePages } from '../storage/device-tabs';

export interface SidebarProps {
  /** Drawn over the page rather than beside it. */
  readonly drawer: boolean;
  readonly open: boolean;
  /** What is on show. */
  readonly page: Page | 'chat';
  readonly onClose: () => void;
  /** Beside the page: it makes room for it. */
  readonly onHide: () => void;
  readonly onSettings: () => void;
}

const undoMs = 8000;

/** Those that hold all the words, newest first; a chat keeps its place while an answer streams into it. */
function chatIds({ conversations }: ChatState, words: readonly string[]): readonly string[] {
  return [...conversations.values()]
    .filter((one) => holdsWords(one, words))
    .sort((a, b) => b.updatedAt - a.updatedAt)
    .map((one) => one.id);
}

/** From here on a list is worth searching. */
const fewChats = 2;

export function Sidebar({ drawer, open, page, onClose, onHide, onSettings }: SidebarProps) {
  const { chat, texts } = useApp();
  const [query, setQuery] = useState('');
  const words = useMemo(() => searchWords(query), [query]);
  const ids = useStore(
    chat,
    useCallback((state: ChatState) => chatIds(state, words), [words]),
    sameItems,
  );
  const count = useStore(chat, (state) => state.conversations.size);
  const panel = useRef<HTMLElement>(null);
  const newChat = useRef<HTMLButtonElement>(null);
  const undo = useRef<HTMLDivElement>(null);
  const [deleted, setDeleted] = useState<Conversation | undefined>(undefined);

  useEffect(() => {
    if (drawer && open) panel.current?.querySelector('button')?.focus();
  }, [drawer, open]);

  useEffect(() => {
    if (!deleted) return;
    const timer = setTimeout(() => {
      const holdsFocus = undo.current?.contains(document.activeElement);
      setDeleted(undefined);
      if (holdsFocus) newChat.current?.focus();
    }, undoMs);
    return () => clearTimeout(timer);
  }, [deleted]);

  return (
    <aside
      ref={panel}
      className="sidebar"
      aria-label={texts.chats}
      inert={drawer && !open}
      onKeyDown={(event) => {
        if (drawer && event.key === 'Escape') onClose();
      }}
    >
      <div className="sidebar-head">
        <p className="brand">
          <Mark />
          {texts.appName}
        </p>
        <button
          type="button"
          className="icon-button"
          aria-label={drawer ? texts.closeChats : texts.sidebar.collapse}
          title={drawer ? texts.closeChats : texts.sidebar.collapse}
          onClick={drawer ? onClose : onHide}
        >
          <Icon name={drawer ? 'close' : 'panel'} />
        </button>
      </div>
      <button
        ref={newChat}
        type="button"
        className="new-chat"
        onClick={() => {
          chat.newChat();
          // From a page beside the chat, whose chat was a new one already.
          location.hash = chatHref(null);
          onClose();
        }}
      >
        <Icon name="plus" />
        {texts.newChat}
      </button>
      <nav className="chats" aria-label={texts.chats}>
        {(count >= fewChats || query !== '') && (
          <input
            type="search"
            className="chat-search"
            aria-label={texts.searchChats}
            placeholder={texts.searchChats}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || query === '') return;
              event.stopPropagation();
              setQuery('');
            }}
          />
        )}
        {count === 0 && <p className="no-chats">{texts.noChats}</p>}
        <p className={words.length > 0 ? 'no-chats' : 'hidden'} role="status">
          {words.length > 0 && texts.chatsFound(ids.length, count)}
        </p>
        <ul>
          {ids.map((id) => (
            <ChatEntry
              key={id}
              id={id}
              shown={page === 'chat'}
              onChosen={onClose}
              onDelete={() => setDeleted(chat.delete(id))}
            />
          ))}
        </ul>
      </nav>
      <div className="undo" role="status" ref={undo}>
        {deleted && (
          <>
            <span>{texts.chatDeleted(deleted.title)}</span>
            <button
              type="button"
              className="button"
              // The button that had the focus went with the chat. (With the chat on show, the composer takes it.)
              autoFocus
              onClick={() => {
                chat.restore(deleted);
                setDeleted(undefined);
              }}
            >
              {texts.undo}
            </button>
          </>
        )}
      </div>
      <nav className="sidebar-foot" aria-label={texts.otherPages}>
        <a
          className="foot-entry"
          href={pageHref('models')}
          aria-current={page === 'models' ? 'page' : undefined}
          onClick={onClose}
        >
          <Icon name="models" />
          {texts.models.title}
        </a>
        <div className="foot-entry foot-device" role="group" aria-label={texts.sidebar.thisDevice}>
          <Icon name="device" />
          <span>{texts.sidebar.thisDevice}</span>
          <span className="foot-links">
            {devicePages.map((name) => (
              <a
                key={name}
                href={pageHref(name)}
                aria-current={page === name ? 'page' : undefined}
                onClick={onClose}
              >
                {texts[name].title}
              </a>
            ))}
          </span>
        </div>
        <button type="button" className="foot-entry" onClick={onSettings}>
          <Icon name="settings" />
          {texts.settings}
        </button>
      </nav>
    </aside>
  );
}
