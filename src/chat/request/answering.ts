// The one answer that may be under way on this device, and those from elsewhere: the engine is asked once it is free,
// and what it says is written into the message. A run may change a message only while it owns it, so whatever comes
// late from a stopped or replaced run changes nothing.
import { AppError, toAppError } from '../../base/errors';
import type { EngineClient } from '../../client/client';
import type { GenerateEvent, GenerateRequest, Usage } from '../../protocol/chat';
import { withConversation, type ChatState, type ChatStoreParts, type Elsewhere } from '../chat-state';
import { replace, type AssistantMessage, type Conversation, type MessageStatus } from '../conversation';
import type { Subscribable } from '../subscribable';
import { applyEvents, statusOfError } from './answer-events';
import { prepareRequest } from './prepare-request';

interface Run {
  readonly id: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly controller: AbortController;
  /** What earlier parts of the answer took. */
  usageBefore: Usage | undefined;
}

export interface AnsweringHost {
  readonly store: Subscribable<ChatState>;
  readonly parts: ChatStoreParts;
  readonly newId: () => string;
  /** An answer has come to its own end: neither stopped nor failed. */
  readonly onWhole: () => void;
}

export class Answering {
  readonly #store: Subscribable<ChatState>;
  readonly #host: AnsweringHost;
  #run: Run | undefined;
  /** Settles when the engine has let go of the run before. */
  #engineFree: Promise<void> = Promise.resolve();

  constructor(host: AnsweringHost) {
    this.#host = host;
    this.#store = host.store;
  }

  get isUnderWay(): boolean {
    return this.#run !== undefined;
  }

  isIn(conversationId: string): boolean {
    return this.#run?.conversationId === conversationId;
  }

  /** Puts the conversation on show, with its answer running. Not while another is under way. */
  start(
    conversation: Conversation,
    answer: AssistantMessage,
    request: GenerateRequest,
    elsewhere?: Elsewhere,
  ): void {
    const run: Run = {
      id: this.#host.newId(),
      conversationId: conversation.id,
      messageId: answer.id,
      controller: new AbortController(),
      usageBefore: answer.usage,
    };
    this.#run = run;
    const { id: runId, conversationId, messageId } = run;
    this.#store.set({
      ...this.#with(conversation),
      activeId: conversation.id,
      run: { state: 'running', runId, conversationId, messageId },
    });
    const engineFree = this.#engineFree;
    // Elsewhere takes nothing of the engine here, and waits for nothing of it.
    if (elsewhere) void this.#drive(run, () => Promise.resolve(elsewhere.generate(run.controller)));
    else this.#engineFree = this.#drive(run, () => this.#ask(run, request, engineFree));
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

  /** Undefined where the run has ended before its answer began. */
  async #ask(
    run: Run,
    request: GenerateRequest,
    engineFree: Promise<void>,
  ): Promise<AsyncIterable<readonly GenerateEvent[]> | undefined> {
    const { signal } = run.controller;
    await engineFree;
    if (!this.#owns(run)) return undefined;
    const client = await this.#host.parts.engine(signal);
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
    const conversation = this.#store.getState().conversations.get(run.conversationId);
    const answer = conversation?.messages.get(run.messageId);
    if (!conversation || answer?.role !== 'assistant') return request;
    return prepareRequest(request, { conversation, answer, client, ...this.#host.parts }, (change) => {
      const now = this.#store.getState().conversations.get(run.conversationId);
      const message = now?.messages.get(run.messageId);
      if (this.#owns(run) && now && message?.role === 'assistant')
        this.#store.set(this.#with(replace(now, { ...message, ...change })));
    });
  }

  #apply(run: Run, batch: readonly GenerateEvent[]): void {
    const state = this.#store.getState();
    const conversation = state.conversations.get(run.conversationId);
    const before = conversation?.messages.get(run.messageId);
    if (!conversation || before?.role !== 'assistant') return;
    const { message, read } = applyEvents(before, batch, run.usageBefore);
    const { run: running } = state;
    if (message === before) {
      if (read !== undefined && running.state === 'running')
        this.#store.set({ ...state, run: { ...running, read } });
      return;
    }
    const next = this.#with(replace(conversation, message));
    if (message.status.kind === 'running') {
      if (running.state !== 'running') this.#store.set(next);
      else {
        const { read: _before, ...rest } = running;
        this.#store.set({ ...next, run: read === undefined ? rest : { ...rest, read } });
      }
      return;
    }
    this.#run = undefined;
    this.#store.set({ ...next, run: { state: 'idle' } });
    if (message.status.kind !== 'complete') return;
    if (message.host === undefined) this.#host.parts.onAnswered?.();
    this.#host.onWhole();
  }

  /** Of a run that was stopped only the figures are still wanted; the text stays as it was when it stopped. */
  #applyLate(run: Run, batch: readonly GenerateEvent[]): void {
    const usage = batch.filter(({ type }) => type === 'usage');
    const conversation = this.#store.getState().conversations.get(run.conversationId);
    const before = conversation?.messages.get(run.messageId);
    if (usage.length === 0 || !conversation || before?.role !== 'assistant') return;
    const { message } = applyEvents(before, usage, run.usageBefore);
    // It goes on already: the figures are those of its part before.
    if (this.#run?.messageId === run.messageId) this.#run.usageBefore = message.usage;
    else if (before.status.kind !== 'cancelled') return;
    this.#store.set(this.#with(replace(conversation, message)));
  }

  #end(run: Run, status: MessageStatus): void {
    if (!this.#owns(run)) return;
    this.#run = undefined;
    const conversation = this.#store.getState().conversations.get(run.conversationId);
    const message = conversation?.messages.get(run.messageId);
    const state =
      conversation && message?.role === 'assistant'
        ? this.#with(replace(conversation, { ...message, status }))
        : this.#store.getState();
    this.#store.set({ ...state, run: { state: 'idle' } });
  }

  #owns(run: Run): boolean {
    return this.#run === run;
  }

  #with(conversation: Conversation): ChatState {
    return withConversation(this.#store.getState(), conversation);
  }
}
