// Reads documents in the page itself, for where no worker could share what it keeps: a site's knowledge, in a frame that
// may keep nothing.
import { part } from '../../base/outdated';
import type { DocumentsWorker } from '../../documents/shelf';
import type { DocumentStore } from '../../documents/stored';

type Hear = (event: { readonly data?: unknown }) => void;

export function documentsInPage(store: DocumentStore): DocumentsWorker {
  const [toPage, toReader]: [Hear[], Hear[]] = [[], []];
  let ended = false;
  const serving = part(() => import('../../documents/serve')).then(({ serveDocuments }) =>
    serveDocuments(
      {
        postMessage: (data) => {
          if (!ended) for (const listener of toPage) listener({ data });
        },
        addEventListener: (_type, listener) => toReader.push(listener as Hear),
      },
      store,
    ),
  );
  const failed: Hear[] = [];
  serving.catch(() => failed.forEach((listener) => listener({})));
  return {
    postMessage: (data) =>
      void serving.then(() => toReader.forEach((listener) => listener({ data }))).catch(() => {}),
    addEventListener: (type, listener) => (type === 'message' ? toPage : failed).push(listener),
    terminate: () => {
      ended = true;
    },
  };
}
