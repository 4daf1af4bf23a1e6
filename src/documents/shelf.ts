// The documents on this device as the page sees them: the list, the files that are being read, and questions to their
// passages. A file is read in a worker of its own, which ends with it: cancelling is immediate, whatever the file does,
// and a reader that ran out of memory takes nobody along.
import { AppError, fromWire, toAppError } from '../base/errors';
import { Subscribable } from '../chat/subscribable';
import {
  isDocumentRecord,
  isPassages,
  type DocumentRecord,
  type Passage,
  type ReadDocument,
  type ReadProgress,
} from './document';
import type { FoundPassage, FromDocuments, ToDocuments } from './messages';
import type { DocumentStore } from './stored';

/** What of a worker is used. */
export interface DocumentsWorker {
  postMessage(message: ToDocuments): void;
  addEventListener(
    type: 'message' | 'error' | 'messageerror',
    listener: (event: { readonly data?: unknown }) => void,
  ): void;
  terminate(): void;
}

export interface Reading {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  /** Absent while another file is being read. */
  readonly progress?: ReadProgress;
  readonly error?: AppError;
}

export interface ShelfState {
  /** Newest first; undefined until they have been looked for. */
  readonly documents: readonly DocumentRecord[] | undefined;
  readonly readings: readonly Reading[];
  /** Why the list could not be read. */
  readonly error: AppError | undefined;
}

interface Job {
  readonly id: number;
  readonly file: Blob;
  readonly name: string;
  readonly resolve: (record: DocumentRecord) => void;
  readonly reject: (error: AppError) => void;
}

export class DocumentShelf extends Subscribable<ShelfState> {
  readonly #makeWorker: () => DocumentsWorker;
  readonly #store: DocumentStore;
  readonly #queue: Job[] = [];
  #current: { readonly job: Job; readonly worker: DocumentsWorker } | undefined;
  #finder: DocumentsWorker | undefined;
  readonly #asked = new Map<
    number,
    { resolve: (found: readonly FoundPassage[]) => void; reject: (error: AppError) => void }
  >();
  #nextId = 1;

  constructor(makeWorker: () => DocumentsWorker, store: DocumentStore) {
    super({ documents: undefined, readings: [], error: undefined });
    this.#makeWorker = makeWorker;
    this.#store = store;
  }

  async refresh(): Promise<void> {
    try {
      const documents = await this.#store.list();
      this.set({ ...this.getState(), documents, error: undefined });
    } catch (thrown) {
      this.set({ ...this.getState(), error: toAppError(thrown, 'storage/unavailable') });
    }
  }

  /** Reads a file and keeps it. Rejects with an AppError; `run/aborted` after `dismiss`. */
  add(file: Blob & { readonly name?: string }, onStart?: (id: number) => void): Promise<DocumentRecord> {
    const id = this.#nextId++;
    const name = file.name ?? '';
    this.set({
      ...this.getState(),
      readings: [...this.getState().readings, { id, name, bytes: file.size }],
    });
    onStart?.(id);
    return new Promise((resolve, reject) => {
      this.#queue.push({ id, file, name, resolve, reject });
      this.#next();
    });
  }

  /** Cancels a file that is being read or waits; takes one that failed off the list. */
  dismiss(id: number): void {
    const waiting = this.#queue.findIndex((job) => job.id === id);
    const [job] = waiting >= 0 ? this.#queue.splice(waiting, 1) : [];
    const current = this.#current?.job.id === id ? this.#current : undefined;
    this.#drop(id);
    const cancelled = new AppError('run/aborted', 'Reading the file was cancelled.');
    job?.reject(cancelled);
    if (current) {
      this.#finish();
      current.job.reject(cancelled);
    }
  }

  async remove(id: string): Promise<void> {
    await this.#store.remove(id);
    this.#endFinder(new AppError('documents/missing', 'A document was deleted meanwhile.'));
    await this.refresh();
  }

  /** Every document with its text, as a backup holds them. */
  async readAll(): Promise<readonly ReadDocument[]> {
    const records = await this.#store.list();
    return Promise.all(
      records.map(async (record) => ({ record, passages: await this.#store.passages(record.id) })),
    );
  }

  /** Keeps what is whole of a backup's documents and not here yet. @returns how many those are. */
  async takeIn(untrusted: unknown): Promise<number> {
    const known = new Set((await this.#store.list()).map(({ id }) => id));
    let taken = 0;
    for (const item of Array.isArray(untrusted) ? (untrusted as unknown[]) : []) {
      const { record, passages } = (item ?? {}) as { record?: unknown; passages?: unknown };
      if (!isDocumentRecord(record) || !isPassages(passages) || known.has(record.id)) continue;
      known.add(record.id);
      await this.#store.save({ record, passages });
      taken += 1;
    }
    if (taken > 0) await this.refresh();
    return taken;
  }

  passages(id: string): Promise<readonly Passage[]> {
    return this.#store.passages(id);
  }

  record(id: string): Promise<DocumentRecord | undefined> {
    return this.#store.get(id);
  }

  /** The best passages for a question, best first, out of these documents. */
  find(question: string, documentIds: readonly string[], limit: number): Promise<readonly FoundPassage[]> {
    const call = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#asked.set(call, { resolve, reject });
      this.#ensureFinder().postMessage({ call, op: 'find', question, documentIds, limit });
    });
  }

  #ensureFinder(): DocumentsWorker {
    if (this.#finder) return this.#finder;
    const worker = this.#makeWorker();
    this.#finder = worker;
    worker.addEventListener('message', ({ data }) => {
      const message = data as FromDocuments;
      const asked = this.#asked.get(message.call);
      this.#asked.delete(message.call);
      if (message.k === 'found') asked?.resolve(message.found);
      else if (message.k === 'error') asked?.reject(fromWire(message.error));
    });
    worker.addEventListener('error', () => {
      if (this.#finder === worker) this.#endFinder(crashed());
    });
    return worker;
  }

  #endFinder(error: AppError): void {
    this.#finder?.terminate();
    this.#finder = undefined;
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }

  #next(): void {
    if (this.#current) return;
    const job = this.#queue.shift();
    if (!job) return;
    const worker = this.#makeWorker();
    this.#current = { job, worker };
    const isCurrent = (): boolean => this.#current?.worker === worker;
    worker.addEventListener('message', ({ data }) => {
      if (isCurrent()) this.#hear(job, data as FromDocuments);
    });
    const crash = (): void => {
      if (isCurrent()) this.#fail(job, crashed());
    };
    worker.addEventListener('error', crash);
    worker.addEventListener('messageerror', crash);
    this.#update(job.id, { progress: { step: 'hash', done: 0, total: 1 } });
    worker.postMessage({ call: job.id, op: 'read', file: job.file, name: job.name });
  }

  #hear(job: Job, message: FromDocuments): void {
    switch (message.k) {
      case 'progress':
        this.#update(job.id, { progress: message.progress });
        break;
      case 'read':
        this.#drop(job.id);
        this.#finish();
        void this.refresh().then(() => job.resolve(message.record));
        break;
      case 'error':
        this.#fail(job, fromWire(message.error));
        break;
      case 'found':
        break;
    }
  }

  #fail(job: Job, error: AppError): void {
    this.#update(job.id, { error });
    this.#finish();
    job.reject(error);
  }

  #finish(): void {
    this.#current?.worker.terminate();
    this.#current = undefined;
    this.#next();
  }

  #update(id: number, change: Partial<Reading>): void {
    const { readings, ...rest } = this.getState();
    this.set({ ...rest, readings: readings.map((one) => (one.id === id ? { ...one, ...change } : one)) });
  }

  #drop(id: number): void {
    const { readings, ...rest } = this.getState();
    this.set({ ...rest, readings: readings.filter((one) => one.id !== id) });
  }
}

function crashed(): AppError {
  return new AppError('worker/crashed', 'The documents worker ended unexpectedly.', { retryable: true });
}
