// The page: sidebar, conversation, composer, and the dialogs over them.
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ChatState } from '../chat/chat-store';
import { AppContext, useStore, type AppParts } from './app-context';
import { Composer } from './chat/composer';
import { focusComposer } from './chat/focus';
import { ChatDialogs } from './chat/dialogs';
import { ErrorBoundary } from './common/error-boundary';
import { Icon } from './common/icons';
import { ModelBar } from './models/load-view';
import { ModelChip, ModelLine } from './models/model-view';
import { Notices } from './common/notices';
import { BenchmarkPage } from './benchmark/benchmark-page';
import { ModelsPage } from './models/models-page';
import { chatHref, useRoute } from './common/route';
import { SettingsDialog } from './settings/settings-dialog';
import { StoragePage } from './storage/storage-page';
import { Sidebar } from './chats/sidebar';
import { useStickToEnd } from './chat/stick-to-end';
import { textsFor } from './texts/texts';
import { Announcer, Transcript } from './chat/transcript';
import './styles/base.css';
import './styles/layout.css';
import './styles/chat.css';
import './styles/prose.css';
import './styles/composer.css';
import './styles/panels.css';
import './styles/pages.css';

export function App(parts: AppParts) {
  const { chat, settings, session } = parts;
  const { theme, language } = useStore(settings, (state) => state.settings);
  const texts = useMemo(() => textsFor(language, navigator.languages), [language]);
  const value = useMemo(() => ({ ...parts, texts }), [parts, texts]);
  const narrow = useMedia('(max-width: 52rem)');
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const showsProblemPage = useStore(session, (state) => state.kind === 'failed');
  const isEmpty = useStore(chat, (state) => state.activeId === null);
  const stick = useStickToEnd(!isEmpty);
  const page = useRoute(chat);
  const chatTitle = useStore(chat, titleOf);

  useEffect(() => {
    const title = page === 'chat' ? chatTitle : texts[page].title;
    document.title = title === undefined ? texts.appName : `${title} · ${texts.appName}`;
  }, [page, chatTitle, texts]);

  useEffect(() => {
    document.documentElement.lang = texts.language;
  }, [texts]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);

  const drawerShown = narrow && drawerOpen;
  return (
    <AppContext value={value}>
      <a className="skip" href="#composer" onClick={skipToComposer}>
        {texts.skipToComposer}
      </a>
      <div className={drawerShown ? 'shell shell-drawer-open' : 'shell'}>
        <ErrorBoundary>
          <Sidebar
            drawer={narrow}
            open={drawerOpen}
            page={page}
            onClose={() => setDrawerOpen(false)}
            onSettings={() => {
              setDrawerOpen(false);
              setSettingsOpen(true);
            }}
          />
        </ErrorBoundary>
        {drawerShown && <div className="backdrop" onClick={() => setDrawerOpen(false)} />}
        <main className="main" inert={drawerShown}>
          <div className="top-bar">
            {narrow && (
              <button
                type="button"
                className="icon-button"
                aria-label={texts.openChats}
                onClick={() => setDrawerOpen(true)}
              >
                <Icon name="menu" />
              </button>
            )}
            <ModelChip />
            {narrow && !drawerOpen && (
              <button
                type="button"
                className="icon-button"
                aria-label={texts.newChat}
                onClick={() => {
                  chat.newChat();
                  location.hash = chatHref(null);
                }}
              >
                <Icon name="plus" />
              </button>
            )}
          </div>
          <Notices />
          {/* Kept beneath the other pages, with what is being typed. */}
          <div className="chat-area" hidden={page !== 'chat'}>
            <ErrorBoundary>
              <Transcript stick={stick} />
            </ErrorBoundary>
            <div className="column dock">
              {page === 'chat' && !(showsProblemPage && isEmpty) && <ModelBar />}
              <Composer onSent={stick.toEnd} />
              <ModelLine />
            </div>
          </div>
          {page !== 'chat' && (
            <div className="page" key={page} tabIndex={-1} ref={focusPage}>
              <div className="column">
                <ErrorBoundary>
                  {page === 'models' && <ModelsPage />}
                  {page === 'storage' && <StoragePage />}
                  {page === 'benchmark' && <BenchmarkPage />}
                </ErrorBoundary>
              </div>
            </div>
          )}
          <Announcer />
        </main>
        <ChatDialogs />
        {settingsOpen && <SettingsDialog onClose={() => setSettingsOpen(false)} />}
      </div>
    </AppContext>
  );
}

/** A new page is read from its beginning; on the way back the composer takes the focus again. */
function focusPage(element: HTMLElement | null): () => void {
  element?.focus();
  return focusComposer;
}

function titleOf({ conversations, activeId }: ChatState): string | undefined {
  return activeId === null ? undefined : conversations.get(activeId)?.title;
}

function skipToComposer(event: { preventDefault: () => void }): void {
  // The part behind # is the route.
  event.preventDefault();
  focusComposer();
}

function useMedia(query: string): boolean {
  const list = useMemo(() => window.matchMedia(query), [query]);
  return useSyncExternalStore(
    (listener) => {
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => list.matches,
  );
}
