// Conversations as records: a small one for each chat, which the list is made of, and one for each message, so that
// a message's change writes that message. One transaction a write; two tabs that write the same chat lose nothing of
// each other. Knows of no store and no tab. Schema 1 had one record a chat: what it left is taken over when found.
import type { UseStore } from 'idb-keyval';
import type { Conversation, Message } from '../conversation';
import { assemble, fromRecord, inOrder, readHead, readMessage } from '../conversation-record';
import { better, merge, mergeHeads } from '../merge';

export const headSchema = 2;
export const activeKey = 'active';
/** Of schema 1. */
export const oldPrefix = 'chat:';

export const headKey = (chatId: string): IDBValidKey => ['head', chatId];
export const messageKey = (chatId: string, messageId: string): IDBValidKey => ['message', chatId, messageId];
/** An array sorts after every string and number. */
const headRange = (): IDBKeyRange => IDBKeyRange.bound(['head'], ['head', []]);
const messageRange = (chatId: string): IDBKeyRange =>
  IDBKeyRange.bound(['message', chatId], ['message', chatId, []]);
const oldRange = (): IDBKeyRange => IDBKeyRange.bound(oldPrefix, `${oldPrefix}\uffff`);

export interface ChangedChat {
  readonly conversation: Conversation;
  /** Those of its messages that have changed. */
  readonly messages: readonly Message[];
}

export interface Changes {
  readonly changed: readonly ChangedChat[];
  readonly gone: readonly string[];
  /** Which chat is on show; undefined: as before. */
  readonly activeId: string | null | undefined;
}

function headRecord(conversation: Conversation): unknown {
  const { messages: _messages, stub: _stub, ...head } = conversation;
  // `writtenAt` tells the search index what it has not read yet.
  return { ...head, schema: headSchema, writtenAt: Date.now() };
}

/** The chat of a record, without its messages. */
export function stubOf(record: unknown): (Conversation & { readonly stub: true }) | undefined {
  const head = isSchema(record, headSchema) ? readHead(record) : undefined;
  if (!head?.title || head.createdAt === undefined || head.updatedAt === undefined || !head.headId)
    return undefined;
  const { title, createdAt, updatedAt, headId } = head;
  return { ...head, title, createdAt, updatedAt, headId, messages: new Map(), stub: true };
}

/**
 * Resolves when all is on the disk, rejects when nothing is.
 * @param blind puts at once what this tab knows, without a look at what lies there: for a page that is going away and
 * may not get another turn. It covers nothing but what this tab itself has changed.
 */
export function writeChats(database: UseStore, changes: Changes, { blind = false } = {}): Promise<void> {
  return transact(database, 'readwrite', (store, attempt) => {
    for (const { conversation, messages } of changes.changed) {
      const key = headKey(conversation.id);
      if (blind) {
        store.put(headRecord(conversation), key);
        for (const message of messages) store.put(message, messageKey(conversation.id, message.id));
        continue;
      }
      const asked = store.get(key);
      asked.onsuccess = () => attempt(() => put(store, attempt, conversation, messages, asked.result));
    }
    for (const id of changes.gone) {
      store.delete(headKey(id));
      store.delete(messageRange(id));
      store.delete(oldPrefix + id);
    }
    if (changes.activeId !== undefined) store.put(changes.activeId ?? '', activeKey);
  });
}

type Attempt = (act: () => void) => void;

function put(
  store: IDBObjectStore,
  attempt: Attempt,
  own: Conversation,
  messages: readonly Message[],
  record: unknown,
): void {
  if (record === undefined) {
    // New, or deleted by another tab meanwhile: then it comes back whole, or not at all where it is not here whole.
    if (own.stub) return;
    store.put(headRecord(own), headKey(own.id));
    for (const message of own.messages.values()) store.put(message, messageKey(own.id, message.id));
    return;
  }
  const stored = stubOf(record);
  // One that cannot be read, a newer version's say, is left as it is.
  if (!stored) return;
  store.put(headRecord(mergeHeads(own, stored)), headKey(own.id));
  for (const message of messages) {
    const key = messageKey(own.id, message.id);
    const asked = store.get(key);
    asked.onsuccess = () =>
      attempt(() => {
        const there = readMessage(asked.result);
        store.put(there ? better(message, there) : message, key);
      });
  }
}

export interface StoredHeads {
  readonly heads: readonly Conversation[];
  readonly activeId: string | null;
  readonly unreadable: number;
  /** Whether records of schema 1 lie there. */
  readonly hasOld: boolean;
}

/** What the list of chats is made of. */
export async function readHeads(database: UseStore): Promise<StoredHeads> {
  const [records, active, old] = await read(database, (store) => [
    store.getAll(headRange()),
    store.get(activeKey),
    store.count(oldRange()),
  ]);
  const all = records as readonly unknown[];
  const heads = all.flatMap((record) => stubOf(record) ?? []);
  return {
    heads,
    activeId: typeof active === 'string' && active !== '' ? active : null,
    unreadable: all.length - heads.length,
    hasOld: (old as number) > 0,
  };
}

/** When each chat was last written, for whoever has read them before. */
export async function readStamps(database: UseStore): Promise<ReadonlyMap<string, number>> {
  const [records] = await read(database, (store) => [store.getAll(headRange())]);
  return new Map(
    (records as readonly unknown[]).flatMap((record) => {
      const stub = stubOf(record);
      const at = (record as { writtenAt?: unknown }).writtenAt;
      return stub ? [[stub.id, typeof at === 'number' ? at : 0] as const] : [];
    }),
  );
}

/** Those of the chats that can be read, whole. */
export async function readChats(
  database: UseStore,
  ids: readonly string[],
): Promise<readonly Conversation[]> {
  const found = await read(database, (store) =>
    ids.flatMap((id) => [
      store.get(headKey(id)),
      store.getAll(messageRange(id)),
      // An open tab of the old version goes on writing these.
      store.get(oldPrefix + id),
    ]),
  );
  return ids.flatMap((_, i) => {
    const [record, messages, old] = found.slice(i * 3, i * 3 + 3);
    const isOurs = isSchema(record, headSchema);
    const own = isOurs ? assemble(record, inOrder(messages as readonly unknown[])) : undefined;
    const before = record === undefined || isOurs ? fromRecord(old) : undefined;
    return own && before ? [merge(own, before)] : (own ?? before ?? []);
  });
}

/** A chat's small record and some of its messages: what another tab says it has changed. */
export async function readParts(
  database: UseStore,
  id: string,
  messageIds: readonly string[],
): Promise<{ readonly head: Conversation; readonly messages: readonly Message[] } | undefined> {
  const [record, ...found] = await read(database, (store) => [
    store.get(headKey(id)),
    ...messageIds.map((messageId) => store.get(messageKey(id, messageId))),
  ]);
  const head = stubOf(record);
  return head && { head, messages: found.flatMap((item) => readMessage(item) ?? []) };
}

/**
 * Takes over what schema 1 has left, chat by chat, joined with what schema 2 has of the same chat. A record that
 * cannot be read stays. @returns how many of those there are.
 */
export async function migrate(database: UseStore): Promise<number> {
  const [keys] = await read(database, (store) => [store.getAllKeys(oldRange())]);
  const ids = (keys as readonly string[]).map((key) => key.slice(oldPrefix.length));
  let unreadable = 0;
  // In portions, so that a page closed in the middle goes on where it was.
  for (let at = 0; at < ids.length; at += migrationPortion) {
    await transact(database, 'readwrite', (store, attempt) => {
      for (const id of ids.slice(at, at + migrationPortion)) {
        const asked = [store.get(oldPrefix + id), store.get(headKey(id)), store.getAll(messageRange(id))];
        const last = asked[2];
        if (!last) continue;
        last.onsuccess = () =>
          attempt(() => {
            const [old, record, messages] = asked.map(({ result }) => result as unknown);
            const chat = fromRecord(old);
            const own =
              record === undefined ? undefined : assemble(record, inOrder(messages as readonly unknown[]));
            if (chat?.id !== id || (record !== undefined && !isSchema(record, headSchema))) {
              unreadable += 1;
              return;
            }
            const whole = own ? merge(own, chat) : chat;
            store.put(headRecord(whole), headKey(id));
            for (const message of whole.messages.values()) store.put(message, messageKey(id, message.id));
            store.delete(oldPrefix + id);
          });
      }
    });
  }
  return unreadable;
}

const migrationPortion = 100;

function isSchema(record: unknown, schema: number): boolean {
  return typeof record === 'object' && record !== null && (record as { schema?: unknown }).schema === schema;
}

/** @returns the requests' results, in order. */
function read(
  database: UseStore,
  ask: (store: IDBObjectStore) => readonly IDBRequest[],
): Promise<readonly unknown[]> {
  let asked: readonly IDBRequest[] = [];
  return transact(database, 'readonly', (store) => {
    asked = ask(store);
  }).then(() => asked.map(({ result }) => result as unknown));
}

function transact(
  database: UseStore,
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore, attempt: Attempt) => void,
): Promise<void> {
  return database(mode, (store) => {
    const { transaction } = store;
    let problem: unknown;
    // Thrown out of a request's handler it would reach nobody.
    const attempt: Attempt = (step) => {
      try {
        step();
      } catch (thrown) {
        problem = thrown;
        transaction.abort();
      }
    };
    return new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject((problem as Error | undefined) ?? transaction.error ?? aborted());
      attempt(() => act(store, attempt));
    });
  });
}

const aborted = (): Error => new DOMException('The browser ended the transaction.', 'AbortError');
