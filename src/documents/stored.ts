// Documents in IndexedDB, once per content: what a list shows in one database, the passages, which may be megabytes, in
// another. Records that cannot be read (another version wrote them) are left alone and not shown.
import { createStore, del, get, set, values, type UseStore } from 'idb-keyval';
import { AppError, toAppError } from '../base/errors';
import {
  isDocumentRecord,
  isPassages,
  type DocumentRecord,
  type Passage,
  type ReadDocument,
} from './document';

export interface DocumentStore {
  list(): Promise<readonly DocumentRecord[]>;
  get(id: string): Promise<DocumentRecord | undefined>;
  /** @throws AppError `documents/missing`. */
  passages(id: string): Promise<readonly Passage[]>;
  save(document: ReadDocument): Promise<void>;
  remove(id: string): Promise<void>;
}

export function openDocuments(): DocumentStore {
  // Opened when they are first used: a browser that forbids them fails the act, not the page.
  let opened: { readonly records: UseStore; readonly texts: UseStore } | undefined;
  const databases = () =>
    (opened ??= {
      records: createStore('phield-documents', 'records'),
      texts: createStore('phield-document-texts', 'passages'),
    });
  const attempt = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (thrown) {
      const isFull = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
      throw toAppError(thrown, isFull ? 'storage/quota' : 'storage/unavailable');
    }
  };
  return {
    list: () =>
      attempt(async () => {
        const all = await values<unknown>(databases().records);
        return all.filter(isDocumentRecord).sort((a, b) => b.addedAt - a.addedAt);
      }),
    get: (id) =>
      attempt(async () => {
        const record = await get<unknown>(id, databases().records);
        return isDocumentRecord(record) ? record : undefined;
      }),
    passages: async (id) => {
      const passages = await attempt(() => get<unknown>(id, databases().texts));
      if (!isPassages(passages))
        throw new AppError('documents/missing', 'The document is no longer on this device.');
      return passages;
    },
    // The text first: a record without it would be a document that cannot be opened.
    save: ({ record, passages }) =>
      attempt(async () => {
        const { records, texts } = databases();
        await set(record.id, passages, texts);
        await set(record.id, record, records);
      }),
    remove: (id) =>
      attempt(async () => {
        const { records, texts } = databases();
        await del(id, records);
        await del(id, texts);
      }),
  };
}
