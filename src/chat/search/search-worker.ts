// Worker entry for search. Binds, nothing else.
import { createStore } from 'idb-keyval';
import { toAppError } from '../../base/errors';
import { watchLoads } from '../../ledger/watch-loads';
import { openChatDatabase } from '../saved/chat-database';
import { Searcher } from './searcher';
import type { FromSearchWorker, ToSearchWorker } from './search-client';

watchLoads();
const searcher = new Searcher(openChatDatabase(), createStore('phield-search', 'index'));

addEventListener('message', (event: MessageEvent) => {
  const call = event.data as ToSearchWorker;
  if (call.op === 'changed') {
    searcher.changed(call.ids, call.gone);
    return;
  }
  const { id } = call;
  searcher.query(call.text).then(
    (answer) => send({ id, answer }),
    (thrown: unknown) => {
      const { code, message } = toAppError(thrown, 'storage/unavailable');
      send({ id, error: { code, message } });
    },
  );
});

function send(message: FromSearchWorker): void {
  postMessage(message);
}
