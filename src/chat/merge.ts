// Two copies of one conversation, as two tabs hold them, made one in which no message of either is missing, and so all
// chats. Pure: messages are never changed once their answer has ended, so a union is all it takes.
import type { ChatState } from './chat-state';
import { pathTo, type Conversation, type Message } from './conversation';
import type { ConversationHead } from './conversation-record';

/** Of one message: whose answer is still running knows best; one that has ended beats one that seems broken off. */
export function better(own: Message, other: Message): Message {
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

const renamedAt = (conversation: ConversationHead): number => conversation.titledAt ?? 0;
const arrangedAt = (conversation: ConversationHead): number => conversation.arrangedAt ?? 0;

/** The later name, the later pin, folder, persona and privacy; of what is on show, `own`. */
export function mergeHeads<T extends ConversationHead>(own: T, other: ConversationHead): T {
  const isNamed = renamedAt(other) > renamedAt(own);
  // A name that a model has made stands above the first words, never above one that a person gave.
  const isMade = !own.titledAt && !other.titledAt && other.titleByModel === true && !own.titleByModel;
  const isArranged = arrangedAt(other) > arrangedAt(own);
  const createdAt = Math.min(own.createdAt, other.createdAt);
  const updatedAt = Math.max(own.updatedAt, other.updatedAt);
  if (!isNamed && !isMade && !isArranged && createdAt === own.createdAt && updatedAt === own.updatedAt)
    return own;
  const { title, titledAt, titleByModel } = isNamed || isMade ? other : own;
  const { pinnedAt, folder, persona, staysHere } = isArranged ? other : own;
  const {
    titledAt: _t,
    titleByModel: _m,
    pinnedAt: _p,
    folder: _f,
    persona: _a,
    staysHere: _s,
    ...rest
  } = own;
  return {
    ...(rest as T),
    title,
    ...(titledAt !== undefined && { titledAt }),
    ...(titleByModel && { titleByModel }),
    ...(pinnedAt !== undefined && { pinnedAt }),
    ...(folder !== undefined && { folder }),
    ...(persona !== undefined && { persona }),
    ...(staysHere && { staysHere }),
    ...(isArranged && other.arrangedAt !== undefined && { arrangedAt: other.arrangedAt }),
    createdAt,
    updatedAt,
  };
}

/**
 * `own`, with what only `other` knows. What is on show moves on only where the other copy goes on from it.
 * @returns `own` itself where there is nothing to learn.
 */
export function merge(own: Conversation, other: Conversation): Conversation {
  const heads = mergeHeads(own, other);
  if (own.stub) {
    if (other.stub) return { ...heads, headId: other.headId };
    const { stub: _stub, ...rest } = heads;
    return { ...rest, messages: other.messages, headId: other.headId };
  }
  if (other.stub) return heads;
  const messages = union(own, other);
  const goesOn = other.headId !== own.headId && pathTo(other).some(({ id }) => id === own.headId);
  if (heads === own && !goesOn && sameMessages(messages, own.messages)) return own;
  return { ...heads, messages, headId: goesOn ? other.headId : own.headId };
}

function sameMessages(a: ReadonlyMap<string, Message>, b: ReadonlyMap<string, Message>): boolean {
  return a.size === b.size && [...a].every(([id, message]) => b.get(id) === message);
}

/**
 * All chats, with what another tab has written and without what it has deleted. A chat with an answer under way here
 * stays, and stays where it is.
 * @returns `state` itself where nothing is new.
 */
export function absorb(
  state: ChatState,
  written: readonly Conversation[],
  deleted: readonly string[],
  isRunning: (conversationId: string) => boolean,
): ChatState {
  const conversations = new Map(state.conversations);
  for (const other of written) {
    const own = conversations.get(other.id);
    const merged = own ? merge(own, other) : other;
    conversations.set(other.id, own && isRunning(other.id) ? { ...merged, headId: own.headId } : merged);
  }
  for (const id of deleted) if (!isRunning(id)) conversations.delete(id);
  const same = [...conversations].every(([id, one]) => state.conversations.get(id) === one);
  if (same && conversations.size === state.conversations.size) return state;
  const isHere = state.activeId !== null && conversations.has(state.activeId);
  return { ...state, conversations, activeId: isHere ? state.activeId : null };
}
