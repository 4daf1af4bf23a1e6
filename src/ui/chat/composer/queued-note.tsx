// What waits for the answer under way, above the composer: to see, to change, to send now, to take back.
import type { ChatState, Queued } from '../../../chat/chat-state';
import { useApp, useStore } from '../../app-context';
import { Icon } from '../../common/icons';
import type { Texts } from '../../texts/en';

const queuedOf = (state: ChatState): Queued | undefined => state.queued;

export function QueuedNote({ onEdit }: { readonly onEdit: (text: string) => void }) {
  const { chat, texts } = useApp();
  const queued = useStore(chat, queuedOf);
  const running = useStore(chat, (state) => state.run.state === 'running');
  const activeId = useStore(chat, (state) => state.activeId);
  const { composer } = texts;
  return (
    <div className="queued" role="status">
      {queued && (
        <>
          <span className="queued-when">{running ? composer.next : composer.waits}</span>
          <span className="queued-what" dir="auto">
            {wordsOf(queued, texts)}
          </span>
          <button type="button" className="button" onClick={() => chat.doQueuedNow()}>
            {composer.sendNow}
          </button>
          {queued.kind === 'send' &&
            queued.images.length + queued.documents.length === 0 &&
            queued.conversationId === activeId && (
              <button
                type="button"
                className="icon-button"
                aria-label={composer.editQueued}
                title={composer.editQueued}
                onClick={() => {
                  chat.unqueue();
                  onEdit(queued.text);
                  document.getElementById('composer')?.focus();
                }}
              >
                <Icon name="edit" />
              </button>
            )}
          <button
            type="button"
            className="icon-button"
            aria-label={composer.dropQueued}
            title={composer.dropQueued}
            onClick={() => chat.unqueue()}
          >
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  );
}

function wordsOf(queued: Queued, { composer }: Texts): string {
  switch (queued.kind) {
    case 'send':
    case 'edit':
      return queued.text;
    case 'regenerate':
      return composer.queuedAgain;
    case 'continue':
      return composer.queuedContinue;
  }
}
