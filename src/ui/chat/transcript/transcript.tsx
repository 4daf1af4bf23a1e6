// The conversation on show: its messages in order, or the empty state with something to begin with.
import { Suspense, useEffect, useRef } from 'react';
import type { ChatState } from '../../../chat/chat-state';
import { pathTo } from '../../../chat/conversation';
import { sameItems, useApp, useStore } from '../../app-context';
import { Icon } from '../../common/icons';
import { jump } from '../../common/jump';
import { LongLog } from './long-log';
import { later } from '../../common/later';
import { FirstScreen } from '../../start/first-screen';
import type { StickToEnd } from './stick-to-end';

const FailedPage = later(() => import('../../models/load/load-failure').then((module) => module.FailedPage));

const activeIdOf = (state: ChatState): string | null => state.activeId;

function titleOf({ conversations, activeId }: ChatState): string | undefined {
  return activeId === null ? undefined : conversations.get(activeId)?.title;
}

function pathIds({ conversations, activeId }: ChatState): readonly string[] {
  const conversation = activeId === null ? undefined : conversations.get(activeId);
  return conversation ? pathTo(conversation).map((message) => message.id) : [];
}

export function Transcript({ stick }: { readonly stick: StickToEnd }) {
  const { chat, session, texts } = useApp();
  const ids = useStore(chat, pathIds, sameItems);
  const activeId = useStore(chat, activeIdOf);
  const title = useStore(chat, titleOf);
  const failed = useStore(session, (state) => state.kind === 'failed');
  const { scroller, content, atEnd, toEnd } = stick;

  useEffect(toEnd, [activeId, toEnd]);

  // What search has found, once its chat is on show; on another branch, that branch first.
  const target = useStore(jump, (state) => (state?.chatId === activeId ? state.messageId : undefined));
  const log = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (target === undefined) return;
    const at = ids.indexOf(target);
    if (at < 0) {
      chat.showBranch(target);
      if (!pathIds(chat.getState()).includes(target)) jump.set(undefined);
      return;
    }
    jump.set(undefined);
    const element = log.current?.children[at];
    // After the chat that has just come has been put at its end.
    requestAnimationFrame(() => {
      element?.scrollIntoView?.({ block: 'center' });
      element?.classList.add('message-found');
      setTimeout(() => element?.classList.remove('message-found'), 2500);
    });
  }, [target, ids, chat]);

  return (
    <div className="transcript" ref={scroller} tabIndex={-1}>
      <div className="column" ref={content}>
        {activeId === null &&
          (failed ? (
            <Suspense fallback={null}>
              <FailedPage />
            </Suspense>
          ) : (
            <FirstScreen />
          ))}
        {title !== undefined && <h1 className="hidden">{title}</h1>}
        {/* Off: a reader would say every few letters anew. Announcer says the whole answer once. */}
        <div role="log" aria-label={texts.conversation} aria-live="off" className="log" ref={log}>
          <LongLog key={activeId} ids={ids} scroller={scroller} seeksOne={target !== undefined} />
        </div>
      </div>
      {!atEnd && (
        <button
          type="button"
          className="to-end"
          aria-label={texts.toNewest}
          title={texts.toNewest}
          onClick={toEnd}
        >
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}
