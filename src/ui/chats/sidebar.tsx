// The list of chats and the way to everything else. On narrow screens it is a drawer over the page.
import { useEffect, useRef, useState } from 'react';
import type { Conversation } from '../../chat/conversation';
import { useApp } from '../app-context';
import { shortcutText } from '../common/shortcut';
import { openPalette } from '../search/palette-state';
import { ChatList } from './chat-list';
import { Icon, Mark } from '../common/icons';
import { chatHref, pageHref, type Page } from '../common/route';
import { isDevicePage } from '../storage/device-pages';

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

const mainPages = ['tasks', 'documents', 'models'] as const satisfies readonly Page[];

/** A chat that was deleted a moment ago. */
interface Deleted {
  readonly conversation: Conversation;
  readonly wasShown: boolean;
}

const undoMs = 10_000;

export function Sidebar({ drawer, open, page, onClose, onHide, onSettings }: SidebarProps) {
  const { chat, texts } = useApp();
  const panel = useRef<HTMLElement>(null);
  const newChat = useRef<HTMLButtonElement>(null);
  const undo = useRef<HTMLDivElement>(null);
  const [deleted, setDeleted] = useState<Deleted | undefined>(undefined);

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
      <button
        type="button"
        className="foot-entry search-entry"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={openPalette}
      >
        <Icon name="search" />
        {texts.sidebar.search}
        <kbd>{shortcutText('K')}</kbd>
      </button>
      <ChatList
        shown={page === 'chat'}
        onChosen={onClose}
        onDelete={(id) => {
          const wasShown = chat.getState().activeId === id;
          // All of it, so that it can be put back.
          void chat.open(id).then(() => {
            const conversation = chat.delete(id);
            if (conversation) setDeleted({ conversation, wasShown });
          });
        }}
      />
      <div className="undo" role="status" ref={undo}>
        {deleted && (
          <>
            <span>{texts.chatDeleted(deleted.conversation.title)}</span>
            <button
              type="button"
              className="button"
              // The button that had the focus went with the chat. (With the chat on show, the composer takes it.)
              autoFocus
              onClick={() => {
                const { conversation, wasShown } = deleted;
                chat.restore(conversation);
                // Where one was; unless one has gone elsewhere since.
                if (wasShown && page === 'chat' && chat.getState().activeId === null)
                  chat.select(conversation.id);
                setDeleted(undefined);
              }}
            >
              {texts.undo}
            </button>
          </>
        )}
      </div>
      <nav className="sidebar-foot" aria-label={texts.otherPages}>
        {mainPages.map((name) => (
          <a
            key={name}
            className="foot-entry"
            href={pageHref(name)}
            aria-current={page === name ? 'page' : undefined}
            onClick={onClose}
          >
            <Icon name={name} />
            {texts[name].title}
          </a>
        ))}
        {/* Storage, Benchmark and Privacy: one entry, three tabs. */}
        <a
          className="foot-entry"
          href={pageHref('storage')}
          aria-current={isDevicePage(page) ? 'page' : undefined}
          onClick={onClose}
        >
          <Icon name="device" />
          {texts.sidebar.thisDevice}
        </a>
        <button type="button" className="foot-entry" onClick={onSettings}>
          <Icon name="settings" />
          {texts.settings}
        </button>
      </nav>
    </aside>
  );
}
