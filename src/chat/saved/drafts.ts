// What is being put together for a chat's next message, chat by chat, kept over a reload: the text, long texts that were
// pasted, and documents. In localStorage, which a page that goes away can still write.
import type { DocumentRef } from '../conversation';
import { Subscribable } from '../subscribable';

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** What goes with the text. */
export interface DraftExtras {
  /** Texts too long for the message box, in the order in which they were pasted. */
  readonly pasted: readonly string[];
  readonly documents: readonly DocumentRef[];
}

const textPrefix = 'phield-draft:';
const extrasPrefix = 'phield-draft-extras:';
const nothing: DraftExtras = { pasted: [], documents: [] };

export class Drafts {
  readonly #storage: DraftStorage | undefined;
  /** Counts changes of extras; the text is its writer's own. */
  readonly #version = new Subscribable(0);
  /** Of this visit: also what storage had no room for. */
  readonly #texts = new Map<string, string>();
  readonly #extras = new Map<string, DraftExtras>();

  constructor(storage: DraftStorage | undefined) {
    this.#storage = storage;
  }

  /** Tells when extras have changed. */
  readonly subscribe = (listener: () => void): (() => void) => this.#version.subscribe(listener);

  /** @param chatId null: the chat that is still to begin. */
  get(chatId: string | null): string {
    const key = textPrefix + (chatId ?? '');
    return this.#texts.get(key) ?? this.#attempt((storage) => storage.getItem(key)) ?? '';
  }

  set(chatId: string | null, text: string): void {
    const key = textPrefix + (chatId ?? '');
    this.#texts.set(key, text);
    this.#attempt((storage) => (text === '' ? storage.removeItem(key) : storage.setItem(key, text)));
  }

  /** The same object until they change. */
  extras(chatId: string | null): DraftExtras {
    const key = extrasPrefix + (chatId ?? '');
    const known = this.#extras.get(key);
    if (known) return known;
    const read = readExtras(this.#attempt((storage) => storage.getItem(key)) ?? null);
    this.#extras.set(key, read);
    return read;
  }

  setExtras(chatId: string | null, change: Partial<DraftExtras>): void {
    const key = extrasPrefix + (chatId ?? '');
    const extras = { ...this.extras(chatId), ...change };
    this.#extras.set(key, extras);
    const isEmpty = extras.pasted.length + extras.documents.length === 0;
    this.#attempt((storage) =>
      isEmpty ? storage.removeItem(key) : storage.setItem(key, JSON.stringify(extras)),
    );
    this.#version.set(this.#version.getState() + 1);
  }

  /** Forgets the drafts of chats that are no more. */
  prune(chatIds: ReadonlySet<string>): void {
    this.#attempt((storage) => {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
      for (const key of keys) {
        const prefix = [textPrefix, extrasPrefix].find((one) => key.startsWith(one));
        const id = prefix === undefined ? '' : key.slice(prefix.length);
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

/** What is whole of an untrusted record. */
function readExtras(text: string | null): DraftExtras {
  if (text === null) return nothing;
  try {
    const { pasted, documents } = JSON.parse(text) as { pasted?: unknown; documents?: unknown };
    return {
      pasted: list(pasted).filter((one): one is string => typeof one === 'string'),
      documents: list(documents).flatMap((one) => {
        if (typeof one !== 'object' || one === null) return [];
        const { id, name } = one as Record<string, unknown>;
        return typeof id === 'string' && typeof name === 'string' ? [{ id, name }] : [];
      }),
    };
  } catch {
    return nothing;
  }
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
