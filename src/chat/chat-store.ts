// The chats on this device and the one answer that may be running. Every change goes through here; a run may
// change a message only while it owns it, so whatever comes late from a stopped or replaced run changes nothing.
import { AppError, toAppError } from '../base/errors';
import { newId as makeId } from '../base/ids';
import type { EngineClient } from '../client/client';
import type { ChatMessage, GenerateEvent, GenerateRequest, Usage } from '../protocol/chat';
import { applyEvents, statusOfError } from './request/answer-events';
import {
  append,
  canContinue,
  continueMessages,
  rename,
  replace,
  requestMessages,
  showBranch,
  startConversation,
  type AssistantMessage,
  type Conversation,
  type DocumentRef,
  type MessageStatus,
  type UserMessage,
} from './conversation';
import type { ChatState, ChatStoreParts, Elsewhere, Queued, RunState, Variation } from './chat-state';
import { merge } from './merge';
import { prepareRequest } from './request/prepare-request';
import { sampling } from './request/sampling';
import { Subscribable } from './subscribable';

export type { ChatState, Elsewhere, Queued, Variation } from './chat-state';

interface Run {
  readonly id: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly controller: AbortController;
  /** What earlier parts of the answer took. */
  usageBefore: Usage | undefined;
}

const idle: RunState = { state: 'idle' };

export class ChatStore extends Subscribable<ChatState> {
  readonly #parts: ChatStoreParts;
  readonly #now: () => number;
  readonly #newId: () => string;
  #run: Run | undefined;
  /** Settles when the engine has let go of the run before. */
  #engineFree: Promise<void> = Promise.resolve();

  constructor(
    parts: ChatStoreParts,
    initial: Partial<Pick<ChatState, 'conversations' | 'activeId' | 'queued'>> = {},
  ) {
    super({
      conversations: initial.conversations ?? new Map(),
      activeId: initial.activeId ?? null,
      run: idle,
      ...(initial.queued && { queued: initial.queued }),
    });
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#newId = parts.newId ?? makeId;
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
    if (this.#run || text.trim() === '') return false;
    this.#send(this.#active(), text, images, documents);
    return true;
  }

  #send(
    current: Conversation | undefined,
    text: string,
    images: readonly string[],
    attached: readonly DocumentRef[],
  ): void {
    const documents = current ? attached : [...(this.#parts.about?.() ?? []), ...attached];
    if (current?.stub) {
      // Read from storage in a moment; what was asked follows.
      void this.open(current.id).then((whole) => {
        if (whole && !this.#run) this.#send(whole, text, images, documents);
      });
      return;
    }
    const message = this.#userMessage(text, current?.headId ?? null, images, documents);
    this.#answer(current ? append(current, message) : startConversation(this.#newId(), message), message.id);
  }

  /** Another answer to the same question, beside the one given. */
  regenerate(messageId: string, variation: Variation = {}): void {
    const conversation = this.#holding(messageId);
    const message = conversation?.messages.get(messageId);
    if (this.#run || !conversation || message?.role !== 'assistant') return;
    const { instruction } = variation;
    const { parentId, text } = message;
    const extra: readonly ChatMessage[] =
      instruction === undefined || text === ''
        ? []
        : [
            { role: 'assistant', content: text },
            { role: 'user', content: instruction },
          ];
    this.#answer(conversation, parentId, extra);
  }

  /**
   * Another answer to the same question, from elsewhere.
   * @param messageId of an answer, or of the question
   * @returns false when nothing was sent: an answer is running, or the chat is private.
   */
  answerElsewhere(messageId: string, elsewhere: Elsewhere): boolean {
    const conversation = this.#holding(messageId);
    const message = conversation?.messages.get(messageId);
    if (this.#run || !conversation || !message || conversation.staysHere) return false;
    const questionId = message.role === 'assistant' ? message.parentId : message.id;
    this.#answer(conversation, questionId, [], elsewhere);
    return true;
  }

  /** The same answer goes on from where it was cut. */
  continue(messageId: string): void {
    const conversation = this.#holding(messageId);
    const message = conversation?.messages.get(messageId);
    if (this.#run || !conversation || message?.role !== 'assistant' || !canContinue(message)) return;
    const settings = this.#parts.settings(conversation);
    const { system } = settings;
    const running: AssistantMessage = { ...message, status: { kind: 'running' } };
    this.#start(replace(conversation, running), running, {
      ...sampling(settings),
      messages: continueMessages(conversation, message, system),
      continue_final_message: true,
    });
  }

  /** Another wording of a question, beside the one given, with the same pictures, and its answer. */
  edit(messageId: string, text: string): void {
    const conversation = this.#holding(messageId);
    const message = conversation?.messages.get(messageId);
    if (this.#run || !conversation || message?.role !== 'user' || text.trim() === '') return;
    const edited = this.#userMessage(text, message.parentId, message.images, message.documents);
    this.#answer(append(conversation, edited), edited.id);
  }

  /**
   * Does it now, or once the answer under way has ended.
   * @returns false when something else waits already.
   */
  doOrQueue(queued: Queued): boolean {
    if (!this.#run) {
      this.#do(queued);
      return true;
    }
    if (this.getState().queued) return false;
    this.set({ ...this.getState(), queued });
    return true;
  }

  /** Takes back what waits. */
  unqueue(): Queued | undefined {
    const { queued, ...state } = this.getState();
    if (queued) this.set(state);
    return queued;
  }

  /** What waits is done now; an answer under way stops for it. */
  doQueuedNow(): void {
    const queued = this.unqueue();
    if (!queued) return;
    this.stop();
    this.#do(queued);
  }

  #do(queued: Queued): void {
    const { conversationId } = queued;
    const { conversations, activeId } = this.getState();
    // Its chat may have been deleted while it waited.
    if (conversationId !== null && !conversations.has(conversationId)) return;
    switch (queued.kind) {
      case 'send': {
        const current = conversationId === null ? undefined : conversations.get(conversationId);
        this.#send(current, queued.text, queued.images, queued.documents);
        break;
      }
      case 'edit':
        this.edit(queued.messageId, queued.text);
        break;
      case 'regenerate':
        this.regenerate(queued.messageId, queued.variation);
        break;
      case 'continue':
        this.continue(queued.messageId);
        break;
    }
    // Whoever has gone to another chat meanwhile is left there.
    if (activeId !== conversationId) this.set({ ...this.getState(), activeId });
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
    this.#end(run, statusOfError(error));
    run.controller.abort();
  }

  /** @param extra said after the question, and kept nowhere. */
  #answer(
    conversation: Conversation,
    userMessageId: string,
    extra: readonly ChatMessage[] = [],
    elsewhere?: Elsewhere,
  ): void {
    const { conversations } = this.getState();
    // One that is only being begun is not there yet.
    const settings = this.#parts.settings(conversations.get(conversation.id));
    const answer: AssistantMessage = {
      role: 'assistant',
      id: this.#newId(),
      parentId: userMessageId,
      createdAt: this.#now(),
      text: '',
      model: elsewhere?.model ?? this.#parts.model(),
      ...(elsewhere && { host: elsewhere.host }),
      status: { kind: 'running' },
    };
    const messages = [...requestMessages(conversation, userMessageId, settings.system), ...extra];
    const sure = this.#parts.logprobs?.() === true && { logprobs: true };
    const request = { messages, ...sampling(settings), ...sure };
    this.#start(append(conversation, answer), answer, request, elsewhere);
  }

  #start(
    conversation: Conversation,
    answer: AssistantMessage,
    request: GenerateRequest,
    elsewhere?: Elsewhere,
  ): void {
    const run: Run = {
      id: this.#newId(),
      conversationId: conversation.id,
      messageId: answer.id,
      controller: new AbortController(),
      usageBefore: answer.usage,
    };
    this.#run = run;
    const { id: runId, conversationId, messageId } = run;
    this.set({
      ...this.#with(conversation),
      activeId: conversation.id,
      run: { state: 'running', runId, conversationId, messageId },
    });
    const engineFree = this.#engineFree;
    // Elsewhere takes nothing of the engine here, and waits for nothing of it.
    if (elsewhere) void this.#drive(run, () => Promise.resolve(elsewhere.generate(run.controller)));
    else this.#engineFree = this.#drive(run, () => this.#ask(run, request, engineFree));
  }

  /** Undefined where the run has ended before its answer began. */
  async #ask(
    run: Run,
    request: GenerateRequest,
    engineFree: Promise<void>,
  ): Promise<AsyncIterable<readonly GenerateEvent[]> | undefined> {
    const { signal } = run.controller;
    await engineFree;
    if (!this.#owns(run)) return undefined;
    const client = await this.#parts.engine(signal);
    if (!this.#owns(run)) return undefined;
    const fitted = await this.#prepare(run, request, client);
    return this.#owns(run) ? client.generate(fitted, { signal }) : undefined;
  }

  async #drive(
    run: Run,
    begin: () => Promise<AsyncIterable<readonly GenerateEvent[]> | undefined>,
  ): Promise<void> {
    try {
      const answer = await begin();
      if (!answer) return;
      for await (const batch of answer) {
        // Stopped: keep listening to the end, so that the next run finds the engine free.
        if (this.#owns(run)) this.#apply(run, batch);
        else this.#applyLate(run, batch);
      }
      if (this.#owns(run))
        throw new AppError('internal/unexpected', 'The answer broke off without saying why.');
    } catch (thrown) {
      if (this.#owns(run)) this.#end(run, statusOfError(toAppError(thrown)));
    }
  }

  /** What of the request the model can see, with the chat's documents, in the room that there is. */
  async #prepare(run: Run, request: GenerateRequest, client: EngineClient): Promise<GenerateRequest> {
    const conversation = this.getState().conversations.get(run.conversationId);
    const answer = conversation?.messages.get(run.messageId);
    if (!conversation || answer?.role !== 'assistant') return request;
    return prepareRequest(request, { conversation, answer, client, ...this.#parts }, (change) => {
      const now = this.getState().conversations.get(run.conversationId);
      const message = now?.messages.get(run.messageId);
      if (this.#owns(run) && now && message?.role === 'assistant')
        this.set(this.#with(replace(now, { ...message, ...change })));
    });
  }

  #apply(run: Run, batch: readonly GenerateEvent[]): void {
    const conversation = this.getState().conversations.get(run.conversationId);
    const before = conversation?.messages.get(run.messageId);
    if (!conversation || before?.role !== 'assistant') return;
    const { message, read } = applyEvents(before, batch, run.usageBefore);
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
    if (message.status.kind !== 'complete') return;
    if (message.host === undefined) this.#parts.onAnswered?.();
    const queued = this.unqueue();
    if (queued) this.#do(queued);
  }

  /** Of a run that was stopped only the figures are still wanted; the text stays as it was when it stopped. */
  #applyLate(run: Run, batch: readonly GenerateEvent[]): void {
    const usage = batch.filter(({ type }) => type === 'usage');
    const conversation = this.getState().conversations.get(run.conversationId);
    const before = conversation?.messages.get(run.messageId);
    if (usage.length === 0 || !conversation || before?.role !== 'assistant') return;
    const { message } = applyEvents(before, usage, run.usageBefore);
    // It goes on already: the figures are those of its part before.
    if (this.#run?.messageId === run.messageId) this.#run.usageBefore = message.usage;
    else if (before.status.kind !== 'cancelled') return;
    this.set(this.#with(replace(conversation, message)));
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

  /** The chat that a message is in: most often the one on show. */
  #holding(messageId: string): Conversation | undefined {
    const active = this.#active();
    if (active?.messages.has(messageId)) return active;
    return [...this.getState().conversations.values()].find(({ messages }) => messages.has(messageId));
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
