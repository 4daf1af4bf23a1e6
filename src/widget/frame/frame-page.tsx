// The chat in a frame: the same messages and the same composer as on the page, nothing beside them.
import { Suspense, useEffect, useMemo } from 'react';
import { carryCode } from '../../chat/saved/carry';
import type { ChatState } from '../../chat/chat-state';
import { pathTo } from '../../chat/conversation';
import { AppContext, sameItems, useApp, useStore, type AppParts } from '../../ui/app-context';
import { Composer } from '../../ui/chat/composer/composer';
import { MessageView } from '../../ui/chat/transcript/message-view';
import { useStickToEnd } from '../../ui/chat/transcript/stick-to-end';
import { Announcer } from '../../ui/chat/transcript/announcer';
import { ErrorBoundary } from '../../ui/common/error-boundary';
import { onDemand } from '../../ui/common/later';
import { ModelBar } from '../../ui/models/load/load-view';
import { modelName } from '../../ui/models/model-view';
import { useTexts } from '../../ui/texts/use-texts';
import { frameTextsFor, type FrameTexts } from './frame-texts';
import type { HostModel } from '../host/host-model';
import type { FindLent } from '../storage/shared-model';
import type { FrameStorage } from '../storage/surroundings';

export interface FrameProps extends AppParts {
  readonly contact: { readonly href: string; readonly label: string } | undefined;
  readonly storage: FrameStorage;
  readonly host: HostModel;
  readonly findLent: FindLent;
}

const CitedPassage = onDemand(
  () => import('../knowledge/cited-passage').then((module) => module.CitedPassage),
  { small: true },
);

const SharedModel = onDemand(() => import('../storage/shared-model').then((module) => module.SharedModel), {
  small: true,
});

const HostAsks = onDemand(() => import('../host/host-asks').then((module) => module.HostAsks));

/** What a person should know of where their words and the model are kept. */
function storageNote(storage: FrameStorage, words: FrameTexts): string | undefined {
  const notes = {
    kept: undefined,
    'until-closed': words.untilClosed,
    nothing: words.notKept,
  };
  return notes[storage];
}

function pathIds({ conversations, activeId }: ChatState): readonly string[] {
  const conversation = activeId === null ? undefined : conversations.get(activeId);
  return conversation ? pathTo(conversation).map((message) => message.id) : [];
}

export function FramePage({ contact, storage, host, findLent, ...parts }: FrameProps) {
  const { settings } = parts;
  const { theme, language } = useStore(settings, (state) => state.settings);
  const texts = useTexts(language);
  const value = useMemo(() => {
    // Who visits a site has come with a question about it.
    const messagePlaceholder = frameTextsFor(texts.language).placeholder;
    return { ...parts, texts: { ...texts, messagePlaceholder } };
  }, [parts, texts]);
  useEffect(() => {
    document.documentElement.lang = texts.language;
    document.title = texts.appName;
  }, [texts]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const fromMemory = useStore(parts.session, (state) => 'memoryOnly' in state && state.memoryOnly === true);
  const note = storageNote(
    fromMemory && storage === 'kept' ? 'nothing' : storage,
    frameTextsFor(texts.language),
  );
  return (
    <AppContext value={value}>
      <main className="frame">
        <Head />
        <ErrorBoundary>
          <Messages contact={contact} />
        </ErrorBoundary>
        <div className="frame-dock">
          <div className="frame-bars">
            {note !== undefined && <p className="frame-note">{note}</p>}
            <ModelBar />
            <BeforeDownload find={findLent} />
          </div>
          <PageAsks host={host} />
          <Composer onSent={() => {}} />
        </div>
        <ErrorBoundary>
          <Suspense>
            <CitedPassage />
          </Suspense>
        </ErrorBoundary>
        <Announcer />
      </main>
    </AppContext>
  );
}

/** Beside the question before a big download. */
function BeforeDownload({ find }: { readonly find: FindLent }) {
  const { session } = useApp();
  const asks = useStore(
    session,
    (state) => state.kind === 'failed' && state.error.code === 'run/needs-consent',
  );
  return (
    asks && (
      <Suspense>
        <SharedModel find={find} />
      </Suspense>
    )
  );
}

/** Nothing, until the page around wants something of the model. */
function PageAsks({ host }: Pick<FrameProps, 'host'>) {
  const completions = useStore(host.completions, (now) => now);
  return (
    completions && (
      <Suspense>
        <HostAsks completions={completions} grants={host.grants} />
      </Suspense>
    )
  );
}

function Head() {
  const { chat, session, texts } = useApp();
  const model = useStore(session, (state) => state.model);
  const words = frameTextsFor(texts.language);
  return (
    <header className="frame-head">
      <p>
        <strong>{modelName(model)}</strong> <span>{words.onDevice}</span>
      </p>
      <a
        href="./"
        target="_blank"
        rel="noopener"
        onClick={(event) => {
          const { conversations, activeId } = chat.getState();
          const said = activeId === null ? undefined : conversations.get(activeId);
          event.currentTarget.href = said ? `./#/carried/${carryCode(said)}` : './';
        }}
      >
        {words.openInPhield}
      </a>
    </header>
  );
}

function Messages({ contact }: Pick<FrameProps, 'contact'>) {
  const { chat, texts } = useApp();
  const ids = useStore(chat, pathIds, sameItems);
  const stick = useStickToEnd(ids.length > 0);
  const { toEnd } = stick;
  // While there is nothing but the welcome its beginning is what should be seen.
  useEffect(toEnd, [toEnd]);
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
