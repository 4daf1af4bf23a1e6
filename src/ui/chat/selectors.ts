// What of the chats the views of a conversation look at.
import type { ChatState } from '../../chat/chat-state';
import type { Conversation, Message } from '../../chat/conversation';

export function activeOf({ conversations, activeId }: ChatState): Conversation | undefined {
  return activeId === null ? undefined : conversations.get(activeId);
}

export function textOf(state: ChatState, id: string): string {
  return activeOf(state)?.messages.get(id)?.text ?? '';
}

/** All that the view of a message shows, its text aside. */
export function sameButText(a: Message | undefined, b: Message | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.id !== b.id || a.role === 'user' || b.role === 'user') return false;
  return a.status === b.status && a.usage === b.usage && a.leftOut === b.leftOut && a.sources === b.sources;
}
