// The page: sidebar, conversation, composer, and the dialogs over them.
import { Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ChatState } from '../chat/chat-state';
import { AppContext, useStore, type AppParts } from './app-context';
import { CarriedChat } from './chats/carried-chat';
import { Composer } from './chat/composer/composer';
import { focusComposer } from './chat/focus';
import { ChatDialogs } from './chat/dialogs/dialogs';
import { ErrorBoundary } from './common/error-boundary';
import { Icon } from './common/icons';
import { LoadProblem } from './models/load/load-view';
import { useCarried } from './common/carried';
import { later } from './common/later';
import { ModelRow } from './models/menu/model-switch';
import { Notices } from './common/notices';
import { chatHref, useRoute } from './common/route';
import { isCommand } from './common/shortcut';
import { palette } from './search/palette-state';
import { PersonaChip } from './settings/persona-chip';
import { closeSettings, openSettings, settingsOpen } from './settings/settings-state';
import { isDevicePage } from './storage/device-pages';
import { registerTaskTiles } from './tasks/register-tiles';
import { Sidebar } from './chats/sidebar';
import { useStickToEnd } from './chat/transcript/stick-to-end';
import { useTexts } from './texts/use-texts';
import { Announcer } from './chat/transcript/announcer';
import { Transcript } from './chat/transcript/transcript';
import './styles/base.css';
import './styles/layout.css';
import './styles/chat.css';
import './styles/prose.css';
import './styles/composer.css';
import './styles/start.css';
import './styles/panels.css';
import './styles/pages.css';
import './styles/documents.css';
import './styles/tasks.css';
import './styles/touch.css';

registerTaskTiles();

const personaPrefix = '#/persona/';

const PersonaOffer = later(() => import('./settings/persona-offer').then((module) => module.PersonaOffer), {
  small: true,
});
const TasksPage = later(() => import('./tasks/tasks-page').then((module) => module.TasksPage));
const DocumentsPage = later(() =>
  import('./documents/documents-page').then((module) => module.DocumentsPage),
);
const ModelsPage = later(() => import('./models/models-page').then((module) => module.ModelsPage));
const StoragePage = later(() => import('./storage/storage-page').then((module) => module.StoragePage));
const BenchmarkPage = later(() =>
  import('./benchmark/benchmark-page').then((module) => module.BenchmarkPage),
);
const DeviceTabs = later(() => import('./storage/device-tabs').then((module) => module.DeviceTabs));
const PrivacyPage = later(() => import('./privacy/privacy-page').then((module) => module.PrivacyPage));
const HelpPage = later(() => import('./help/help-page').then((module) => module.HelpPage));
const SentCount = later(() => import('./privacy/sent-count').then((module) => module.SentCount), {
  small: true,
});
const SettingsDialog = later(
  () => import('./settings/settings-dialog').then((module) => module.SettingsDialog),
  { leave: closeSettings },
);
const Palette = later(() => import('./search/palette').then((module) => module.Palette), {
  leave: () => palette.set(false),
});

export function App(parts: AppParts) {
  const { chat, settings, session } = parts;
  const { theme, language, sidebarHidden = false } = useStore(settings, (state) => state.settings);
  const texts = useTexts(language);
  const value = useMemo(() => ({ ...parts, texts }), [parts, texts]);
  const narrow = useMedia('(max-width: 52rem)');
  const [drawerOpen, setDrawerOpen] = useState(false);
  const section = useStore(settingsOpen, (state) => state);
  const paletteOpen = useStore(palette, (state) => state);
  const showsProblemPage = useStore(session, (state) => state.kind === 'failed');
  const isEmpty = useStore(chat, (state) => state.activeId === null);
  const stick = useStickToEnd(!isEmpty);
  const page = useRoute(chat);
  const chatTitle = useStore(chat, titleOf);
  // Read with the first render: the address is the chat's as soon as one is on show.
  const persona = useCarried(personaPrefix);

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

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isCommand(event) || event.shiftKey || event.key.toLowerCase() !== 'k') return;
      // Not over another dialog; a second press puts it away.
      if (!palette.getState() && document.querySelector('dialog[open]')) return;
      event.preventDefault();
      palette.set(!palette.getState());
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      palette.set(false);
      settingsOpen.set(undefined);
    };
  }, []);

  const drawerShown = narrow && drawerOpen;
  const collapsed = !narrow && sidebarHidden;
  const shell = ['shell', drawerShown && 'shell-drawer-open', collapsed && 'shell-collapsed'];
  return (
    <AppContext value={value}>
      <a className="skip" href="#composer" onClick={skipToComposer}>
        {texts.skipToComposer}
      </a>
      <div className={shell.filter(Boolean).join(' ')}>
        <ErrorBoundary>
          {!collapsed && (
            <Sidebar
              drawer={narrow}
              open={drawerOpen}
              page={page}
              onClose={() => setDrawerOpen(false)}
              onHide={() => settings.update({ sidebarHidden: true })}
              onSettings={() => {
                setDrawerOpen(false);
                openSettings();
              }}
            />
          )}
        </ErrorBoundary>
        {drawerShown && <div className="backdrop" onClick={() => setDrawerOpen(false)} />}
        <main className="main" inert={drawerShown}>
          <div className="top-bar">
            {(narrow || collapsed) && (
              <button
                type="button"
                className="icon-button"
                aria-label={narrow ? texts.openChats : texts.sidebar.expand}
                title={narrow ? texts.openChats : texts.sidebar.expand}
                onClick={() => (narrow ? setDrawerOpen(true) : settings.update({ sidebarHidden: undefined }))}
              >
                <Icon name={narrow ? 'menu' : 'panel'} />
              </button>
            )}
            <p className="top-title" dir="auto">
              {page === 'chat' ? chatTitle : ''}
            </p>
            {page === 'chat' && <PersonaChip />}
            <Suspense>
              <SentCount />
            </Suspense>
            {((narrow && !drawerOpen) || collapsed) && (
              <button
                type="button"
                className="icon-button"
                aria-label={texts.newChat}
                title={texts.newChat}
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
              {page === 'chat' && showsProblemPage && !isEmpty && <LoadProblem />}
              <Composer onSent={stick.toEnd} />
              <ModelRow shown={page === 'chat'} />
            </div>
          </div>
          {page !== 'chat' && (
            <div className="page" key={page} tabIndex={-1} ref={focusPage}>
              <div className="column" id="device-page">
                <ErrorBoundary>
                  <Suspense>
                    {isDevicePage(page) && <DeviceTabs page={page} />}
                    {page === 'tasks' && <TasksPage />}
                    {page === 'documents' && <DocumentsPage />}
                    {page === 'models' && <ModelsPage />}
                    {page === 'storage' && <StoragePage />}
                    {page === 'benchmark' && <BenchmarkPage />}
                    {page === 'privacy' && <PrivacyPage />}
                    {page === 'help' && <HelpPage />}
                  </Suspense>
                </ErrorBoundary>
              </div>
            </div>
          )}
          <Announcer />
        </main>
        {paletteOpen && (
          <ErrorBoundary>
            <Suspense>
              <Palette onClose={() => palette.set(false)} />
            </Suspense>
          </ErrorBoundary>
        )}
        {section !== undefined && (
          <Suspense>
            <SettingsDialog section={section} onClose={() => settingsOpen.set(undefined)} />
          </Suspense>
        )}
        <Suspense>
          <PersonaOffer {...persona} />
        </Suspense>
        <CarriedChat />
        <ChatDialogs />
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
  focusComposer(true);
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
