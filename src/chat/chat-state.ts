// What the store of chats holds, what may be asked of it, and what it is made of.
import type { EngineClient } from '../client/client';
import type { GenerateEvent } from '../protocol/chat';
import type { Conversation, DocumentRef } from './conversation';
import type { Ground } from './request/prepare-request';
import type { Settings } from './settings/settings';

export type RunState =
  | { readonly state: 'idle' }
  | {
      readonly state: 'running';
      readonly runId: string;
      readonly conversationId: string;
      readonly messageId: string;
      /** How much of the prompt the model has read, 0 to 1, once it says so. */
      readonly read?: number;
    };

/** Another answer that differs from the one it replaces. */
export interface Variation {
  /** What to ask for, in words, after the answer there is. */
  readonly instruction?: string;
}

/** Who answers instead of the model on this device, and has been told already what to answer. */
export interface Elsewhere {
  readonly host: string;
  readonly model: string;
  readonly generate: (options: { readonly signal: AbortSignal }) => AsyncIterable<readonly GenerateEvent[]>;
}

/** What is to be done once the model is free. */
export type Queued = { readonly conversationId: string | null } & (
  | {
      readonly kind: 'send';
      readonly text: string;
      readonly images: readonly string[];
      readonly documents: readonly DocumentRef[];
    }
  | { readonly kind: 'edit'; readonly messageId: string; readonly text: string }
  | { readonly kind: 'regenerate'; readonly messageId: string; readonly variation: Variation }
  | { readonly kind: 'continue'; readonly messageId: string }
);

export interface ChatState {
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** Null: a new chat that has no message yet. */
  readonly activeId: string | null;
  readonly run: RunState;
  /** One thing at most waits for the answer under way. After a stop or a failure it waits for the person. */
  readonly queued?: Queued | undefined;
}

export interface ChatStoreParts {
  /** The client once its model is ready; rejects with why there is none. */
  readonly engine: (signal: AbortSignal) => Promise<EngineClient>;
  /** As they hold in a chat; without one, for all. */
  readonly settings: (conversation?: Conversation) => Settings;
  /** Name of the model that is to answer. */
  readonly model: () => string;
  /** What every new chat is about, whatever is attached to its messages. */
  readonly about?: () => readonly DocumentRef[];
  /** Of the loaded model; undefined while none is. */
  readonly contextWindow?: () => number | undefined;
  /** Whether the loaded model does. */
  readonly seesImages?: () => boolean;
  /** Whether it matters how sure the model was of an answer. */
  readonly logprobs?: () => boolean;
  /** A question about documents as the model is to be asked it, within so many tokens. */
  readonly ground?: Ground;
  readonly onAnswered?: () => void;
  /** Brings a chat whose messages lie in storage in whole, by `absorb`. */
  readonly open?: (conversationId: string) => Promise<Conversation | undefined>;
  readonly now?: () => number;
  readonly newId?: () => string;
}

/** With the conversation as it is now, or one more. */
export function withConversation(state: ChatState, conversation: Conversation): ChatState {
  return { ...state, conversations: new Map(state.conversations).set(conversation.id, conversation) };
}
