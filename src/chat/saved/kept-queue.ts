// What waits for the model, kept over a reload of this tab: it comes back waiting for the person. In sessionStorage, since
// another tab waits for nothing of it.
import type { ChatState, Queued } from '../chat-state';
import type { ChatStore } from '../chat-store';
import type { Conversation } from '../conversation';

type QueueStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const storageKey = 'phield-waiting';

/** Writes what waits whenever it changes. */
export function keepQueue(chat: ChatStore, storage: QueueStorage | undefined): void {
  let kept: Queued | undefined = chat.getState().queued;
  chat.subscribe(() => {
    const { queued } = chat.getState();
    if (queued === kept) return;
    kept = queued;
    try {
      if (queued) storage?.setItem(storageKey, JSON.stringify(queued));
      else storage?.removeItem(storageKey);
    } catch {
      // Pictures may be more than it has room for: then it waits for this visit only.
    }
  });
}

/** What waited when the page went away; nothing where it is not whole, or its chat is gone. */
export function readQueue(
  storage: QueueStorage | undefined,
  conversations: ReadonlyMap<string, Conversation>,
): Pick<ChatState, 'queued'> {
  try {
    const queued = asQueued(JSON.parse(storage?.getItem(storageKey) ?? 'null'));
    const id = queued?.conversationId ?? null;
    return queued && (id === null || conversations.has(id)) ? { queued } : {};
  } catch {
    return {};
  }
}

function asQueued(value: unknown): Queued | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, conversationId, text, messageId, images, documents, variation } = value as Record<
    string,
    unknown
  >;
  if (conversationId !== null && typeof conversationId !== 'string') return undefined;
  if (kind === 'send') {
    if (typeof text !== 'string' || !isListOf(images, isPicture) || !isListOf(documents, isDocument))
      return undefined;
    return { kind, conversationId, text, images, documents };
  }
  if (typeof messageId !== 'string') return undefined;
  if (kind === 'edit' && typeof text === 'string') return { kind, conversationId, messageId, text };
  if (kind === 'continue') return { kind, conversationId, messageId };
  if (kind !== 'regenerate') return undefined;
  const instruction = (variation as { instruction?: unknown } | undefined)?.instruction;
  return {
    kind,
    conversationId,
    messageId,
    variation: typeof instruction === 'string' ? { instruction } : {},
  };
}

function isListOf<T>(value: unknown, isOne: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isOne);
}

function isPicture(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('data:image/');
}

function isDocument(value: unknown): value is { readonly id: string; readonly name: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name } = value as Record<string, unknown>;
  return typeof id === 'string' && typeof name === 'string';
}
