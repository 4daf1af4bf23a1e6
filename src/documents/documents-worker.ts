// The documents worker's entry. Binds, nothing else.
import { watchLoads } from '../ledger/watch-loads';
import { serveDocuments } from './serve';
import { openDocuments } from './stored';

watchLoads();
serveDocuments(
  {
    postMessage: (message) => postMessage(message),
    addEventListener: (_type, listener) => addEventListener('message', listener),
  },
  openDocuments(),
);
