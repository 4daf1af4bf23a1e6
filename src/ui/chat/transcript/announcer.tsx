// What screen readers are told of an answer: that it is being written, its sentences as they are finished, how it ended.
// Never pieces of words: the log itself is silent.
import { useEffect, useRef, useState } from 'react';
import type { ChatStore } from '../../../chat/chat-store';
import type { AssistantMessage } from '../../../chat/conversation';
import { useApp, useStore } from '../../app-context';
import type { Texts } from '../../texts/en';

/** Between two announcements: time to hear the one before. */
const everyMs = 5_000;

interface Heard {
  readonly id: string;
  /** Letters of the answer that have been said. */
  length: number;
}

export function Announcer() {
  const { chat, texts } = useApp();
  const [said, setSaid] = useState('');
  const runningId = useStore(chat, (state) =>
    state.run.state === 'running' ? state.run.messageId : undefined,
  );
  const heard = useRef<Heard | undefined>(undefined);

  useEffect(() => {
    const before = heard.current;
    // One that was waiting may have begun in the same moment.
    const ended = before && before.id !== runningId ? endOf(chat, before, texts) : undefined;
    if (runningId === undefined) {
      heard.current = undefined;
      if (ended !== undefined) setSaid(ended);
      return;
    }
    const now: Heard = { id: runningId, length: answerOf(chat, runningId)?.text.length ?? 0 };
    heard.current = now;
    setSaid(ended === undefined ? texts.answering : `${ended} ${texts.answering}`);
    const timer = setInterval(() => {
      const fresh = finishedSentences(answerOf(chat, now.id)?.text.slice(now.length) ?? '');
      if (fresh === '') return;
      now.length += fresh.length;
      setSaid(fresh.trim());
    }, everyMs);
    return () => clearInterval(timer);
  }, [chat, runningId, texts]);

  return (
    <p className="hidden" role="status">
      {said}
    </p>
  );
}

function answerOf(chat: ChatStore, id: string): AssistantMessage | undefined {
  const { conversations, activeId } = chat.getState();
  const message = activeId === null ? undefined : conversations.get(activeId)?.messages.get(id);
  return message?.role === 'assistant' ? message : undefined;
}

function endOf(chat: ChatStore, { id, length }: Heard, texts: Texts): string {
  const message = answerOf(chat, id);
  if (!message) return '';
  const { status, text } = message;
  if (status.kind === 'failed') return texts.errors[status.code].title;
  if (status.kind === 'cancelled') return texts.stopped;
  return length === 0 ? texts.answerComplete(text) : text.slice(length);
}

/** The text up to the end of its last whole sentence or line. */
export function finishedSentences(text: string): string {
  return /^[\s\S]*(?:[.!?…][)"'”’]*\s|[。！？\n])/.exec(text)?.[0] ?? '';
}
