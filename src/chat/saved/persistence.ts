// Conversations in IndexedDB, in a database of their own, one record a message. Writes are throttled while an answer
// streams; all else is written at once, since a browser may be closed right after an answer. Tabs tell each other
// what they have written and take it over. Unreadable records are left as they are and counted.
import type { UseStore } from 'idb-keyval';
import { toAppError, type AppError } from '../../base/errors';
import { migrate, readChats, readHeads, readParts, writeChats, type ChangedChat } from './chat-records';
import type { ChatStore } from '../chat-store';
import type { Conversation, Message } from '../conversation';
import { mergeHeads } from '../merge';
import { Subscribable } from '../subscribable';

const throttleMs = 500;

export interface SavedChats {
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly activeId: string | null;
  /** Records that could not be read; they stay in the database untouched. */
  readonly unreadable: number;
}

/**
 * What the list of chats needs, and the chat that was open, whole; all others come as stubs.
 * @throws AppError `storage/unavailable` where the browser gives no database.
 */
export async function loadChats(database: UseStore): Promise<SavedChats> {
  try {
    let found = await readHeads(database);
    const old = found.hasOld ? await migrate(database) : 0;
    if (found.hasOld) found = await readHeads(database);
    const conversations = new Map(found.heads.map((head) => [head.id, head]));
    const { activeId } = found;
    const isThere = activeId !== null && conversations.has(activeId);
    const [open] = isThere ? await readChats(database, [activeId]) : [];
    if (open) conversations.set(open.id, open);
    return { conversations, activeId: isThere ? activeId : null, unreadable: found.unreadable + old };
  } catch (thrown) {
    throw toAppError(thrown, 'storage/unavailable');
  }
}

/** Everything that is stored, whole: for a backup. */
export async function readAllChats(database: UseStore): Promise<readonly Conversation[]> {
  const { heads } = await readHeads(database);
  const all: Conversation[] = [];
  for (let at = 0; at < heads.length; at += readPortion) {
    const ids = heads.slice(at, at + readPortion).map(({ id }) => id);
    all.push(...(await readChats(database, ids)));
  }
  return all;
}

const readPortion = 200;

/** Why the last write failed; undefined while all is well. */
export type SaveState = AppError | undefined;

/** What tabs say to each other: which chats were written or deleted just now. */
interface ChatNews {
  readonly v: 1;
  readonly changed: readonly string[];
  readonly gone: readonly string[];
  /** Of each changed chat, which messages; absent from a tab of a version that does not say. */
  readonly messages?: Readonly<Record<string, readonly string[]>>;
}

/** Called with the ids of chats that have been written or deleted, in this tab or another. */
export type OnWritten = (changed: readonly string[], gone: readonly string[]) => void;

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
  /** Messages written that other tabs do not know of, by chat; while an answer runs in one they are told nothing. */
  readonly #untold = new Map<string, Set<string>>();
  readonly #onWritten: OnWritten | undefined;
  /** Chats that other tabs have in their lists. */
  readonly #announced: Set<string>;
  /** What another tab has said is being taken over: nothing to write yet. */
  #hearing = false;

  constructor(store: ChatStore, database: UseStore, onWritten?: OnWritten) {
    super(undefined);
    this.#onWritten = onWritten;
    this.#store = store;
    this.#database = database;
    const { conversations, activeId } = store.getState();
    this.#written = conversations;
    this.#announced = new Set(conversations.keys());
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
    const changed = changesOf(conversations, before);
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
    changed: readonly ChangedChat[],
    gone: readonly string[],
    activeId: string | null | undefined,
    before: ReadonlyMap<string, Conversation>,
    leaving: boolean,
  ): Promise<void> {
    try {
      await writeChats(this.#database, { changed, gone, activeId }, { blind: leaving });
      this.set(undefined);
      for (const { conversation, messages } of changed) {
        const untold = this.#untold.get(conversation.id) ?? new Set();
        for (const { id } of messages) untold.add(id);
        this.#untold.set(conversation.id, untold);
      }
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
    const isRunning = (id: string): boolean => run.state !== 'idle' && run.conversationId === id;
    const untold = [...this.#untold.keys()];
    const changed = untold.filter((id) => !isRunning(id));
    // A new chat is seen at once: that it is there, and of its messages nothing yet.
    const begun = untold.filter((id) => isRunning(id) && !this.#announced.has(id));
    const messages = Object.fromEntries([
      ...changed.map((id) => [id, [...(this.#untold.get(id) ?? [])]] as const),
      ...begun.map((id) => [id, []] as const),
    ]);
    for (const id of changed) this.#untold.delete(id);
    for (const id of untold) this.#announced.add(id);
    if (changed.length === 0 && begun.length === 0 && gone.length === 0) return;
    this.#channel?.postMessage({ v: 1, changed: [...changed, ...begun], gone, messages } satisfies ChatNews);
    if (changed.length === 0 && gone.length === 0) return;
    this.#onWritten?.(changed, gone);
  }

  /** What another tab has written becomes part of this one's. */
  async #hear({ changed, gone, messages }: ChatNews): Promise<void> {
    // News that cannot be read now comes with the chat's next.
    const stored = await this.#read(changed, messages).catch(() => []);
    const before = this.#store.getState().conversations;
    this.#hearing = true;
    this.#store.absorb(stored, gone);
    this.#hearing = false;
    const { conversations } = this.#store.getState();
    const written = new Map(this.#written);
    // One that is kept here, because an answer runs in it, has to be written anew, all of it.
    for (const id of gone) written.delete(id);
    for (const record of stored) {
      const [was, own] = [before.get(record.id), conversations.get(record.id)];
      // What was still to be written here stays so, and a name or pin that a leaving tab has covered is put back.
      const isWritten = was === this.#written.get(record.id);
      if (own && isWritten && mergeHeads(record, own) === record) written.set(record.id, own);
    }
    this.#written = written;
    this.#onWritten?.(changed, gone);
    this.#schedule();
  }

  /** Whole where it is open here, else only what the list shows. */
  async #read(ids: readonly string[], messages: ChatNews['messages']): Promise<readonly Conversation[]> {
    const { conversations } = this.#store.getState();
    const found = await Promise.all(
      ids.map(async (id): Promise<readonly Conversation[]> => {
        const own = conversations.get(id);
        const changed = messages?.[id];
        // A tab of the old version has written a record of its own.
        if (!changed) return readChats(this.#database, [id]);
        const isOpen = own !== undefined && !own.stub;
        const part = await readParts(this.#database, id, isOpen ? changed : []);
        if (!part) return [];
        if (!isOpen) return [part.head];
        const { stub: _, ...head } = part.head;
        const all = new Map(own.messages);
        for (const message of part.messages) all.set(message.id, message);
        return [{ ...head, messages: all }];
      }),
    );
    return found.flat();
  }

  /** A chat with its messages, for the store to show; it counts as written. */
  async open(id: string): Promise<Conversation | undefined> {
    const [whole] = await readChats(this.#database, [id]);
    if (!whole) return undefined;
    const { conversations } = this.#store.getState();
    const wasWritten = conversations.get(id) === this.#written.get(id);
    this.#hearing = true;
    this.#store.absorb([whole], []);
    this.#hearing = false;
    const own = this.#store.getState().conversations.get(id);
    if (own && wasWritten) this.#written = new Map(this.#written).set(id, own);
    return own;
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

/** Which chats have changed, and which of their messages. */
function changesOf(
  now: ReadonlyMap<string, Conversation>,
  before: ReadonlyMap<string, Conversation>,
): readonly ChangedChat[] {
  const changed: ChangedChat[] = [];
  for (const conversation of now.values()) {
    const was = before.get(conversation.id);
    if (was === conversation) continue;
    const messages: Message[] = [];
    if (was?.messages !== conversation.messages)
      for (const message of conversation.messages.values())
        if (was?.messages.get(message.id) !== message) messages.push(message);
    changed.push({ conversation, messages });
  }
  return changed;
}

function isNews(data: unknown): data is ChatNews {
  if (typeof data !== 'object' || data === null) return false;
  const { v, changed, gone, messages } = data as Partial<Record<keyof ChatNews, unknown>>;
  const isIds = (value: unknown): boolean =>
    Array.isArray(value) && value.every((id) => typeof id === 'string');
  const isLists = (value: unknown): boolean =>
    value === undefined || (typeof value === 'object' && value !== null && Object.values(value).every(isIds));
  return v === 1 && isIds(changed) && isIds(gone) && isLists(messages);
}
