// The chat in a frame: the same messages and the same composer as on the page, nothing beside them.
import { useEffect, useMemo } from 'react';
import type { ChatState } from '../../chat/chat-store';
import { pathTo } from '../../chat/conversation';
import { AppContext, sameItems, useApp, useStore, type AppParts } from '../../ui/app-context';
import { Composer } from '../../ui/chat/composer';
import { MessageView } from '../../ui/chat/message-view';
import { useStickToEnd } from '../../ui/chat/stick-to-end';
import { Announcer } from '../../ui/chat/announcer';
import { ErrorBoundary } from '../../ui/common/error-boundary';
import { ModelBar } from '../../ui/models/load-view';
import { modelName } from '../../ui/models/model-view';
import { useTexts } from '../../ui/texts/use-texts';
import { frameTextsFor } from './frame-texts';
import '../../ui/styles/base.css';
import '../../ui/styles/layout.css';
import '../../ui/styles/chat.css';
import '../../ui/styles/composer.css';
import '../../ui/styles/documents.css';
import '../../ui/styles/panels.css';
import '../../ui/styles/prose.css';
import './frame.css';

export interface FrameProps extends AppParts {
  readonly contact: { readonly href: string; readonly label: string } | undefined;
  /** Why nothing can be kept or run here, where something is missing. */
  readonly storage: 'kept' | 'not-kept';
}

function pathIds({ conversations, activeId }: ChatState): readonly string[] {
  const conversation = activeId === null ? undefined : conversations.get(activeId);
  return conversation ? pathTo(conversation).map((message) => message.id) : [];
}

export function FramePage({ contact, storage, ...parts }: FrameProps) {
  const { settings } = parts;
  const { theme, language } = useStore(settings, (state) => state.settings);
  const texts = useTexts(language);
  const value = useMemo(() => ({ ...parts, texts }), [parts, texts]);
  useEffect(() => {
    document.documentElement.lang = texts.language;
    document.title = texts.appName;
  }, [texts]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <AppContext value={value}>
      <main className="frame">
        <Head />
        <ErrorBoundary>
          <Messages contact={contact} />
        </ErrorBoundary>
        <div className="frame-dock">
          {storage === 'not-kept' && <p className="frame-note">{frameTextsFor(texts.language).notKept}</p>}
          <ModelBar />
          <Composer onSent={() => {}} />
        </div>
        <Announcer />
      </main>
    </AppContext>
  );
}

function Head() {
  const { session, texts } = useApp();
  const model = useStore(session, (state) => state.model);
  const words = frameTextsFor(texts.language);
  return (
    <header className="frame-head">
      <p>
        <strong>{modelName(model)}</strong> <span>{words.onDevice}</span>
      </p>
      <a href="./" target="_blank" rel="noopener">
        {words.openInPhield}
      </a>
    </header>
  );
}

function Messages({ contact }: Pick<FrameProps, 'contact'>) {
  const { chat, texts } = useApp();
  const ids = useStore(chat, pathIds, sameItems);
  const stick = useStickToEnd(ids.length > 0);
  const words = frameTextsFor(texts.language);
  return (
    <div className="transcript" ref={stick.scroller} tabIndex={-1}>
      <div className="frame-column" ref={stick.content}>
        {ids.length === 0 && <p className="frame-welcome">{words.welcome}</p>}
        <div role="log" aria-label={texts.conversation} aria-live="off" className="log">
          {ids.map((id) => (
            <MessageView key={id} id={id} />
          ))}
        </div>
        {contact && ids.length > 0 && (
          <p className="frame-note">
            {words.contact}{' '}
            <a href={contact.href} target="_blank" rel="noopener noreferrer">
              {contact.label}
            </a>
          </p>
        )}
      </div>
    </div>
  );
}
