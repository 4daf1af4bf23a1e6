// Documents where nothing can be kept: as long as the page.
import { AppError } from '../base/errors';
import type { ReadDocument } from './document';
import type { DocumentStore } from './stored';

export function documentsInMemory(): DocumentStore {
  const kept = new Map<string, ReadDocument>();
  return {
    list: () =>
      Promise.resolve([...kept.values()].map(({ record }) => record).sort((a, b) => b.addedAt - a.addedAt)),
    get: (id) => Promise.resolve(kept.get(id)?.record),
    passages: (id) => {
      const found = kept.get(id);
      return found
        ? Promise.resolve(found.passages)
        : Promise.reject(new AppError('documents/missing', 'The document is no longer in memory.'));
    },
    save: (document) => {
      kept.set(document.record.id, document);
      return Promise.resolve();
    },
    remove: (id) => {
      kept.delete(id);
      return Promise.resolve();
    },
  };
}
