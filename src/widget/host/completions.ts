// The model for the page around the frame: one request at a time, after the person has given leave. The page's words go to
// the engine and its answer back to the page; nothing of what a person says here or in the app is on that way.
import { AppError, isAbort, toAppError, type ErrorCode } from '../../base/errors';
import type { HostGrants } from '../../chat/settings/host-grants';
import { Subscribable } from '../../chat/subscribable';
import type { EngineClient } from '../../client/client';
import type { GenerateRequest } from '../../protocol/chat';
import { completionLimits, readCompletion, type CompletionCode } from '../../protocol/completions';
import { RateLimit, type FrameMessage } from '../../protocol/widget';

export interface CompletionParts {
  readonly send: (message: FrameMessage) => void;
  /** Of the page that asks. */
  readonly origin: string;
  readonly grants: HostGrants;
  /** @throws AppError where no model can be had. */
  readonly engine: (signal: AbortSignal) => Promise<EngineClient>;
  /** Id of the loaded model. */
  readonly model: () => string;
  readonly limit?: RateLimit;
}

/** What of it a person sees. */
export type CompletionState = 'idle' | 'asking' | 'running';

interface Call {
  readonly id: string;
  readonly controller: AbortController;
}

export class HostCompletions extends Subscribable<CompletionState> {
  readonly #parts: CompletionParts;
  readonly #limit: RateLimit;
  #call: Call | undefined;
  /** Of a call that was stopped and whose place the next one waits for. */
  #ended = Promise.resolve();
  #waiting: Call | undefined;
  #decide: (allowed: boolean) => void = () => {};
  /** Said once in the life of the page: it cannot ask again and again. */
  #refused = false;

  constructor(parts: CompletionParts) {
    super('idle');
    this.#parts = parts;
    this.#limit = parts.limit ?? new RateLimit(completionLimits.requests, completionLimits.windowMs);
    parts.grants.subscribe(() => {
      if (this.getState() === 'running' && !parts.grants.allows(parts.origin)) this.stop();
    });
  }

  get origin(): string {
    return this.#parts.origin;
  }

  /** Never rejects: what comes of it, the page is told. */
  async complete(id: string, untrusted: unknown): Promise<void> {
    const call: Call = { id, controller: new AbortController() };
    // Stopped, and not yet at its end: who stops one and asks anew is not told that the first is under way.
    if (this.#call?.controller.signal.aborted && !this.#waiting) {
      this.#waiting = call;
      await this.#ended;
      this.#waiting = undefined;
      if (call.controller.signal.aborted) return this.#fail(id, 'run/aborted', 'The request was stopped.');
    }
    if (this.#call) return this.#fail(id, 'completion/busy', 'One request at a time: another is under way.');
    if (!this.#limit.allows())
      return this.#fail(id, 'completion/rate-limited', 'Too many requests: wait a little.');
    const read = readCompletion(untrusted, this.#parts.origin);
    if ('problem' in read) return this.#fail(id, 'completion/bad-request', read.problem);
    this.#call = call;
    await (this.#ended = this.#answer(call, read.request));
  }

  async #answer(call: Call, request: GenerateRequest): Promise<void> {
    const { id } = call;
    try {
      if (!(await this.#permitted(call)))
        return this.#fail(id, 'completion/not-permitted', 'The person does not let this page use the model.');
      this.set('running');
      await this.#run(call, request);
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      if (!isAbort(thrown)) this.#fail(id, code, message);
      else this.#fail(id, 'run/aborted', 'The request was stopped.');
    } finally {
      this.#call = undefined;
      this.set('idle');
    }
  }

  /** The page's own request; whichever is under way where none is named. */
  stop(id?: string): void {
    if (id !== undefined && this.#waiting?.id === id) return this.#waiting.controller.abort();
    if (!this.#call || (id !== undefined && this.#call.id !== id)) return;
    this.#call.controller.abort();
    this.#decide(false);
  }

  /** What the person says to the question. */
  answer(allowed: boolean): void {
    if (this.getState() !== 'asking') return;
    if (allowed) this.#parts.grants.allow(this.#parts.origin);
    else this.#refused = true;
    this.#decide(allowed);
  }

  async #permitted({ controller: { signal } }: Call): Promise<boolean> {
    const { grants, origin, send } = this.#parts;
    if (grants.allows(origin)) return true;
    if (this.#refused) return false;
    const decided = new Promise<boolean>((resolve) => (this.#decide = resolve));
    this.set('asking');
    send({ type: 'asking' });
    const allowed = await decided;
    if (signal.aborted) throw new AppError('run/aborted', 'Stopped before the person had answered.');
    return allowed;
  }

  async #run({ id, controller: { signal } }: Call, request: GenerateRequest): Promise<void> {
    const { send, engine, model } = this.#parts;
    const client = await engine(signal);
    let promptTokens = 0;
    let completionTokens = 0;
    for await (const events of client.generate(request, { signal })) {
      for (const event of events) {
        if (event.type === 'token') send({ type: 'completion', id, text: event.text });
        // Not what was still in the cache: that may be of other conversations.
        else if (event.type === 'usage')
          ({ prompt_tokens: promptTokens, completion_tokens: completionTokens } = event.usage);
        else if (event.type === 'done') {
          if (event.finishReason === 'cancelled') throw new AppError('run/aborted', 'Stopped.');
          const { finishReason } = event;
          send({ type: 'completion-end', id, model: model(), finishReason, promptTokens, completionTokens });
          return;
        }
      }
    }
    throw new AppError('run/aborted', 'The answer ended early.');
  }

  #fail(id: string, code: CompletionCode | ErrorCode, message: string): void {
    this.#parts.send({ type: 'completion-failed', id, code, message });
  }
}
