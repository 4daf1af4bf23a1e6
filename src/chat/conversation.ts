// A conversation as a tree of messages with a head: editing and regenerating add a sibling, nothing is ever
// overwritten. Pure functions over immutable data; no storage, no engine, no React.
import type { ErrorCode, ErrorDetails } from '../base/errors';
import type { ChatMessage, FinishReason, Usage } from '../protocol/chat';
import { firstGraphemes } from './graphemes';

export type MessageStatus =
  | { readonly kind: 'running' }
  | {
      readonly kind: 'complete';
      readonly finishReason: Exclude<FinishReason, 'cancelled'>;
      readonly contextFull: boolean;
    }
  /** `interrupted`: nobody stopped it, the page went away. */
  | { readonly kind: 'cancelled'; readonly interrupted?: boolean }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: ErrorDetails;
    };

/** A document that a question is about: its id in the store of documents, and its name when it was attached. */
export interface DocumentRef {
  readonly id: string;
  readonly name: string;
}

/** A passage that the model was given for an answer; its place in the list is the number that the answer cites. */
export interface Source {
  readonly documentId: string;
  readonly name: string;
  /** Index of the passage in its document. */
  readonly passage: number;
  readonly page?: number;
  readonly heading?: string;
}

export interface UserMessage {
  readonly role: 'user';
  readonly id: string;
  readonly parentId: string | null;
  readonly createdAt: number;
  readonly text: string;
  /** `data:image/...` addresses, for a model that sees. */
  readonly images?: readonly string[];
  /** Attached with this message; what follows in the chat is about them too. */
  readonly documents?: readonly DocumentRef[];
}

export interface AssistantMessage {
  readonly role: 'assistant';
  readonly id: string;
  readonly parentId: string;
  readonly createdAt: number;
  readonly text: string;
  /** The model that answers, by id or address. */
  readonly model: string;
  /** Where it ran, if that was not this device. */
  readonly host?: string;
  readonly status: MessageStatus;
  readonly usage?: Usage;
  /** Oldest messages that were not sent because the context had no room for them. */
  readonly leftOut?: number;
  /** Of an answer that was cut: the ids its text was generated as, from which it can go on token for token. */
  readonly tokenIds?: readonly number[];
  /** What the model was given of the chat's documents; [1] in the text is the first. */
  readonly sources?: readonly Source[];
}

export type Message = UserMessage | AssistantMessage;

export interface Conversation {
  readonly id: string;
  readonly title: string;
  /** When a person gave it its name; undefined while it has that of its first words. */
  readonly titledAt?: number;
  /** The name is one that a model has made. */
  readonly titleByModel?: boolean;
  /** When it was pinned to the top of the list. */
  readonly pinnedAt?: number;
  /** Name of the folder it is in. */
  readonly folder?: string;
  /** Id of the persona that answers in it; undefined: the one that is set for all. */
  readonly persona?: string;
  /** Private: nothing of it is ever sent to a larger model elsewhere. */
  readonly staysHere?: true;
  /** When pin, folder, persona or privacy were last set, so that of two tabs the later counts. */
  readonly arrangedAt?: number;
  /** Only what the list shows is here: its messages lie in storage, and `messages` is empty. */
  readonly stub?: true;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** In order of creation, so a parent always comes before its children. */
  readonly messages: ReadonlyMap<string, Message>;
  /** The last message of the path on show. */
  readonly headId: string;
}

const titleLength = 42;
/** Of a name that a person gives. */
const nameLength = 200;

/** A title from the first words of the first user message; never cuts a character in two. */
export function titleFrom(text: string): string {
  // Of a pasted book the beginning is enough.
  const line = text.slice(0, 4_000).replace(/\s+/g, ' ').trim();
  const cut = firstGraphemes(line, titleLength);
  if (cut.length === line.length) return line;
  const lastSpace = cut.lastIndexOf(' ');
  return `${(lastSpace > titleLength / 2 ? cut.slice(0, lastSpace) : cut).replace(/[\s.,;:!?]+$/, '')}…`;
}

export function startConversation(id: string, first: UserMessage): Conversation {
  return {
    id,
    title: titleFrom(first.text),
    createdAt: first.createdAt,
    updatedAt: first.createdAt,
    messages: new Map([[first.id, first]]),
    headId: first.id,
  };
}

/** The conversation under a name of the person's; itself where that is blank. */
export function rename(conversation: Conversation, title: string, now: number): Conversation {
  const line = title.replace(/\s+/g, ' ').trim();
  if (line === '' || line === conversation.title) return conversation;
  const { titleByModel: _made, ...rest } = conversation;
  return { ...rest, title: firstGraphemes(line, nameLength), titledAt: now };
}

/** The conversation with the message added and made its head. */
export function append(conversation: Conversation, message: Message): Conversation {
  const messages = new Map(conversation.messages).set(message.id, message);
  return { ...conversation, messages, headId: message.id, updatedAt: message.createdAt };
}

/** The conversation with the message of that id replaced; itself when there is none. */
export function replace(conversation: Conversation, message: Message): Conversation {
  if (!conversation.messages.has(message.id)) return conversation;
  return { ...conversation, messages: new Map(conversation.messages).set(message.id, message) };
}

/** From the first message down to the given one (default: the head). */
export function pathTo(
  conversation: Conversation,
  id: string | null = conversation.headId,
): readonly Message[] {
  const path: Message[] = [];
  for (let at = id; at !== null;) {
    const message = conversation.messages.get(at);
    if (!message) break;
    path.push(message);
    at = message.parentId;
  }
  return path.reverse();
}

/** The documents that a question at the end of this path is about, each once. */
export function documentsOf(path: readonly Message[]): readonly DocumentRef[] {
  const found = new Map<string, DocumentRef>();
  for (const message of path)
    if (message.role === 'user')
      for (const document of message.documents ?? []) found.set(document.id, document);
  return [...found.values()];
}

/** All versions of a message, itself included, oldest first. */
export function siblingsOf(conversation: Conversation, id: string): readonly Message[] {
  const message = conversation.messages.get(id);
  if (!message) return [];
  return (
    [...conversation.messages.values()]
      .filter((other) => other.parentId === message.parentId)
      // What another tab wrote stands at the end, whenever it was said.
      .sort((a, b) => a.createdAt - b.createdAt)
  );
}

/** The conversation with the head moved to the newest message below the given one. */
export function showBranch(conversation: Conversation, id: string): Conversation {
  if (!conversation.messages.has(id)) return conversation;
  const below = new Set([id]);
  let headId = id;
  for (const message of conversation.messages.values()) {
    if (message.parentId !== null && below.has(message.parentId)) {
      below.add(message.id);
      headId = message.id;
    }
  }
  return { ...conversation, headId };
}

/** Whether an answer ended before its end, with words that it can go on from. */
export function canContinue({ status, text, host }: AssistantMessage): boolean {
  // What another model began this one does not go on with.
  if (text === '' || host !== undefined) return false;
  return status.kind === 'complete' ? status.finishReason === 'length' : status.kind !== 'running';
}

/** What the model is sent to go on with an answer: the path down to it, its words so far last. */
export function continueMessages(
  conversation: Conversation,
  { parentId, text, tokenIds }: AssistantMessage,
  system: string,
): readonly ChatMessage[] {
  const before = requestMessages(conversation, parentId, system);
  return [...before, { role: 'assistant', content: text, ...(tokenIds && { tokenIds }) }];
}

/**
 * What the model is sent for an answer to the given user message: the path down to it. Answers without any
 * text (failed or stopped before the first token) are left out together with their question, because the
 * template wants user and assistant in turn.
 */
export function requestMessages(
  conversation: Conversation,
  userMessageId: string,
  system: string,
): readonly ChatMessage[] {
  const turns: ChatMessage[] = [];
  for (const message of pathTo(conversation, userMessageId)) {
    // A question that a question follows has lost its answer.
    if (turns.at(-1)?.role === message.role || (message.role === 'assistant' && message.text === ''))
      turns.pop();
    if (message.text === '') continue;
    const images = message.role === 'user' ? message.images : undefined;
    turns.push({ role: message.role, content: message.text, ...(images && { images }) });
  }
  return system.trim() === '' ? turns : [{ role: 'system', content: system }, ...turns];
}
