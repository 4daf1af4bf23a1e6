// What the model said: its text, how it ended, what can be done with it. Only AnswerText follows the text while it
// streams.
import { lazy, Suspense, useCallback, useRef, type ComponentType, type ReactNode } from 'react';
import type { ChatState } from '../../../chat/chat-state';
import { canContinue, type AssistantMessage, type Source } from '../../../chat/conversation';
import { Subscribable } from '../../../chat/subscribable';
import type { Remote } from '../../../remote/remote';
import { useApp, useStore } from '../../app-context';
import { later, onDemand } from '../../common/later';
import { formatCount, formatPercent } from '../../common/format';
import { Problem } from '../../common/problem';
import { withCitations } from '../../documents/citations';
import { modelName } from '../../models/model-view';
import type { Texts } from '../../texts/en';
import { AnswerActions } from './answer-actions';
import { idleAfterPaint } from '../../common/first-paint';
import { focusComposer } from '../focus';
import type { MarkdownProps } from '../markdown/markdown';
import { PlainText } from '../markdown/plain-text';
import { textOf } from '../selectors';

// Fetched when the first answer is shown, or when the page is there and has nothing else to do; where it cannot be had,
// answers stay plain.
let markdown: Promise<{ readonly default: ComponentType<MarkdownProps> }> | undefined;
const loadMarkdown = () =>
  (markdown ??= import('../markdown/markdown').then(
    (module) => ({ default: module.Markdown }),
    () => ({ default: PlainText }),
  ));
void idleAfterPaint().then(loadMarkdown);
const Markdown = lazy(loadMarkdown);
const AnswerSources = later(() =>
  import('../../documents/answer-sources').then((module) => module.AnswerSources),
);
const RemoteHint = onDemand(() => import('../../remote/hint').then((module) => module.RemoteHint), {
  small: true,
});
const nowhere = new Subscribable<Remote | undefined>(undefined);

export function Answer({ message }: { readonly message: AssistantMessage }) {
  const { chat, remote, texts } = useApp();
  // There once one is set up, and fetched only then.
  const larger = useStore(remote ?? nowhere, (state) => state);
  const prose = useRef<HTMLDivElement>(null);
  const isOwnRun = message.status.kind === 'running';
  return (
    <article
      className="message answer"
      aria-label={texts.answeredBy(modelName(message.model))}
      aria-busy={isOwnRun}
    >
      {message.leftOut !== undefined && <p className="ending">{texts.meter.leftOut(message.leftOut)}</p>}
      <div ref={prose}>
        <AnswerText id={message.id} running={isOwnRun} sources={message.sources} />
      </div>
      {message.sources && (
        <Suspense>
          <AnswerSources sources={message.sources} text={() => textOf(chat.getState(), message.id)} />
        </Suspense>
      )}
      <Ending message={message} texts={texts} />
      <ContinueButton message={message} />
      {!isOwnRun && <AnswerActions message={message} prose={prose} />}
      {larger && message.host === undefined && (
        <Suspense>
          <RemoteHint remote={larger} message={message} />
        </Suspense>
      )}
    </article>
  );
}

interface AnswerTextProps {
  readonly id: string;
  readonly running: boolean;
  readonly sources: readonly Source[] | undefined;
}

const noSources: readonly Source[] = [];

function AnswerText({ id, running, sources = noSources }: AnswerTextProps) {
  const { chat, session, texts } = useApp();
  const text = useStore(
    chat,
    useCallback((state: ChatState) => textOf(state, id), [id]),
  );
  const ready = useStore(session, (state) => state.kind === 'ready');
  if (text === '') {
    if (!running) return null;
    return (
      <p className="waiting">
        {ready ? texts.readingPrompt : texts.waitingForModel}
        <PromptRead id={id} />
      </p>
    );
  }
  return (
    <div className={running ? 'prose prose-running' : 'prose'}>
      <Suspense fallback={<PlainText text={text} />}>
        <Markdown text={withCitations(text, sources)} running={running} />
      </Suspense>
      {running && <ReadAgain id={id} />}
    </div>
  );
}

/** A text that grew past what the model reads one way is read once more, in the midst of the answer. */
function ReadAgain({ id }: { readonly id: string }) {
  const { chat, texts } = useApp();
  const isReading = useStore(
    chat,
    useCallback(
      ({ run }: ChatState) => run.state === 'running' && run.messageId === id && run.read !== undefined,
      [id],
    ),
  );
  if (!isReading) return null;
  return (
    <p className="waiting">
      {texts.readingAgain}
      <PromptRead id={id} />
    </p>
  );
}

/** How much of the prompt the model has read; the log would read out every change of it. */
function PromptRead({ id }: { readonly id: string }) {
  const { chat, texts } = useApp();
  const read = useStore(
    chat,
    useCallback(
      ({ run }: ChatState) => (run.state === 'running' && run.messageId === id ? run.read : undefined),
      [id],
    ),
  );
  return read === undefined ? null : <span aria-hidden="true">{formatPercent(read, texts.language)}</span>;
}

/** For an answer that was cut, where the engine can go on in the same turn. */
function ContinueButton({ message }: { readonly message: AssistantMessage }): ReactNode {
  const { chat, session, texts } = useApp();
  const able = useStore(
    session,
    (state) => state.kind !== 'ready' || state.info.abilities?.includes('continue') === true,
  );
  const waits = useStore(chat, ({ queued }) => queued !== undefined);
  if (!able || !canContinue(message)) return null;
  return (
    <button
      type="button"
      className="button continue-button"
      disabled={waits}
      onClick={() => {
        const conversationId = chat.getState().activeId;
        chat.doOrQueue({ kind: 'continue', conversationId, messageId: message.id });
        focusComposer();
      }}
    >
      {texts.answer.continue}
    </button>
  );
}

/** How the answer ended, where that is not simply that it was done. */
function Ending({
  message,
  texts,
}: {
  readonly message: AssistantMessage;
  readonly texts: Texts;
}): ReactNode {
  const { session } = useApp();
  const { status, text, usage } = message;
  switch (status.kind) {
    case 'running':
      return null;
    case 'cancelled':
      if (status.interrupted && text !== '') return <p className="ending">{texts.answer.interrupted}</p>;
      return <p className="ending">{text === '' ? texts.stoppedBeforeText : texts.stopped}</p>;
    case 'failed':
      return <Problem code={status.code} message={status.message} />;
    case 'complete': {
      if (status.contextFull) {
        const state = session.getState();
        const context = state.kind === 'ready' ? state.info.contextWindow : undefined;
        return (
          <p className="ending">
            {texts.contextFull(context === undefined ? undefined : formatCount(context, texts.language))}
          </p>
        );
      }
      if (status.finishReason === 'length') {
        return (
          <p className="ending">
            {usage
              ? texts.maxTokens(formatCount(usage.completion_tokens, texts.language))
              : texts.maxTokensUnknown}
          </p>
        );
      }
      return text.trim() === '' ? <p className="ending">{texts.emptyAnswer}</p> : null;
    }
  }
}
