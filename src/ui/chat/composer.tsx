// Where a person types. Enter sends, Shift+Enter breaks the line, Enter while composing with an input method
// belongs to the method. One button: Send, or Stop while an answer is being written.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { ChatState } from '../../chat/chat-store';
import { useApp, useStore } from '../app-context';
import { ContextMeter } from './context-meter';
import { Icon } from '../common/icons';
import { AttachedPictures, AttachPicture, usePictures } from './pictures';
import { AttachedFiles, AttachFile, DropTarget } from '../documents/attach-file';
import { useAttachments } from '../documents/attachments';
import { taskCommand } from '../tasks/task-words';

const isRunning = (state: ChatState): boolean => state.run.state === 'running';
const isRunningElsewhere = (state: ChatState): boolean =>
  state.run.state === 'running' && state.run.conversationId !== state.activeId;
const activeIdOf = (state: ChatState): string | null => state.activeId;

const composerId = 'composer';

/** Not on touch screens, where focus would raise the keyboard over the conversation. */
export function focusComposer(): void {
  if (window.matchMedia('(hover: hover)').matches) document.getElementById(composerId)?.focus();
}

export interface ComposerProps {
  readonly onSent: () => void;
}

/** Whether a key press means "send". */
export function isSendKey(event: KeyboardEvent): boolean {
  // Safari ends a composition before the Enter that confirms it, and marks that one with code 229.
  const composing = event.nativeEvent.isComposing || event.keyCode === 229;
  return (
    event.key === 'Enter' &&
    !event.shiftKey &&
    !event.ctrlKey &&
    !event.altKey &&
    !event.metaKey &&
    !composing
  );
}

export function Composer({ onSent }: ComposerProps) {
  const { chat, session, texts } = useApp();
  const running = useStore(chat, isRunning);
  const elsewhere = useStore(chat, isRunningElsewhere);
  const activeId = useStore(chat, activeIdOf);
  const failed = useStore(session, (state) => state.kind === 'failed');
  const [text, setText] = useState('');
  const pictures = usePictures();
  const attachments = useAttachments();
  const box = useRef<HTMLTextAreaElement>(null);

  useEffect(focusComposer, [activeId]);

  useEffect(() => {
    const element = box.current;
    if (!element || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const send = (): void => {
    const command = taskCommand(text, texts);
    if (command !== undefined) {
      setText('');
      location.hash = command;
      return;
    }
    if (failed || attachments.busy) return;
    if (!chat.send(text, pictures.sees ? pictures.images : [], attachments.documents)) return;
    setText('');
    pictures.clear();
    attachments.clear();
    onSent();
  };

  /** Pictures to a model that sees them, everything else as documents. */
  const addFiles = (files: readonly File[]): void => {
    const isPicture = (file: File): boolean => pictures.sees && file.type.startsWith('image/');
    const seen = files.filter(isPicture);
    if (seen.length > 0) void pictures.add(seen);
    attachments.add(files.filter((file) => !isPicture(file)));
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {elsewhere && <p className="composer-note">{texts.busyElsewhere}</p>}
      <AttachedPictures pictures={pictures} />
      <AttachedFiles attachments={attachments} />
      <DropTarget onFiles={addFiles} />
      <div className="composer-box">
        <AttachPicture pictures={pictures} />
        <AttachFile attachments={attachments} />
        <textarea
          ref={box}
          id={composerId}
          rows={1}
          aria-label={texts.message}
          placeholder={failed ? texts.noModelPlaceholder : texts.messagePlaceholder}
          disabled={failed}
          enterKeyHint="send"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => {
            const files = [...event.clipboardData.files];
            if (files.length === 0) return;
            event.preventDefault();
            addFiles(files);
          }}
          onKeyDown={(event) => {
            if (isSendKey(event)) {
              event.preventDefault();
              send();
            }
          }}
        />
        {running ? (
          <button
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
            type="submit"
            className="send-button"
            aria-label={texts.send}
            title={texts.send}
            disabled={failed || attachments.busy || text.trim() === ''}
          >
            <Icon name="send" />
          </button>
        )}
      </div>
      <ContextMeter draft={text} />
    </form>
  );
}
