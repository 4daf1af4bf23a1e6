// Where chats lie: a database of its own, apart from models.
import { createStore, type UseStore } from 'idb-keyval';

export function openChatDatabase(): UseStore {
  return createStore('phield-chats', 'records');
}
