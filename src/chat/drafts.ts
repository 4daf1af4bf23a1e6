// What is being typed, chat by chat, kept over a reload. In localStorage, which a page that goes away can still write.

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const prefix = 'phield-draft:';

export class Drafts {
  readonly #storage: DraftStorage | undefined;
  /** Of this visit: also what storage had no room for. */
  readonly #texts = new Map<string, string>();

  constructor(storage: DraftStorage | undefined) {
    this.#storage = storage;
  }

  /** @param chatId null: the chat that is still to begin. */
  get(chatId: string | null): string {
    const key = keyOf(chatId);
    return this.#texts.get(key) ?? this.#attempt((storage) => storage.getItem(key)) ?? '';
  }

  set(chatId: string | null, text: string): void {
    const key = keyOf(chatId);
    this.#texts.set(key, text);
    this.#attempt((storage) => (text === '' ? storage.removeItem(key) : storage.setItem(key, text)));
  }

  /** Forgets the drafts of chats that are no more. */
  prune(chatIds: ReadonlySet<string>): void {
    this.#attempt((storage) => {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
      for (const key of keys) {
        const id = key.startsWith(prefix) ? key.slice(prefix.length) : '';
        if (id !== '' && !chatIds.has(id)) storage.removeItem(key);
      }
    });
  }

  #attempt<T>(act: (storage: DraftStorage) => T): T | undefined {
    try {
      return this.#storage && act(this.#storage);
    } catch {
      // Full or forbidden: the draft still holds for this visit, which is all that can be had.
      return undefined;
    }
  }
}

function keyOf(chatId: string | null): string {
  return prefix + (chatId ?? '');
}
