// What a host is told of the conversation: that something is being said, and only a host that the deployer lets read it,
// what.
import type { ChatStore } from '../../chat/chat-store';
import type { ModelSession } from '../../chat/models/model-session';
import type { HostLink } from './host-link';

export function tellHost(
  link: HostLink,
  chat: ChatStore,
  session: ModelSession,
  isShown: () => boolean,
): { tellState(): void; seen(): void } {
  let runningId: string | undefined;
  let saidLength = 0;
  let unread = 0;
  const textOf = (id: string): string => {
    const { conversations, activeId } = chat.getState();
    return (activeId === null ? undefined : conversations.get(activeId)?.messages.get(id)?.text) ?? '';
  };
  const tellUnread = (count: number): void => {
    if (count === unread) return;
    unread = count;
    link.send({ type: 'unread', count });
  };
  chat.subscribe(() => {
    const { run, conversations, activeId } = chat.getState();
    const id = run.state === 'running' ? run.messageId : undefined;
    if (id !== undefined && id !== runningId) {
      runningId = id;
      saidLength = 0;
      link.send({ type: 'message-start', id });
    }
    if (runningId === undefined) return;
    const text = textOf(runningId);
    if (text.length > saidLength) {
      const fresh = text.slice(saidLength);
      saidLength = text.length;
      link.send({ type: 'token', id: runningId, ...(link.mayRead() && { text: fresh }) });
    }
    if (id !== undefined) return;
    const message = activeId === null ? undefined : conversations.get(activeId)?.messages.get(runningId);
    const status = message?.role === 'assistant' ? message.status.kind : 'complete';
    link.send({ type: 'message-end', id: runningId, status, ...(link.mayRead() && { text }) });
    if (message?.role === 'assistant' && message.status.kind === 'failed')
      link.send({ type: 'error', code: message.status.code });
    runningId = undefined;
    if (!isShown()) tellUnread(unread + 1);
  });
  const tellState = (): void => {
    const state = session.getState();
    if (state.kind === 'ready') link.send({ type: 'ready', model: state.model });
    else if (state.kind === 'loading')
      link.send({ type: 'load-progress', fraction: state.progress?.fraction ?? 0 });
    else if (state.kind === 'failed') link.send({ type: 'error', code: state.error.code });
  };
  session.subscribe(tellState);
  return { tellState, seen: () => tellUnread(0) };
}
