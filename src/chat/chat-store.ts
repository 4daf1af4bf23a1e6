// The chats on this device and what a person does with them. Every change goes through here; the answer that may be
// under way keeps its own (request/answering.ts).
import type { AppError } from '../base/errors';
import { newId as makeId } from '../base/ids';
import type { ChatMessage } from '../protocol/chat';
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
  type UserMessage,
} from './conversation';
import {
  withConversation,
  type ChatState,
  type ChatStoreParts,
  type Elsewhere,
  type Queued,
  type Variation,
} from './chat-state';
import { absorb } from './merge';
import { Answering } from './request/answering';
import { sampling } from './request/sampling';
import { Subscribable } from './subscribable';

export class ChatStore extends Subscribable<ChatState> {
  readonly #parts: ChatStoreParts;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #answering: Answering;

  constructor(
    parts: ChatStoreParts,
    initial: Partial<Pick<ChatState, 'conversations' | 'activeId' | 'queued'>> = {},
  ) {
    super({
      conversations: initial.conversations ?? new Map(),
      activeId: initial.activeId ?? null,
      run: { state: 'idle' },
      ...(initial.queued && { queued: initial.queued }),
    });
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#newId = parts.newId ?? makeId;
    this.#answering = new Answering({
      store: this,
      parts,
      newId: this.#newId,
      onWhole: () => {
        const queued = this.unqueue();
        if (queued) this.#do(queued);
      },
    });
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
    this.set(absorb(this.getState(), written, deleted, (id) => this.#answering.isIn(id)));
  }

  /** @returns what was deleted, for `restore`. */
  delete(conversationId: string): Conversation | undefined {
    if (this.#answering.isIn(conversationId)) this.stop();
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
    if (this.#answering.isUnderWay || text.trim() === '') return false;
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
        if (whole && !this.#answering.isUnderWay) this.#send(whole, text, images, documents);
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
    if (this.#answering.isUnderWay || !conversation || message?.role !== 'assistant') return;
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
    if (this.#answering.isUnderWay || !conversation || !message || conversation.staysHere) return false;
    const questionId = message.role === 'assistant' ? message.parentId : message.id;
    this.#answer(conversation, questionId, [], elsewhere);
    return true;
  }

  /** The same answer goes on from where it was cut. */
  continue(messageId: string): void {
    const conversation = this.#holding(messageId);
    const message = conversation?.messages.get(messageId);
    if (this.#answering.isUnderWay || !conversation || message?.role !== 'assistant' || !canContinue(message))
      return;
    const settings = this.#parts.settings(conversation);
    const { system } = settings;
    const running: AssistantMessage = { ...message, status: { kind: 'running' } };
    this.#answering.start(replace(conversation, running), running, {
      ...sampling(settings),
      messages: continueMessages(conversation, message, system),
      continue_final_message: true,
    });
  }

  /** Another wording of a question, beside the one given, with the same pictures, and its answer. */
  edit(messageId: string, text: string): void {
    const conversation = this.#holding(messageId);
    const message = conversation?.messages.get(messageId);
    if (this.#answering.isUnderWay || !conversation || message?.role !== 'user' || text.trim() === '') return;
    const edited = this.#userMessage(text, message.parentId, message.images, message.documents);
    this.#answer(append(conversation, edited), edited.id);
  }

  /**
   * Does it now, or once the answer under way has ended.
   * @returns false when something else waits already.
   */
  doOrQueue(queued: Queued): boolean {
    if (!this.#answering.isUnderWay) {
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
    if (!conversation || this.#answering.isIn(conversation.id)) return;
    this.set(this.#with(showBranch(conversation, messageId)));
  }

  /** The answer keeps the text it has; the engine is told and may take its time. */
  stop(): void {
    this.#answering.stop();
  }

  /**
   * The engine is gone: the run fails with why, and the next one does not wait for an engine that may never
   * say that it has let go.
   */
  engineLost(error: AppError): void {
    this.#answering.engineLost(error);
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
    this.#answering.start(append(conversation, answer), answer, request, elsewhere);
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
    return withConversation(this.getState(), conversation);
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
