// The worker's half: reads files and keeps what they say, and answers which passages fit a question. It holds no
// network and no engine; cancelling a file is ending the worker that reads it.
import { toAppError, toWire } from '../base/errors';
import { PassageIndex, type IndexedPassage } from './find/find-passages';
import type { FoundPassage, FromDocuments, ToDocuments } from './messages';
import { checkSize, readDocument } from './read/read-document';
import type { DocumentStore } from './stored';

export interface DocumentsPort {
  postMessage(message: FromDocuments): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** Of the page: progress is drawn no faster. */
const progressMs = 80;

export function serveDocuments(port: DocumentsPort, store: DocumentStore): void {
  let indexed: { readonly key: string; readonly index: PassageIndex } | undefined;

  const read = async (call: number, file: Blob, name: string): Promise<void> => {
    // Before its bytes are in memory.
    checkSize(file.size);
    let toldAt = 0;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const document = await readDocument({ name, bytes }, (progress) => {
      const now = Date.now();
      if (now - toldAt < progressMs) return;
      toldAt = now;
      port.postMessage({ call, k: 'progress', progress });
    });
    const known = await store.get(document.record.id);
    // The same file again keeps its place in the list, and takes the name it has now.
    const record = known ? { ...document.record, addedAt: known.addedAt } : document.record;
    await store.save({ ...document, record });
    port.postMessage({ call, k: 'read', record });
  };

  const find = async (
    question: string,
    documentIds: readonly string[],
    limit: number,
  ): Promise<readonly FoundPassage[]> => {
    const key = [...documentIds].sort().join();
    if (indexed?.key !== key) {
      const all: IndexedPassage[] = [];
      for (const documentId of documentIds) {
        // One that has been deleted meanwhile has no passages.
        const passages = await store.passages(documentId).catch(() => []);
        for (const passage of passages) all.push({ documentId, passage });
      }
      indexed = { key, index: new PassageIndex(all) };
    }
    return indexed.index.find(question, limit);
  };

  port.addEventListener('message', ({ data }) => {
    const message = data as ToDocuments;
    const { call } = message;
    const fail = (thrown: unknown): void =>
      port.postMessage({ call, k: 'error', error: toWire(toAppError(thrown, 'documents/damaged')) });
    switch (message.op) {
      case 'read':
        read(call, message.file, message.name).catch(fail);
        break;
      case 'find':
        find(message.question, message.documentIds, message.limit).then(
          (found) => port.postMessage({ call, k: 'found', found }),
          fail,
        );
        break;
    }
  });
}
