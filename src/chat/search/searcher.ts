// Search over everything that is stored, in a worker: reads chats from the database by itself, keeps the index of
// their words in a database of its own, and takes in what tabs say they have written.
import { get, set, type UseStore } from 'idb-keyval';
import { readChats, readStamps } from '../saved/chat-records';
import type { Conversation } from '../conversation';
import { ChatIndex, type IndexHit } from './chat-index';
import type { SearchAnswer, SearchHit } from './search';
import { fold, snippetOf } from './words';

const portion = 50;
/** Hits whose chats are read for the place that was found; further ones have only a name. */
const shownHits = 12;
const cachedChats = 200;

const key = 'index';

export class Searcher {
  readonly #chats: UseStore;
  readonly #saved: UseStore;
  readonly #saveAfterMs: number;
  #index = new ChatIndex();
  readonly #ready: Promise<void>;
  #waiting = new Set<string>();
  #total = 0;
  #working: Promise<void> | undefined;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  /** Of chats that were found a moment ago: with each key they are much the same. */
  readonly #read = new Map<string, Conversation>();

  /** @param saveAfterMs how long nothing may have changed, nor been asked, before the index is kept */
  constructor(chats: UseStore, saved: UseStore, saveAfterMs = 3000) {
    this.#chats = chats;
    this.#saved = saved;
    this.#saveAfterMs = saveAfterMs;
    this.#ready = this.#start();
  }

  /** Settles when all that is stored can be found. */
  async settled(): Promise<void> {
    await this.#ready;
    await this.#working;
  }

  changed(ids: readonly string[], gone: readonly string[]): void {
    void this.#ready.then(() => {
      for (const id of gone) {
        this.#index.drop(id);
        this.#read.delete(id);
      }
      if (gone.length > 0) this.#saveSoon();
      this.#take(ids);
    });
  }

  async query(text: string): Promise<SearchAnswer> {
    await this.#ready;
    // Keeping it takes a fifth of a second where there are thousands of chats: not between two keys.
    if (this.#saveTimer !== undefined) this.#saveSoon();
    const found = this.#index.find(text);
    const first = found.slice(0, shownHits);
    const missing = first.flatMap(({ id }) => (this.#read.has(id) ? [] : [id]));
    if (missing.length > 0)
      for (const chat of await readChats(this.#chats, missing)) this.#read.set(chat.id, chat);
    const hits = first.flatMap((hit) => {
      const chat = this.#read.get(hit.id);
      return chat ? [placeIn(chat, hit)] : [];
    });
    for (const id of this.#read.keys()) {
      if (this.#read.size <= cachedChats) break;
      this.#read.delete(id);
    }
    return { hits, total: found.length, unread: this.#waiting.size };
  }

  async #start(): Promise<void> {
    this.#index = ChatIndex.read(await get(key, this.#saved).catch(() => undefined));
    const stamps = await readStamps(this.#chats);
    for (const id of [...this.#index.stamps.keys()]) if (!stamps.has(id)) this.#index.drop(id);
    this.#take([...stamps].flatMap(([id, at]) => (this.#index.stamps.get(id) === at ? [] : [id])));
  }

  #take(ids: readonly string[]): void {
    for (const id of ids) {
      this.#waiting.add(id);
      this.#read.delete(id);
    }
    this.#total = Math.max(this.#total, this.#waiting.size);
    if (this.#waiting.size > 0) this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  async #work(): Promise<void> {
    while (this.#waiting.size > 0) {
      const ids = [...this.#waiting].slice(0, portion);
      const [chats, stamps] = await Promise.all([readChats(this.#chats, ids), readStamps(this.#chats)]);
      const there = new Map(chats.map((chat) => [chat.id, chat]));
      for (const id of ids) {
        const chat = there.get(id);
        if (chat) this.#index.put(chat, stamps.get(id) ?? 0);
        else this.#index.drop(id);
        this.#waiting.delete(id);
      }
      // A question that came meanwhile is answered first.
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.#saveSoon();
  }

  #saveSoon(): void {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => {
      this.#saveTimer = undefined;
      // One that cannot be kept is made anew at the next start.
      set(key, this.#index.save(), this.#saved).catch(() => {});
    }, this.#saveAfterMs);
  }
}

/** The message that has most of what was found, and the words around it. */
export function placeIn(chat: Conversation, { terms }: IndexHit): SearchHit {
  const wanted = new Set(terms);
  let best: SearchHit | undefined;
  let most = 0;
  for (const message of chat.messages.values()) {
    const snippet = snippetOf(message.text, wanted);
    if (!snippet) continue;
    const count = new Set(snippet.marks.map(([start, end]) => fold(snippet.text.slice(start, end)))).size;
    if (count > most) {
      most = count;
      best = {
        chatId: chat.id,
        title: chat.title,
        updatedAt: chat.updatedAt,
        messageId: message.id,
        snippet,
      };
    }
    if (most >= wanted.size) break;
  }
  return best ?? { chatId: chat.id, title: chat.title, updatedAt: chat.updatedAt };
}
