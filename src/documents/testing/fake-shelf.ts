// A shelf whose workers run in the same thread over a store in memory: real readers, real search, no browser.
import { AppError } from '../../base/errors';
import type { DocumentRecord, Passage } from '../document';
import type { FromDocuments } from '../messages';
import { serveDocuments } from '../serve';
import { DocumentShelf, type DocumentsWorker } from '../shelf';
import type { DocumentStore } from '../stored';

export function memoryStore(): DocumentStore {
  const records = new Map<string, DocumentRecord>();
  const texts = new Map<string, readonly Passage[]>();
  return {
    list: () => Promise.resolve([...records.values()].sort((a, b) => b.addedAt - a.addedAt)),
    get: (id) => Promise.resolve(records.get(id)),
    passages: (id) => {
      const passages = texts.get(id);
      return passages
        ? Promise.resolve(passages)
        : Promise.reject(new AppError('documents/missing', 'Gone.'));
    },
    save: ({ record, passages }) => {
      records.set(record.id, record);
      texts.set(record.id, passages);
      return Promise.resolve();
    },
    remove: (id) => {
      records.delete(id);
      texts.delete(id);
      return Promise.resolve();
    },
  };
}

export class FakeDocumentsWorker implements DocumentsWorker {
  ended = false;
  readonly #toWorker = new Set<(event: { readonly data: unknown }) => void>();
  readonly #toWindow = new Map<string, ((event: { readonly data?: unknown }) => void)[]>();

  constructor(store: DocumentStore, held: boolean) {
    if (held) return;
    serveDocuments(
      {
        postMessage: (message: FromDocuments) => {
          if (!this.ended) this.fire('message', message);
        },
        addEventListener: (_type, listener) => this.#toWorker.add(listener),
      },
      store,
    );
  }

  fire(type: 'message' | 'error', data?: unknown): void {
    for (const listener of this.#toWindow.get(type) ?? []) listener({ data });
  }

  postMessage(message: unknown): void {
    queueMicrotask(() => {
      for (const listener of this.#toWorker) listener({ data: message });
    });
  }

  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void {
    this.#toWindow.set(type, [...(this.#toWindow.get(type) ?? []), listener]);
  }

  terminate(): void {
    this.ended = true;
  }
}

export interface FakeShelfOptions {
  /** Workers that never answer by themselves: the test speaks for them. */
  readonly held?: boolean;
}

export function fakeShelf({ held = false }: FakeShelfOptions = {}) {
  const store = memoryStore();
  const workers: FakeDocumentsWorker[] = [];
  const shelf = new DocumentShelf(() => {
    const worker = new FakeDocumentsWorker(store, held);
    workers.push(worker);
    return worker;
  }, store);
  return { shelf, store, workers };
}
