// Records of conversations in one transaction, so that two tabs that write the same chat lose nothing of each other.
import type { UseStore } from 'idb-keyval';
import type { Conversation } from './conversation';
import { fromRecord, toRecord } from './conversation-record';
import { merge } from './merge';

export const chatPrefix = 'chat:';
export const activeKey = 'active';

export interface Changes {
  readonly changed: readonly Conversation[];
  readonly gone: readonly string[];
  /** Which chat is on show; undefined: as before. */
  readonly activeId: string | null | undefined;
}

/**
 * Resolves when all is on the disk, rejects when nothing is.
 * @param blind puts at once what this tab knows, without a look at what lies there: for a page that is going away and
 * may not get another turn. Tabs that stay put back what that has covered.
 */
export function writeChats(database: UseStore, changes: Changes, { blind = false } = {}): Promise<void> {
  return database('readwrite', (store) => {
    const { transaction } = store;
    let problem: unknown;
    // Thrown out of a request's handler it would reach nobody.
    const attempt = (act: () => void): void => {
      try {
        act();
      } catch (thrown) {
        problem = thrown;
        transaction.abort();
      }
    };
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject((problem as Error | undefined) ?? transaction.error ?? aborted());
      attempt(() => {
        for (const conversation of changes.changed) {
          const key = chatPrefix + conversation.id;
          if (blind) {
            store.put(toRecord(conversation), key);
            continue;
          }
          const asked = store.get(key);
          asked.onsuccess = () => attempt(() => put(store, key, conversation, asked.result));
        }
        for (const id of changes.gone) store.delete(chatPrefix + id);
        if (changes.activeId !== undefined) store.put(changes.activeId ?? '', activeKey);
      });
    });
  });
}

function put(store: IDBObjectStore, key: string, own: Conversation, record: unknown): void {
  const stored = fromRecord(record);
  if (stored) store.put(toRecord(merge(own, stored)), key);
  // One that cannot be read, a newer version's say, is left as it is.
  else if (record === undefined) store.put(toRecord(own), key);
}

const aborted = (): Error => new DOMException('The browser ended the write.', 'AbortError');

/** Those of the chats that can be read. */
export function readChats(database: UseStore, ids: readonly string[]): Promise<readonly Conversation[]> {
  return database(
    'readonly',
    (store) =>
      new Promise((resolve, reject) => {
        const asked = ids.map((id) => store.get(chatPrefix + id));
        store.transaction.oncomplete = () => resolve(asked.flatMap(({ result }) => fromRecord(result) ?? []));
        store.transaction.onabort = () => reject(store.transaction.error ?? aborted());
      }),
  );
}
