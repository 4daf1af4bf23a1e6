// The tasks of this device: begins, stops and goes on with them, one at a time, keeps every step, and puts what is done
// into a chat.
import { isAbort, toAppError } from '../base/errors';
import { part } from '../base/outdated';
import { newId } from '../base/ids';
import type { ChatStore } from '../chat/chat-store';
import { append, startConversation, type AssistantMessage, type Conversation } from '../chat/conversation';
import { Subscribable } from '../chat/subscribable';
import type { DocumentShelf } from '../documents/shelf';
import type { TaskEngine } from './ask-model';
import type { Job } from './job';
import type { JobStore } from './stored-jobs';

export interface DeskState {
  /** Newest first; undefined until they have been read. */
  readonly jobs: readonly Job[] | undefined;
  /** What is being written now, of which job. */
  readonly live: { readonly id: string; readonly text: string } | undefined;
}

export interface DeskParts {
  readonly engine: TaskEngine;
  readonly chat: ChatStore;
  readonly shelf: DocumentShelf;
  readonly store: JobStore;
  /** What the person is seen to have asked in the chat that keeps a result. */
  readonly question: (job: Job) => string;
  /** An extracted table as Markdown. */
  readonly table: (job: Job & { kind: 'extract' }) => string;
}

type NewJob<T> = T extends Job ? Omit<T, 'id' | 'createdAt' | 'model' | 'status'> : never;

export class TaskDesk extends Subscribable<DeskState> {
  readonly #parts: DeskParts;
  #running: { readonly id: string; readonly controller: AbortController } | undefined;
  #loading: Promise<void> | undefined;

  constructor(parts: DeskParts) {
    super({ jobs: undefined, live: undefined });
    this.#parts = parts;
  }

  /** Reads what is kept; does so once. */
  load(): Promise<void> {
    this.#loading ??= this.#parts.store.list().then(
      (stored) => {
        const own = this.getState().jobs ?? [];
        const others = stored.filter(({ id }) => own.every((job) => job.id !== id));
        this.set({ ...this.getState(), jobs: [...own, ...others] });
      },
      () => this.set({ ...this.getState(), jobs: this.getState().jobs ?? [] }),
    );
    return this.#loading;
  }

  /** @returns the id of the job. */
  start(job: NewJob<Job>): string {
    const id = newId();
    const whole = {
      ...job,
      id,
      createdAt: Date.now(),
      model: this.#parts.engine.model(),
      status: { kind: 'running' },
    } as Job;
    this.set({ ...this.getState(), jobs: [whole, ...(this.getState().jobs ?? [])] });
    this.#drive(whole);
    return id;
  }

  /** Goes on with one that was stopped, failed, or was cut by a reload. */
  resume(id: string): void {
    const job = this.job(id);
    if (job && job.status.kind !== 'done' && this.#running?.id !== id) this.#drive(job);
  }

  /** Stops what runs; what is there is kept. */
  stop(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.controller.abort();
    const job = running && this.job(running.id);
    if (job) this.#keep({ ...job, status: { kind: 'paused' } });
    this.set({ ...this.getState(), live: undefined });
  }

  async remove(id: string): Promise<void> {
    if (this.#running?.id === id) this.stop();
    this.set({ ...this.getState(), jobs: this.getState().jobs?.filter((job) => job.id !== id) });
    await this.#parts.store.remove(id).catch(() => undefined);
  }

  job(id: string): Job | undefined {
    return this.getState().jobs?.find((job) => job.id === id);
  }

  #drive(job: Job): void {
    this.stop();
    const controller = new AbortController();
    this.#running = { id: job.id, controller };
    this.#keep({ ...job, status: { kind: 'running' } });
    const owns = (): boolean => this.#running?.controller === controller;
    void this.#work(job, controller.signal, owns).then(
      ({ done, answers }) => {
        if (!owns()) return;
        const chat = this.#asChat(done, answers);
        if (chat) this.#parts.chat.absorb([chat], []);
        this.#finish({ ...done, status: { kind: 'done' }, ...(chat ? { chatId: chat.id } : {}) });
      },
      (thrown: unknown) => {
        if (!owns()) return;
        const error = toAppError(thrown);
        const now = this.job(job.id) ?? job;
        this.#finish({
          ...now,
          status: isAbort(error)
            ? { kind: 'paused' }
            : { kind: 'failed', code: error.code, message: error.message },
        });
      },
    );
  }

  #finish(job: Job): void {
    this.#running = undefined;
    this.set({ ...this.getState(), live: undefined });
    this.#keep(job);
  }

  async #work(
    job: Job,
    signal: AbortSignal,
    owns: () => boolean,
  ): Promise<{ readonly done: Job; readonly answers: readonly string[] }> {
    const { engine, shelf } = this.#parts;
    const keep = (step: Job): void => {
      if (!owns()) return;
      this.set({ ...this.getState(), live: undefined });
      this.#keep({ ...step, status: { kind: 'running' } });
    };
    const onText = (text: string): void => {
      if (owns()) this.set({ ...this.getState(), live: { id: job.id, text } });
    };
    const { answersOf, doJob } = await part(() => import('./do-job'));
    const done = await doJob(job, { engine, shelf, keep, signal, onText });
    return { done, answers: answersOf(done, this.#parts.table) };
  }

  #keep(job: Job): void {
    const { jobs = [], ...rest } = this.getState();
    this.set({ ...rest, jobs: jobs.map((one) => (one.id === job.id ? job : one)) });
    // A full disk must not end the task; the page still has it.
    void this.#parts.store.save(job).catch(() => undefined);
  }

  #asChat(job: Job, answers: readonly string[]): Conversation | undefined {
    if (answers.length === 0) return undefined;
    const now = Date.now();
    const question = {
      role: 'user',
      id: newId(),
      parentId: null,
      createdAt: now,
      text: this.#parts.question(job),
      ...('document' in job ? { documents: [job.document] } : {}),
    } as const;
    return answers.reduce(
      (conversation, text, at): Conversation =>
        append(conversation, {
          role: 'assistant',
          id: newId(),
          parentId: question.id,
          createdAt: now + at + 1,
          text,
          model: job.model,
          status: { kind: 'complete', finishReason: 'stop', contextFull: false },
        } satisfies AssistantMessage),
      startConversation(newId(), question),
    );
  }
}
