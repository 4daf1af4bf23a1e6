// Conversations in IndexedDB, in a database of their own, one record each. Writes are throttled while an answer
// streams; all else is written at once, since a browser may be closed right after an answer. Unreadable records are left as they are and counted.
import { createStore, delMany, entries, setMany, type UseStore } from 'idb-keyval';
import { toAppError, type AppError } from '../base/errors';
import type { ChatStore } from './chat-store';
import type { Conversation } from './conversation';
import { fromRecord, toRecord } from './conversation-record';
import { Subscribable } from './subscribable';

const chatPrefix = 'chat:';
const activeKey = 'active';
const throttleMs = 500;

export interface SavedChats {
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly activeId: string | null;
  /** Records that could not be read; they stay in the database untouched. */
  readonly unreadable: number;
}

export function openChatDatabase(): UseStore {
  return createStore('phield-chats', 'records');
}

/** @throws AppError `storage/unavailable` where the browser gives no database. */
export async function loadChats(database: UseStore): Promise<SavedChats> {
  let records: [IDBValidKey, unknown][];
  try {
    records = await entries<IDBValidKey, unknown>(database);
  } catch (thrown) {
    throw toAppError(thrown, 'storage/unavailable');
  }
  const found: Conversation[] = [];
  let unreadable = 0;
  let activeId: string | null = null;
  for (const [key, record] of records) {
    if (key === activeKey && typeof record === 'string') activeId = record;
    if (typeof key !== 'string' || !key.startsWith(chatPrefix)) continue;
    const conversation = fromRecord(record);
    if (conversation && key === chatPrefix + conversation.id) found.push(conversation);
    else unreadable += 1;
  }
  const conversations = new Map(found.map((conversation) => [conversation.id, conversation]));
  return {
    conversations,
    activeId: activeId !== null && conversations.has(activeId) ? activeId : null,
    unreadable,
  };
}

/** Why the last write failed; undefined while all is well. */
export type SaveState = AppError | undefined;

/** Keeps the database in step with the store from now on. */
export class ChatSaver extends Subscribable<SaveState> {
  readonly #store: ChatStore;
  readonly #database: UseStore;
  #written: ReadonlyMap<string, Conversation>;
  #writtenActive: string | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastWriteAt = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: ChatStore, database: UseStore) {
    super(undefined);
    this.#store = store;
    this.#database = database;
    const { conversations, activeId } = store.getState();
    this.#written = conversations;
    this.#writtenActive = activeId;
    store.subscribe(() => this.#schedule());
  }

  /** Writes what has changed, after what is being written. Never rejects: failure is this store's state. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastWriteAt = Date.now();
    const { conversations, activeId } = this.#store.getState();
    const before = this.#written;
    const changed = [...conversations.values()].filter((one) => before.get(one.id) !== one);
    const gone = [...before.keys()].filter((id) => !conversations.has(id));
    const records: [IDBValidKey, unknown][] = changed.map((one) => [chatPrefix + one.id, toRecord(one)]);
    if (activeId !== this.#writtenActive) records.push([activeKey, activeId ?? '']);
    if (records.length === 0 && gone.length === 0) return this.#writing;
    this.#written = conversations;
    this.#writtenActive = activeId;
    // Started at once, not after the write before: a page that is being hidden may not get another turn.
    // Transactions on one store run in the order in which they were made.
    const write = this.#write(records, gone, before);
    this.#writing = Promise.all([this.#writing, write]).then(() => undefined);
    return this.#writing;
  }

  async #write(
    records: [IDBValidKey, unknown][],
    gone: readonly string[],
    before: ReadonlyMap<string, Conversation>,
  ): Promise<void> {
    try {
      await Promise.all([
        records.length > 0 ? setMany(records, this.#database) : undefined,
        gone.length > 0
          ? delMany(
              gone.map((id) => chatPrefix + id),
              this.#database,
            )
          : undefined,
      ]);
      this.set(undefined);
    } catch (thrown) {
      // What failed counts as unwritten, so the next change tries all of it again.
      this.#written = before;
      const isFull = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
      this.set(toAppError(thrown, isFull ? 'storage/quota' : 'storage/unavailable'));
    }
  }

  #schedule(): void {
    const { conversations, activeId, run } = this.#store.getState();
    if (conversations === this.#written && activeId === this.#writtenActive) return;
    if (run.state === 'idle') {
      void this.flush();
      return;
    }
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#lastWriteAt + throttleMs - Date.now());
    this.#timer = setTimeout(() => void this.flush(), wait);
  }
}
