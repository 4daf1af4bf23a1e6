// One message of the transcript with its actions. Only AnswerText follows the text while it streams.
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import type { ChatState } from '../../chat/chat-store';
import {
  siblingsOf,
  type AssistantMessage,
  type Conversation,
  type Message,
  type Source,
  type UserMessage,
} from '../../chat/conversation';
import type { Usage } from '../../protocol/chat';
import { sameItems, useApp, useStore } from '../app-context';
import { focusComposer, isSendKey } from './composer';
import { CopyButton } from '../common/copy-button';
import { formatCount, formatPercent, formatRate, formatSeconds } from '../common/format';
import { Icon } from '../common/icons';
import { modelName } from '../models/model-view';
import { Problem } from '../common/problem';
import { AnswerSources } from '../documents/answer-sources';
import { withCitations } from '../documents/citations';
import { documentHref } from '../documents/document-words';
import type { Texts } from '../texts/en';

// Fetched beside the page, never before it; where it cannot be had, answers stay plain.
const markdown = import('./markdown').then(
  (module) => ({ default: module.Markdown }),
  () => ({ default: PlainText }),
);
const Markdown = lazy(() => markdown);

function PlainText({ text }: { readonly text: string }): ReactNode {
  return <p className="plain">{text}</p>;
}

const isRunning = (state: ChatState): boolean => state.run.state === 'running';

function activeOf({ conversations, activeId }: ChatState): Conversation | undefined {
  return activeId === null ? undefined : conversations.get(activeId);
}

/** All that the view of a message shows, its text aside. */
function sameButText(a: Message | undefined, b: Message | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.id !== b.id || a.role === 'user' || b.role === 'user') return false;
  return a.status === b.status && a.usage === b.usage && a.leftOut === b.leftOut && a.sources === b.sources;
}

export function MessageView({ id }: { readonly id: string }) {
  const { chat } = useApp();
  const select = useCallback((state: ChatState) => activeOf(state)?.messages.get(id), [id]);
  const message = useStore(chat, select, sameButText);
  if (!message) return null;
  return message.role === 'user' ? <Question message={message} /> : <Answer message={message} />;
}

function Question({ message }: { readonly message: UserMessage }) {
  const { chat, texts } = useApp();
  const running = useStore(chat, isRunning);
  const [editing, setEditing] = useState(false);
  const editButton = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !editing) editButton.current?.focus();
    wasEditing.current = editing;
  }, [editing]);
  if (editing) {
    return (
      <EditForm
        text={message.text}
        onDone={(text) => {
          setEditing(false);
          if (text === undefined) return;
          chat.edit(message.id, text);
          focusComposer();
        }}
      />
    );
  }
  return (
    <article className="message question" aria-label={texts.you}>
      <div className="bubble">
        {message.documents && (
          <ul className="file-chips">
            {message.documents.map(({ id, name }) => (
              <li key={id} className="file-chip">
                <Icon name="documents" />
                <a href={documentHref(id)}>{name}</a>
              </li>
            ))}
          </ul>
        )}
        {message.images && (
          <span className="pictures">
            {message.images.map((image, i) => (
              <img key={i} src={image} alt={texts.attachedPicture(i + 1)} />
            ))}
          </span>
        )}
        {message.text}
      </div>
      <div className="actions">
        <BranchPicker id={message.id} />
        <CopyButton label={texts.copyMessage} text={() => message.text} />
        <button
          ref={editButton}
          type="button"
          className="icon-button"
          aria-label={texts.editMessage}
          title={texts.editMessage}
          disabled={running}
          onClick={() => setEditing(true)}
        >
          <Icon name="edit" />
        </button>
      </div>
    </article>
  );
}

interface EditFormProps {
  readonly text: string;
  /** With the new wording, or undefined when cancelled. */
  readonly onDone: (text: string | undefined) => void;
}

function EditForm({ text: before, onDone }: EditFormProps) {
  const { texts } = useApp();
  const [text, setText] = useState(before);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(before.length, before.length);
  }, [before]);
  const blank = text.trim() === '';
  return (
    <form
      className="message question edit-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blank) onDone(text);
      }}
    >
      <textarea
        ref={box}
        aria-label={texts.editedText}
        rows={Math.min(10, text.split('\n').length + 1)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone(undefined);
          if (isSendKey(event) && !blank) {
            event.preventDefault();
            onDone(text);
          }
        }}
      />
      <div className="edit-actions">
        <button type="button" className="button" onClick={() => onDone(undefined)}>
          {texts.cancel}
        </button>
        <button type="submit" className="button button-primary" disabled={blank}>
          {texts.editSubmit}
        </button>
      </div>
    </form>
  );
}

function Answer({ message }: { readonly message: AssistantMessage }) {
  const { chat, texts } = useApp();
  const running = useStore(chat, isRunning);
  const isOwnRun = message.status.kind === 'running';
  const textNow = (): string => textOf(chat.getState(), message.id);
  return (
    <article
      className="message answer"
      aria-label={texts.answeredBy(modelName(message.model))}
      aria-busy={isOwnRun}
    >
      {message.leftOut !== undefined && <p className="ending">{texts.meter.leftOut(message.leftOut)}</p>}
      <AnswerText id={message.id} running={isOwnRun} sources={message.sources} />
      {message.sources && <AnswerSources sources={message.sources} text={textNow} />}
      <Ending message={message} texts={texts} />
      {!isOwnRun && (
        <div className="actions">
          <BranchPicker id={message.id} />
          <CopyButton label={texts.copyMessage} text={textNow} />
          <button
            type="button"
            className="icon-button"
            aria-label={texts.regenerate}
            title={texts.regenerate}
            disabled={running}
            onClick={() => {
              chat.regenerate(message.id);
              focusComposer();
            }}
          >
            <Icon name="again" />
          </button>
          {message.usage && <UsageLine usage={message.usage} texts={texts} />}
        </div>
      )}
    </article>
  );
}

function textOf(state: ChatState, id: string): string {
  return activeOf(state)?.messages.get(id)?.text ?? '';
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
        <Markdown text={withCitations(text, sources)} />
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

function UsageLine({ usage, texts }: { readonly usage: Usage; readonly texts: Texts }) {
  const { language } = texts;
  const { completion_tokens: count, ttft_ms: firstMs, decode_tokens_per_s: rate } = usage;
  const parts = [
    texts.usageTokens(count, formatCount(count, language)),
    texts.usageFirst(formatSeconds(firstMs, language)),
  ];
  if (rate > 0) parts.push(texts.usageRate(formatRate(rate, language)));
  return <p className="usage">{parts.join(' · ')}</p>;
}

function BranchPicker({ id }: { readonly id: string }) {
  const { chat, texts } = useApp();
  const select = useCallback(
    (state: ChatState) => {
      const conversation = activeOf(state);
      return conversation ? siblingsOf(conversation, id).map((message) => message.id) : [];
    },
    [id],
  );
  const ids = useStore(chat, select, sameItems);
  const running = useStore(chat, isRunning);
  if (ids.length < 2) return null;
  const index = ids.indexOf(id);
  const step = (by: number, label: string, icon: 'left' | 'right'): ReactNode => {
    const target = ids[index + by];
    return (
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        disabled={running || target === undefined}
        onClick={() => target !== undefined && chat.showBranch(target)}
      >
        <Icon name={icon} />
      </button>
    );
  };
  return (
    <span className="branches" role="group" aria-label={texts.versions}>
      {step(-1, texts.previousVersion, 'left')}
      <span className="branch-count">{texts.versionOf(index + 1, ids.length)}</span>
      {step(1, texts.nextVersion, 'right')}
    </span>
  );
}
