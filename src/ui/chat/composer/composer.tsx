// Where a person types. Enter sends, Shift+Enter breaks the line, Enter while composing with an input method belongs
// to the method. While an answer is being written Enter lets the message wait for it. Each chat has its own draft.
import { useEffect, useRef, useState } from 'react';
import type { ChatState } from '../../../chat/chat-state';
import { pathTo } from '../../../chat/conversation';
import { useApp, useStore } from '../../app-context';
import { formatCount } from '../../common/format';
import { Icon } from '../../common/icons';
import { AttachedFiles, DropTarget } from '../../documents/attach-file';
import { useAttachments } from '../../documents/attachments';
import { taskCommand } from '../../tasks/task-words';
import { ContextMeter } from './context-meter';
import { editing } from '../transcript/editing';
import { composerId, focusComposer, isSendKey } from '../focus';
import { mayBeTooLong, tooLong, type TooLong } from './message-fit';
import { AttachButton, AttachedPictures, usePictures } from './pictures';
import { isLongPaste, PastedTexts, usePasted, withPasted } from './pasted';
import { QueuedNote } from './queued-note';
import { SlashMenu, useSlashMenu } from './slash-menu';

const isRunning = (state: ChatState): boolean => state.run.state === 'running';
const isRunningElsewhere = (state: ChatState): boolean =>
  state.run.state === 'running' && state.run.conversationId !== state.activeId;
const activeIdOf = (state: ChatState): string | null => state.activeId;

export interface ComposerProps {
  readonly onSent: () => void;
}

/** What is typed in the chat on show, kept with it. */
function useDraft(chatId: string | null): readonly [string, (text: string) => void] {
  const { drafts } = useApp();
  const [draft, setDraft] = useState({ chatId, text: drafts.get(chatId) });
  const current = draft.chatId === chatId ? draft : { chatId, text: drafts.get(chatId) };
  if (current !== draft) setDraft(current);
  return [
    current.text,
    (text) => {
      drafts.set(chatId, text);
      setDraft({ chatId, text });
    },
  ];
}

export function Composer({ onSent }: ComposerProps) {
  const { chat, session, settings, texts } = useApp();
  const running = useStore(chat, isRunning);
  const elsewhere = useStore(chat, isRunningElsewhere);
  const activeId = useStore(chat, activeIdOf);
  const failed = useStore(session, (state) => state.kind === 'failed');
  const [text, setText] = useDraft(activeId);
  const [refused, setRefused] = useState<TooLong | 'waits-already' | undefined>(undefined);
  const pictures = usePictures(activeId);
  const pasted = usePasted(activeId);
  const whole = withPasted(text, pasted.texts);
  const attachments = useAttachments(activeId);
  const menu = useSlashMenu(text, setText);
  const blank = whole.trim() === '';
  const box = useRef<HTMLTextAreaElement>(null);
  /** The text that is being counted before it is sent. */
  const checking = useRef<string | undefined>(undefined);

  useEffect(() => {
    focusComposer();
    setRefused(undefined);
  }, [activeId]);
  useEffect(() => {
    const element = box.current;
    if (!element || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || !isRunning(chat.getState())) return;
      // Whatever lies over the conversation takes its Escape first.
      if (document.querySelector('dialog[open], [popover]:popover-open, [role=menu], .edit-form')) return;
      event.preventDefault();
      chat.stop();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [chat]);

  const sendNow = (): void => {
    const images = pictures.sees ? pictures.images : [];
    const { documents } = attachments;
    if (!chat.doOrQueue({ kind: 'send', conversationId: activeId, text: whole, images, documents })) {
      setRefused('waits-already');
      return;
    }
    setText('');
    setRefused(undefined);
    pictures.clear();
    pasted.clear();
    attachments.clear();
    onSent();
  };

  const send = (): void => {
    const command = taskCommand(text, texts);
    if (command !== undefined) {
      setText('');
      location.hash = command;
      return;
    }
    if (failed || attachments.busy || blank) return;
    const conversation = activeId === null ? undefined : chat.getState().conversations.get(activeId);
    const { settings: own } = settings.getState();
    if (!mayBeTooLong(whole, conversation !== undefined, session, own)) {
      sendNow();
      return;
    }
    if (checking.current === whole) return;
    checking.current = whole;
    void tooLong(whole, conversation, session, own).then((problem) => {
      checking.current = undefined;
      if (chat.getState().activeId !== activeId || box.current?.value !== text) return;
      if (problem) setRefused(problem);
      else sendNow();
    });
  };

  const editLast = (): void => {
    const conversation = activeId === null ? undefined : chat.getState().conversations.get(activeId);
    const last = conversation && pathTo(conversation).findLast(({ role }) => role === 'user');
    if (last) editing.begin(last.id);
  };

  /** Pictures to a model that sees them, everything else as documents. */
  const addFiles = (files: readonly File[]): void => {
    const isPicture = (file: File): boolean => pictures.sees && file.type.startsWith('image/');
    const seen = files.filter(isPicture);
    if (seen.length > 0) void pictures.add(seen);
    attachments.add(files.filter((file) => !isPicture(file)));
  };

  return (
    <form className="composer" onSubmit={(event) => event.preventDefault()}>
      {elsewhere && <p className="composer-note">{texts.busyElsewhere}</p>}
      <QueuedNote onEdit={setText} />
      {refused !== undefined && <Refused refused={refused} />}
      <AttachedPictures pictures={pictures} />
      <AttachedFiles attachments={attachments} />
      <PastedTexts
        pasted={pasted}
        onUnfold={(long) => {
          setText(text === '' ? long : `${text}\n\n${long}`);
          focusComposer();
        }}
      />
      <DropTarget onFiles={addFiles} />
      <SlashMenu menu={menu} />
      <div className="composer-box">
        <AttachButton pictures={pictures} onFiles={addFiles} />
        <textarea
          ref={box}
          id={composerId}
          rows={1}
          dir="auto"
          aria-label={texts.message}
          placeholder={failed ? texts.noModelPlaceholder : texts.messagePlaceholder}
          disabled={failed}
          enterKeyHint="send"
          value={text}
          {...menu.boxProps}
          onChange={(event) => {
            setText(event.target.value);
            setRefused(undefined);
          }}
          onPaste={(event) => {
            const files = [...event.clipboardData.files];
            const long = event.clipboardData.getData('text/plain');
            if (files.length === 0 && !isLongPaste(long)) return;
            event.preventDefault();
            if (files.length > 0) addFiles(files);
            else pasted.add(long);
            setRefused(undefined);
          }}
          onKeyDown={(event) => {
            if (menu.onKeyDown(event)) return;
            if (event.key === 'ArrowUp' && whole === '') {
              event.preventDefault();
              editLast();
            } else if (isSendKey(event.nativeEvent)) {
              event.preventDefault();
              send();
            } else if (event.key === 'Enter' && event.nativeEvent.repeat && !event.shiftKey) {
              event.preventDefault();
            }
          }}
        />
        {running && !blank && (
          <button
            key="queue"
            type="button"
            className="queue-button"
            aria-label={texts.composer.sendNext}
            title={texts.composer.sendNext}
            onClick={send}
          >
            <Icon name="send" />
          </button>
        )}
        {/* Neither submits: a sandbox without allow-forms lets no form do so. */}
        {/* Two elements: a click that begins on one must never end on the other. */}
        {running ? (
          <button
            key="stop"
            type="button"
            className="send-button"
            aria-label={texts.stop}
            title={texts.stop}
            onClick={() => {
              chat.stop();
              focusComposer();
            }}
          >
            <Icon name="stop" />
          </button>
        ) : (
          <button
            key="send"
            type="button"
            className="send-button"
            aria-label={texts.send}
            title={texts.send}
            disabled={failed || attachments.busy || blank}
            onClick={(event) => {
              // Not the second click of a double one on Stop, which stood here a moment ago.
              if (event.detail <= 1) send();
            }}
          >
            <Icon name="send" />
          </button>
        )}
      </div>
      <ContextMeter draft={whole} />
    </form>
  );
}

function Refused({ refused }: { readonly refused: TooLong | 'waits-already' }) {
  const { texts } = useApp();
  const { composer, language } = texts;
  if (refused === 'waits-already') {
    return (
      <p className="composer-note" role="alert">
        {composer.waitsAlready}
      </p>
    );
  }
  const count = (value: number): string => formatCount(value, language);
  const { tokens, contextWindow, characters, conversation } = refused;
  return (
    <p className="composer-note composer-refused" role="alert">
      {conversation
        ? composer.chatTooLong(count(tokens), count(contextWindow))
        : composer.messageTooLong(count(tokens), count(contextWindow))}{' '}
      {!conversation && (characters > 0 ? composer.wouldFit(count(characters)) : composer.nothingFits)}
    </p>
  );
}
