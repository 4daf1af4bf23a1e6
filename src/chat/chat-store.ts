// The chats on this device and the one answer that may be running. Every change goes through here; a run may
// change a message only while it owns it, so whatever comes late from a stopped or replaced run changes nothing.
import { AppError, toAppError } from '../base/errors';
import type { EngineClient } from '../client/client';
import type { GenerateEvent, GenerateRequest } from '../protocol/chat';
import {
  append,
  documentsOf,
  pathTo,
  rename,
  replace,
  requestMessages,
  showBranch,
  startConversation,
  type AssistantMessage,
  type Conversation,
  type DocumentRef,
  type MessageStatus,
  type Source,
  type UserMessage,
} from './conversation';
import { merge } from './merge';
import type { Settings } from './settings';
import { Subscribable } from './subscribable';
import { trimToContext } from './trim';

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

export interface ChatState {
  readonly conversations: ReadonlyMap<string, Conversation>;
  /** Null: a new chat that has no message yet. */
  readonly activeId: string | null;
  readonly run: RunState;
}

export interface ChatStoreParts {
  /** The client once its model is ready; rejects with why there is none. */
  readonly engine: (signal: AbortSignal) => Promise<EngineClient>;
  /** As they hold in a chat; without one, for all. */
  readonly settings: (conversation?: Conversation) => Settings;
  /** Name of the model that is to answer. */
  readonly model: () => string;
  /** Of the loaded model; undefined while none is. */
  readonly contextWindow?: () => number | undefined;
  /** Whether the loaded model does. */
  readonly seesImages?: () => boolean;
  /** A question about documents as the model is to be asked it, within so many tokens. */
  readonly ground?: (
    question: string,
    documents: readonly DocumentRef[],
    options: { readonly room: number; readonly client: EngineClient },
  ) => Promise<{ readonly content: string; readonly sources: readonly Source[] }>;
  readonly onAnswered?: () => void;
  /** Brings a chat whose messages lie in storage in whole, by `absorb`. */
  readonly open?: (conversationId: string) => Promise<Conversation | undefined>;
  readonly now?: () => number;
  readonly newId?: () => string;
}

interface Run {
  readonly id: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly controller: AbortController;
}

const idle: RunState = { state: 'idle' };

export class ChatStore extends Subscribable<ChatState> {
  readonly #parts: ChatStoreParts;
  readonly #now: () => number;
  readonly #newId: () => string;
  #run: Run | undefined;
  /** Settles when the engine has let go of the run before. */
  #engineFree: Promise<void> = Promise.resolve();

  constructor(parts: ChatStoreParts, initial: Partial<Pick<ChatState, 'conversations' | 'activeId'>> = {}) {
    super({
      conversations: initial.conversations ?? new Map(),
      activeId: initial.activeId ?? null,
      run: idle,
    });
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#newId = parts.newId ?? ((): string => crypto.randomUUID());
  }

  newChat(): void {
    this.set({ ...this.getState(), activeId: null });
  }

  select(conversationId: string): void {
    const state = this.getState();
    if (state.conversations.has(conversationId)) this.set({ ...state, activeId: conversationId });
    void this.open(conversationId);
  }

  /** The chat with its messages, from storage where they are not here yet. Never rejects. */
  async open(conversationId: string): Promise<Conversation | undefined> {
    const conversation = this.getState().conversations.get(conversationId);
    if (!conversation?.stub) return conversation;
    return this.#parts.open?.(conversationId).catch(() => undefined);
  }

  /** What a person, or idle time, arranges about a chat: its name, pin, folder, persona. */
  arrange(conversationId: string, change: (conversation: Conversation) => Conversation): void {
    const conversation = this.getState().conversations.get(conversationId);
    if (conversation) this.set(this.#with(change(conversation)));
  }

  /** A name that is blank changes nothing. */
  rename(conversationId: string, title: string): void {
    const conversation = this.getState().conversations.get(conversationId);
    if (conversation) this.set(this.#with(rename(conversation, title, this.#now())));
  }

  /**
   * Takes over what another tab has written, and what it has deleted. Nothing of this tab's is lost by it: a chat with
   * an answer under way here stays.
   */
  absorb(written: readonly Conversation[], deleted: readonly string[]): void {
    const state = this.getState();
    const conversations = new Map(state.conversations);
    for (const other of written) {
      const own = conversations.get(other.id);
      const isRunning = this.#run?.conversationId === other.id;
      const merged = own ? merge(own, other) : other;
      conversations.set(other.id, own && isRunning ? { ...merged, headId: own.headId } : merged);
    }
    for (const id of deleted) if (this.#run?.conversationId !== id) conversations.delete(id);
    const same = [...conversations].every(([id, one]) => state.conversations.get(id) === one);
    if (same && conversations.size === state.conversations.size) return;
    const isHere = state.activeId !== null && conversations.has(state.activeId);
    this.set({ ...state, conversations, activeId: isHere ? state.activeId : null });
  }

  /** @returns what was deleted, for `restore`. */
  delete(conversationId: string): Conversation | undefined {
    if (this.#run?.conversationId === conversationId) this.stop();
    const state = this.getState();
    const conversation = state.conversations.get(conversationId);
    if (!conversation) return undefined;
    const conversations = new Map(state.conversations);
    conversations.delete(conversationId);
    this.set({
      ...state,
      conversations,
      activeId: state.activeId === conversationId ? null : state.activeId,
    });
    return conversation;
  }

  /** Puts a deleted chat back; what is on show stays. */
  restore(conversation: Conversation): void {
    this.set(this.#with(conversation));
  }

  /**
   * Adds the text to the chat on show, or to a new one, and starts the answer.
   * @returns false when nothing was sent: the text is blank or an answer is running.
   */
  send(text: string, images: readonly string[] = [], documents: readonly DocumentRef[] = []): boolean {
    const { conversations, activeId } = this.getState();
    if (this.#run || text.trim() === '') return false;
    const current = activeId === null ? undefined : conversations.get(activeId);
    if (current?.stub) {
      // Read from storage in a moment; what was asked follows.
      void this.open(current.id).then((whole) => whole && this.send(text, images, documents));
      return true;
    }
    const message = this.#userMessage(text, current?.headId ?? null, images, documents);
    this.#answer(current ? append(current, message) : startConversation(this.#newId(), message), message.id);
    return true;
  }

  /** Another answer to the same question, beside the one given. */
  regenerate(messageId: string): void {
    const conversation = this.#active();
    const message = conversation?.messages.get(messageId);
    if (this.#run || !conversation || message?.role !== 'assistant') return;
    this.#answer(conversation, message.parentId);
  }

  /** Another wording of a question, beside the one given, with the same pictures, and its answer. */
  edit(messageId: string, text: string): void {
    const conversation = this.#active();
    const message = conversation?.messages.get(messageId);
    if (this.#run || !conversation || message?.role !== 'user' || text.trim() === '') return;
    const edited = this.#userMessage(text, message.parentId, message.images, message.documents);
    this.#answer(append(conversation, edited), edited.id);
  }

  /** Moves the chat on show to the branch that holds the message. Not while an answer runs in this chat. */
  showBranch(messageId: string): void {
    const conversation = this.#active();
    if (!conversation || this.#run?.conversationId === conversation.id) return;
    this.set(this.#with(showBranch(conversation, messageId)));
  }

  /** The answer keeps the text it has; the engine is told and may take its time. */
  stop(): void {
    const run = this.#run;
    if (!run) return;
    this.#end(run, { kind: 'cancelled' });
    run.controller.abort();
  }

  /**
   * The engine is gone: the run fails with why, and the next one does not wait for an engine that may never
   * say that it has let go.
   */
  engineLost(error: AppError): void {
    this.#engineFree = Promise.resolve();
    const run = this.#run;
    if (!run) return;
    this.#end(run, statusOf(error));
    run.controller.abort();
  }

  #answer(conversation: Conversation, userMessageId: string): void {
    const { conversations } = this.getState();
    // One that is only being begun is not there yet.
    const settings = this.#parts.settings(conversations.get(conversation.id));
    const answer: AssistantMessage = {
      role: 'assistant',
      id: this.#newId(),
      parentId: userMessageId,
      createdAt: this.#now(),
      text: '',
      model: this.#parts.model(),
      status: { kind: 'running' },
    };
    const run: Run = {
      id: this.#newId(),
      conversationId: conversation.id,
      messageId: answer.id,
      controller: new AbortController(),
    };
    const { temperature, top_p, repetition_penalty, max_tokens, seed, system } = settings;
    const request: GenerateRequest = {
      messages: requestMessages(conversation, userMessageId, system),
      ...(temperature === undefined ? {} : { temperature }),
      ...(top_p === undefined ? {} : { top_p }),
      ...(repetition_penalty === undefined ? {} : { repetition_penalty }),
      ...(max_tokens === undefined ? {} : { max_tokens }),
      ...(seed === undefined ? {} : { seed }),
    };
    this.#run = run;
    const { id: runId, conversationId, messageId } = run;
    this.set({
      ...this.#with(append(conversation, answer)),
      activeId: conversation.id,
      run: { state: 'running', runId, conversationId, messageId },
    });
    const engineFree = this.#engineFree;
    this.#engineFree = this.#drive(run, request, engineFree);
  }

  async #drive(run: Run, request: GenerateRequest, engineFree: Promise<void>): Promise<void> {
    const { signal } = run.controller;
    try {
      await engineFree;
      if (!this.#owns(run)) return;
      const client = await this.#parts.engine(signal);
      if (!this.#owns(run)) return;
      const seen = this.#parts.seesImages?.() === true ? request : withoutOldImages(request);
      const grounded = await this.#ground(run, seen, client);
      if (!this.#owns(run)) return;
      const fitted = await this.#fit(run, grounded, client);
      if (!this.#owns(run)) return;
      for await (const batch of client.generate(fitted, { signal })) {
        // Stopped: keep listening to the end, so that the next run finds the engine free.
        if (this.#owns(run)) this.#apply(run, batch);
      }
      if (this.#owns(run))
        throw new AppError('internal/unexpected', 'The answer broke off without saying why.');
    } catch (thrown) {
      if (this.#owns(run)) this.#end(run, statusOf(toAppError(thrown)));
    }
  }

  /** The request with its last question as it is asked about the chat's documents; itself where there are none. */
  async #ground(run: Run, request: GenerateRequest, client: EngineClient): Promise<GenerateRequest> {
    const conversation = this.getState().conversations.get(run.conversationId);
    const answer = conversation?.messages.get(run.messageId);
    const last = request.messages.at(-1);
    if (!this.#parts.ground || !conversation || !last || answer?.role !== 'assistant') return request;
    const documents = documentsOf(pathTo(conversation, answer.parentId));
    if (documents.length === 0) return request;
    const contextWindow = this.#parts.contextWindow?.() ?? 4096;
    const system = request.messages.filter(({ role }) => role === 'system');
    const taken =
      system.length > 0 ? await client.countTokens([...system, { role: 'user', content: '' }]) : 0;
    // A quarter for the answer, and a little for what the template puts around.
    const reserve = Math.min(request.max_tokens ?? Infinity, Math.floor(contextWindow / 4));
    const room = contextWindow - reserve - taken - 16;
    const { content, sources } = await this.#parts.ground(last.content, documents, { room, client });
    if (this.#owns(run)) {
      const now = this.getState().conversations.get(run.conversationId);
      if (now) this.set(this.#with(replace(now, { ...answer, sources })));
    }
    return { ...request, messages: [...request.messages.slice(0, -1), { ...last, content }] };
  }

  /** The request without the turns that there is no room for, where the person has not switched that off. */
  async #fit(run: Run, request: GenerateRequest, client: EngineClient): Promise<GenerateRequest> {
    const contextWindow = this.#parts.contextWindow?.();
    const turns = request.messages.filter(({ role }) => role === 'user').length;
    if (contextWindow === undefined || turns < 2 || !this.#parts.settings().trim) return request;
    const reserve = Math.min(request.max_tokens ?? Infinity, Math.floor(contextWindow / 4));
    const { messages, dropped } = await trimToContext(request.messages, {
      contextWindow,
      reserve,
      count: (counted) => client.countTokens(counted),
    });
    if (dropped === 0) return request;
    const conversation = this.getState().conversations.get(run.conversationId);
    const answer = conversation?.messages.get(run.messageId);
    if (this.#owns(run) && conversation && answer?.role === 'assistant')
      this.set(this.#with(replace(conversation, { ...answer, leftOut: dropped })));
    return { ...request, messages };
  }

  #apply(run: Run, batch: readonly GenerateEvent[]): void {
    const conversation = this.getState().conversations.get(run.conversationId);
    const before = conversation?.messages.get(run.messageId);
    if (!conversation || before?.role !== 'assistant') return;
    let message = before;
    /** Of a text that is being read: once more, where it has grown past what the model reads one way. */
    let read: number | undefined;
    for (const event of batch) {
      switch (event.type) {
        case 'prefill':
          read = event.fraction;
          break;
        case 'token':
          message = { ...message, text: message.text + event.text };
          read = undefined;
          break;
        case 'usage':
          message = { ...message, usage: event.usage };
          break;
        case 'done': {
          const { finishReason, contextFull = false } = event;
          message = {
            ...message,
            status:
              finishReason === 'cancelled'
                ? { kind: 'cancelled' }
                : { kind: 'complete', finishReason, contextFull },
          };
          break;
        }
      }
    }
    const { run: running } = this.getState();
    if (message === before) {
      if (read !== undefined && running.state === 'running')
        this.set({ ...this.getState(), run: { ...running, read } });
      return;
    }
    const next = this.#with(replace(conversation, message));
    if (message.status.kind === 'running') {
      if (running.state !== 'running') this.set(next);
      else {
        const { read: _before, ...rest } = running;
        this.set({ ...next, run: read === undefined ? rest : { ...rest, read } });
      }
      return;
    }
    this.#run = undefined;
    this.set({ ...next, run: idle });
    if (message.status.kind === 'complete') this.#parts.onAnswered?.();
  }

  #end(run: Run, status: MessageStatus): void {
    if (!this.#owns(run)) return;
    this.#run = undefined;
    const conversation = this.getState().conversations.get(run.conversationId);
    const message = conversation?.messages.get(run.messageId);
    const state =
      conversation && message?.role === 'assistant'
        ? this.#with(replace(conversation, { ...message, status }))
        : this.getState();
    this.set({ ...state, run: idle });
  }

  #owns(run: Run): boolean {
    return this.#run === run;
  }

  #active(): Conversation | undefined {
    const { conversations, activeId } = this.getState();
    return activeId === null ? undefined : conversations.get(activeId);
  }

  #with(conversation: Conversation): ChatState {
    const state = this.getState();
    return { ...state, conversations: new Map(state.conversations).set(conversation.id, conversation) };
  }

  #userMessage(
    text: string,
    parentId: string | null,
    images: readonly string[] = [],
    documents: readonly DocumentRef[] = [],
  ): UserMessage {
    const message: UserMessage = { role: 'user', id: this.#newId(), parentId, createdAt: this.#now(), text };
    return {
      ...message,
      ...(images.length > 0 && { images }),
      ...(documents.length > 0 && { documents }),
    };
  }
}

/** A model that only reads goes on with a chat that began with pictures; a new one it has to refuse itself. */
function withoutOldImages(request: GenerateRequest): GenerateRequest {
  const last = request.messages.length - 1;
  const messages = request.messages.map((message, i) =>
    i < last && message.images ? { role: message.role, content: message.content } : message,
  );
  return { ...request, messages };
}

function statusOf(error: AppError): MessageStatus {
  if (error.code === 'run/aborted') return { kind: 'cancelled' };
  return { kind: 'failed', code: error.code, message: error.message, details: error.details };
}
