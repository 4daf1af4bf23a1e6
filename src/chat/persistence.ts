// Conversations in IndexedDB, in a database of their own, one record each. Writes are throttled while an answer
// streams; all else is written at once, since a browser may be closed right after an answer. Tabs tell each other
// what they have written and take it over. Unreadable records are left as they are and counted.
import { createStore, entries, type UseStore } from 'idb-keyval';
import { toAppError, type AppError } from '../base/errors';
import { activeKey, chatPrefix, readChats, writeChats } from './chat-records';
import type { ChatStore } from './chat-store';
import type { Conversation } from './conversation';
import { fromRecord } from './conversation-record';
import { lacks } from './merge';
import { Subscribable } from './subscribable';

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

/** What tabs say to each other: which chats were written or deleted just now. */
interface ChatNews {
  readonly v: 1;
  readonly changed: readonly string[];
  readonly gone: readonly string[];
}

const channelName = 'phield-chats';

/** Keeps the database in step with the store from now on, and the store with other tabs. */
export class ChatSaver extends Subscribable<SaveState> {
  readonly #store: ChatStore;
  readonly #database: UseStore;
  readonly #channel: BroadcastChannel | undefined;
  #written: ReadonlyMap<string, Conversation>;
  #writtenActive: string | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastWriteAt = 0;
  #writing: Promise<void> = Promise.resolve();
  /** Chats written while an answer runs in them: others are told once it has ended. */
  readonly #untold = new Set<string>();
  /** What another tab has said is being taken over: nothing to write yet. */
  #hearing = false;

  constructor(store: ChatStore, database: UseStore) {
    super(undefined);
    this.#store = store;
    this.#database = database;
    const { conversations, activeId } = store.getState();
    this.#written = conversations;
    this.#writtenActive = activeId;
    if (typeof BroadcastChannel !== 'undefined') {
      this.#channel = new BroadcastChannel(channelName);
      this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (isNews(data)) void this.#hear(data);
      };
    }
    store.subscribe(() => this.#schedule());
  }

  /** Stops listening to other tabs. */
  close(): void {
    clearTimeout(this.#timer);
    this.#channel?.close();
  }

  /**
   * Writes what has changed, after what is being written. Never rejects: failure is this store's state.
   * @param leaving the page is going away and may not get another turn.
   */
  flush({ leaving = false } = {}): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastWriteAt = Date.now();
    const { conversations, activeId } = this.#store.getState();
    const before = this.#written;
    const changed = [...conversations.values()].filter((one) => before.get(one.id) !== one);
    const gone = [...before.keys()].filter((id) => !conversations.has(id));
    const isElsewhere = activeId !== this.#writtenActive;
    if (changed.length === 0 && gone.length === 0 && !isElsewhere) return this.#writing;
    this.#written = conversations;
    this.#writtenActive = activeId;
    // Started at once, not after the write before: a page that is being hidden may not get another turn.
    // Transactions on one store run in the order in which they were made.
    const write = this.#write(changed, gone, isElsewhere ? activeId : undefined, before, leaving);
    this.#writing = Promise.all([this.#writing, write]).then(() => undefined);
    return this.#writing;
  }

  async #write(
    changed: readonly Conversation[],
    gone: readonly string[],
    activeId: string | null | undefined,
    before: ReadonlyMap<string, Conversation>,
    leaving: boolean,
  ): Promise<void> {
    try {
      await writeChats(this.#database, { changed, gone, activeId }, { blind: leaving });
      this.set(undefined);
      for (const { id } of changed) this.#untold.add(id);
      this.#tell(gone);
    } catch (thrown) {
      // What failed counts as unwritten, so the next change tries all of it again.
      this.#written = before;
      const isFull = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
      this.set(toAppError(thrown, isFull ? 'storage/quota' : 'storage/unavailable'));
    }
  }

  #tell(gone: readonly string[]): void {
    const { run } = this.#store.getState();
    const changed = [...this.#untold].filter((id) => run.state === 'idle' || run.conversationId !== id);
    for (const id of changed) this.#untold.delete(id);
    if (changed.length > 0 || gone.length > 0)
      this.#channel?.postMessage({ v: 1, changed, gone } satisfies ChatNews);
  }

  /** What another tab has written becomes part of this one's; what it did not know of is written once more. */
  async #hear({ changed, gone }: ChatNews): Promise<void> {
    // News that cannot be read now comes with the chat's next.
    const stored = await readChats(this.#database, changed).catch(() => []);
    this.#hearing = true;
    this.#store.absorb(stored, gone);
    this.#hearing = false;
    const { conversations } = this.#store.getState();
    const written = new Map(this.#written);
    for (const id of gone) if (!conversations.has(id)) written.delete(id);
    for (const record of stored) {
      const own = conversations.get(record.id);
      if (own && !lacks(record, own)) written.set(own.id, own);
    }
    this.#written = written;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#hearing) return;
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

function isNews(data: unknown): data is ChatNews {
  if (typeof data !== 'object' || data === null) return false;
  const { v, changed, gone } = data as Partial<Record<keyof ChatNews, unknown>>;
  const isIds = (value: unknown): boolean =>
    Array.isArray(value) && value.every((id) => typeof id === 'string');
  return v === 1 && isIds(changed) && isIds(gone);
}
