// The documents worker's entry. Binds, nothing else.
import { serveDocuments } from './serve';
import { openDocuments } from './stored';

serveDocuments(
  {
    postMessage: (message) => postMessage(message),
    addEventListener: (_type, listener) => addEventListener('message', listener),
  },
  openDocuments(),
);
