// Two copies of one conversation, as two tabs hold them, made one in which no message of either is missing. Pure:
// messages are never changed once their answer has ended, so a union is all it takes.
import { pathTo, type Conversation, type Message } from './conversation';

/** Of one message: whose answer is still running knows best; one that has ended beats one that seems broken off. */
function better(own: Message, other: Message): Message {
  if (own.role === 'user' || other.role === 'user' || own.status.kind === 'running') return own;
  const ended = (message: typeof own): boolean => message.status.kind !== 'cancelled';
  if (ended(own) !== ended(other)) return ended(own) ? own : other;
  return other.text.length > own.text.length ? other : own;
}

/** Own order first: a parent stands before its children in either copy, and so it does in the union. */
function union(own: Conversation, other: Conversation): ReadonlyMap<string, Message> {
  const messages = new Map<string, Message>();
  for (const [id, message] of own.messages) {
    const theirs = other.messages.get(id);
    messages.set(id, theirs ? better(message, theirs) : message);
  }
  for (const [id, message] of other.messages) if (!messages.has(id)) messages.set(id, message);
  return messages;
}

const renamedAt = (conversation: Conversation): number => conversation.titledAt ?? 0;

/**
 * `own`, with what only `other` knows. What is on show moves on only where the other copy goes on from it.
 * @returns `own` itself where there is nothing to learn.
 */
export function merge(own: Conversation, other: Conversation): Conversation {
  const messages = union(own, other);
  const named = renamedAt(other) > renamedAt(own) ? other : own;
  const goesOn = other.headId !== own.headId && pathTo(other).some(({ id }) => id === own.headId);
  if (named === own && !goesOn && sameMessages(messages, own.messages)) return own;
  const { title, titledAt } = named;
  return {
    ...own,
    title,
    ...(titledAt === undefined ? {} : { titledAt }),
    createdAt: Math.min(own.createdAt, other.createdAt),
    updatedAt: Math.max(own.updatedAt, other.updatedAt),
    messages,
    headId: goesOn ? other.headId : own.headId,
  };
}

/** Whether `copy` lacks something that `whole` has: a message, the end of one, a name. What is on show does not count. */
export function lacks(copy: Conversation, whole: Conversation): boolean {
  return renamedAt(whole) > renamedAt(copy) || !sameMessages(union(copy, whole), copy.messages);
}

function sameMessages(a: ReadonlyMap<string, Message>, b: ReadonlyMap<string, Message>): boolean {
  return a.size === b.size && [...a].every(([id, message]) => b.get(id) === message);
}
