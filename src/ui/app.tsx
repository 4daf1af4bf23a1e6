// The page: sidebar, conversation, composer, and the dialogs over them.
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { AppContext, useStore, type AppParts } from './app-context';
import { Composer, focusComposer } from './composer';
import { ErrorBoundary } from './error-boundary';
import { Icon } from './icons';
import { ModelBar, ModelChip, ModelLine } from './model-view';
import { Notices } from './notices';
import { useChatRoute } from './route';
import { SettingsDialog } from './settings-dialog';
import { Sidebar } from './sidebar';
import { useStickToEnd } from './stick-to-end';
import { textsFor } from './texts/texts';
import { Announcer, Transcript } from './transcript';
import './styles/base.css';
import './styles/layout.css';
import './styles/chat.css';
import './styles/panels.css';

export function App(parts: AppParts) {
  const { chat, settings, session } = parts;
  const { theme, language } = useStore(settings, (state) => state.settings);
  const texts = useMemo(() => textsFor(language, navigator.languages), [language]);
  const value = useMemo(() => ({ ...parts, texts }), [parts, texts]);
  const narrow = useMedia('(max-width: 52rem)');
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const stick = useStickToEnd();
  const showsProblemPage = useStore(session, (state) => state.kind === 'failed');
  const isEmpty = useStore(chat, (state) => state.activeId === null);
  useChatRoute(chat);

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
                onClick={() => chat.newChat()}
              >
                <Icon name="plus" />
              </button>
            )}
          </div>
          <Notices />
          <ErrorBoundary>
            <Transcript stick={stick} />
          </ErrorBoundary>
          <div className="column dock">
            {!(showsProblemPage && isEmpty) && <ModelBar />}
            <Composer onSent={stick.toEnd} />
            <ModelLine />
          </div>
          <Announcer />
        </main>
        {settingsOpen && <SettingsDialog onClose={() => setSettingsOpen(false)} />}
      </div>
    </AppContext>
  );
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
