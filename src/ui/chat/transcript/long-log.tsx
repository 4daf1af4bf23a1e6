// The messages of a chat, however many. All of them are in the page, so that finding in the page, selecting, printing
// and screen readers work as everywhere; but only those near the view are drawn with all that belongs to them. The
// others rest as their bare text, which the browser lays out only when it comes into sight (ADR 0015).
import { memo, startTransition, useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type { ChatState } from '../../../chat/chat-state';
import type { Message } from '../../../chat/conversation';
import { useApp, useStore } from '../../app-context';
import { modelName } from '../../models/model-view';
import { MessageView } from './message-view';
import { activeOf } from '../selectors';

/** The newest are always drawn; a chat of so many has none that rest. */
const alwaysDrawn = 24;
/** So long the newest have the page for themselves: to be read, drawn and looked at. */
const newestFirstMs = 300;
/** How far ahead of the view messages are drawn, so that nobody sees it happen. */
const ahead = '1200px 0px';

export interface LongLogProps {
  readonly ids: readonly string[];
  readonly scroller: RefObject<HTMLElement | null>;
  /** All of them at once: one that may rest is about to be gone to. */
  readonly seeksOne: boolean;
}

export function LongLog({ ids, scroller, seeksOne }: LongLogProps) {
  const isEmpty = ids.length === 0;
  const whole = useWhole(isEmpty, seeksOne || (!isEmpty && ids.length <= alwaysDrawn));
  const [woken, setWoken] = useState<ReadonlySet<string>>(new Set());
  const observer = useRef<IntersectionObserver | undefined>(undefined);
  const pending = useRef(new Set<Element>());
  const canRest = typeof IntersectionObserver !== 'undefined';

  useEffect(() => {
    if (!canRest) return;
    const watch = new IntersectionObserver(
      (entries) => {
        const near = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target);
        const found = near.flatMap((element) => (element as HTMLElement).dataset['resting'] ?? []);
        if (found.length > 0) setWoken((before) => new Set([...before, ...found]));
      },
      { root: scroller.current, rootMargin: ahead },
    );
    observer.current = watch;
    for (const element of pending.current) watch.observe(element);
    return () => {
      watch.disconnect();
      observer.current = undefined;
    };
  }, [canRest, scroller]);

  const watched = useCallback((element: HTMLElement) => {
    pending.current.add(element);
    observer.current?.observe(element);
    return () => {
      pending.current.delete(element);
      observer.current?.unobserve(element);
    };
  }, []);

  const firstDrawn = ids.length - alwaysDrawn;
  return ids.map((id, index) =>
    !whole && index < firstDrawn ? null : !canRest || index >= firstDrawn || woken.has(id) ? (
      <MessageView key={id} id={id} />
    ) : (
      <Resting key={id} id={id} watched={watched} />
    ),
  );
}

/**
 * Whether those that rest are in the page: not before the newest, which are what is looked at, have been drawn.
 * @param isEmpty a chat that is being read has none yet.
 */
function useWhole(isEmpty: boolean, atOnce: boolean): boolean {
  const [whole, setWhole] = useState(atOnce);
  useEffect(() => {
    if (whole || isEmpty) return;
    const timer = setTimeout(() => startTransition(() => setWhole(true)), newestFirstMs);
    return () => clearTimeout(timer);
  }, [whole, isEmpty]);
  // What was shown for one that was sought stays when it has been found.
  if (atOnce && !whole) setWhole(true);
  return whole || atOnce;
}

interface RestingProps {
  readonly id: string;
  readonly watched: (element: HTMLElement) => () => void;
}

const Resting = memo(function Resting({ id, watched }: RestingProps) {
  const { chat, texts } = useApp();
  const select = useCallback((state: ChatState) => activeOf(state)?.messages.get(id), [id]);
  const message = useStore(chat, select);
  if (!message) return null;
  const isQuestion = message.role === 'user';
  return (
    <article
      ref={watched}
      data-resting={id}
      className={`message resting ${isQuestion ? 'question' : 'answer'}`}
      aria-label={isQuestion ? texts.you : texts.answeredBy(modelName(message.model))}
      style={{ containIntrinsicBlockSize: `auto ${heightOf(message)}px` }}
    >
      <div className={isQuestion ? 'bubble' : 'prose plain'} dir="auto">
        {message.text}
      </div>
    </article>
  );
});

/** About how high it will be: what the scroll bar is drawn by until it has been seen. */
function heightOf({ text }: Message): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return Math.round(60 + 27 * Math.max(lines, text.length / 85));
}
