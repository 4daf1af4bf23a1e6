// Steps between the versions of a message.
import { useCallback, type ReactNode } from 'react';
import type { ChatState } from '../../../chat/chat-state';
import { siblingsOf } from '../../../chat/conversation';
import { sameItems, useApp, useStore } from '../../app-context';
import { Icon } from '../../common/icons';
import { activeOf } from '../selectors';

/** Branches of a chat stay put while an answer is written into it. */
const isRunningHere = ({ run, activeId }: ChatState): boolean =>
  run.state === 'running' && run.conversationId === activeId;

export function BranchPicker({ id }: { readonly id: string }) {
  const { chat, texts } = useApp();
  const select = useCallback(
    (state: ChatState) => {
      const conversation = activeOf(state);
      return conversation ? siblingsOf(conversation, id).map((message) => message.id) : [];
    },
    [id],
  );
  const ids = useStore(chat, select, sameItems);
  const running = useStore(chat, isRunningHere);
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
