// What the page asks of search. Two implementations: search-client.ts (a worker over everything that is stored) and
// searchLoaded (component tests, and browsers without storage: the chats that are here).
import type { ChatStore } from '../chat-store';
import type { Snippet } from './words';

export interface SearchHit {
  readonly chatId: string;
  readonly title: string;
  readonly updatedAt: number;
  /** Undefined when only the name has the words. */
  readonly messageId?: string;
  readonly snippet?: Snippet;
}

export interface SearchAnswer {
  /** Best first; not all where there are many. */
  readonly hits: readonly SearchHit[];
  readonly total: number;
  /** Chats that have still to be read before they can be found. */
  readonly unread: number;
}

export interface ChatSearch {
  query(text: string): Promise<SearchAnswer>;
  /** Begins to read what has been written since the last time. */
  warm(): void;
  changed(ids: readonly string[], gone: readonly string[]): void;
}

/** Over the chats in the page, indexed anew for each question. */
export function searchLoaded(chat: ChatStore): ChatSearch {
  return {
    async query(text) {
      const [{ ChatIndex }, { placeIn }] = await Promise.all([import('./chat-index'), import('./searcher')]);
      const index = new ChatIndex();
      const { conversations } = chat.getState();
      for (const one of conversations.values()) index.put(one, 0);
      const found = index.find(text);
      const hits = found.flatMap((hit) => {
        const one = conversations.get(hit.id);
        return one ? [placeIn(one, hit)] : [];
      });
      return { hits, total: hits.length, unread: 0 };
    },
    warm: () => undefined,
    changed: () => undefined,
  };
}
