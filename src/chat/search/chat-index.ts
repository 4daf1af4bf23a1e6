// The index of words: one document a chat, its name and all its branches. Where in a chat a word stands is found in
// the chat itself, so the index stays small and a key is answered at once.
import MiniSearch, { type Query } from 'minisearch';
import type { Conversation } from '../conversation';
import { fold, wordsOf } from './words';

interface Document {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface IndexHit {
  readonly id: string;
  /** Folded words of the chat that were found. */
  readonly terms: readonly string[];
}

export interface SavedIndex {
  readonly version: number;
  readonly stamps: readonly (readonly [chatId: string, writtenAt: number])[];
  readonly json: string;
}

const version = 1;

const options = {
  fields: ['title', 'text'],
  tokenize: (text: string) => [...wordsOf(text)],
  processTerm: (term: string) => fold(term) || null,
};

/** The last word may not be typed to its end yet; a longer one may have a slip in it. */
const howToSearch = {
  combineWith: 'AND',
  boost: { title: 3 },
  prefix: (term: string, i: number, terms: string[]) => i === terms.length - 1 && term.length > 1,
  fuzzy: (term: string) => (term.length > 5 ? 1 : false),
  maxFuzzy: 1,
} as const;

/**
 * A second word of which one or two letters are typed says nothing yet, and costs most: hundreds of words begin so. It
 * counts from its third letter on, or once a blank ends it.
 */
function withoutStub(query: string): string {
  return query.replace(/(?<=[\p{L}\p{N}\p{M}_][^\p{L}\p{N}\p{M}_]+)[a-z0-9]{1,2}$/iu, '');
}

/** One or two letters and no more. Half of all chats have a word that begins so, and hundreds of words do. */
function isStub(query: string): boolean {
  return /^\s*[a-z0-9]{1,2}\s*$/iu.test(query);
}

/** Names that have a word beginning so; of what was said only that word itself. */
function beginningsOf(query: string): Query {
  return {
    combineWith: 'OR',
    queries: [
      { queries: [query], fields: ['title'], prefix: true },
      { queries: [query], fields: ['text'], prefix: false },
    ],
  };
}

export class ChatIndex {
  readonly #words: MiniSearch<Document>;
  /** When each chat was written, as it was when its words were taken. */
  readonly stamps: Map<string, number>;

  constructor(words = new MiniSearch<Document>(options), stamps = new Map<string, number>()) {
    this.#words = words;
    this.stamps = stamps;
  }

  /** An empty one where what was saved is not usable. */
  static read(saved: unknown): ChatIndex {
    try {
      const { version: savedVersion, stamps, json } = saved as SavedIndex;
      if (savedVersion !== version) return new ChatIndex();
      return new ChatIndex(MiniSearch.loadJSON<Document>(json, options), new Map(stamps));
    } catch {
      return new ChatIndex();
    }
  }

  save(): SavedIndex {
    return { version, stamps: [...this.stamps], json: JSON.stringify(this.#words) };
  }

  put({ id, title, messages }: Conversation, writtenAt: number): void {
    const text = [...messages.values()].map((message) => message.text).join('\n');
    const document = { id, title, text };
    if (this.#words.has(id)) this.#words.replace(document);
    else this.#words.add(document);
    this.stamps.set(id, writtenAt);
  }

  drop(id: string): void {
    if (this.#words.has(id)) this.#words.discard(id);
    this.stamps.delete(id);
  }

  /** Best first. */
  find(query: string): readonly IndexHit[] {
    const asked = isStub(query) ? beginningsOf(query) : withoutStub(query);
    return this.#words.search(asked, howToSearch).map(({ id, terms }) => ({ id: id as string, terms }));
  }
}
