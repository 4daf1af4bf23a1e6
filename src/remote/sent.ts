// The book of what has left this device for a larger model: to whom, when and how much, never what. Kept here.
import type { TextStorage } from '../chat/settings';
import { Subscribable } from '../chat/subscribable';

export interface SentEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly host: string;
  /** Of the request's body: 0 where only a list of models was asked for. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export const sentKey = 'phield-sent';
/** The newest. */
const mostEntries = 2_000;

export class SentBook extends Subscribable<readonly SentEntry[]> {
  readonly #storage: TextStorage | undefined;

  constructor(storage: TextStorage | undefined) {
    super(readEntries(storage));
    this.#storage = storage;
  }

  note(entry: SentEntry): void {
    // Another tab may have written meanwhile.
    const before = this.#storage ? readEntries(this.#storage) : this.getState();
    const all = [...before, entry].slice(-mostEntries);
    this.set(all);
    try {
      this.#storage?.setItem(sentKey, JSON.stringify(all));
    } catch {
      // Full or forbidden: this visit knows it.
    }
  }
}

/** Questions, each of which took words along. */
export const questionsIn = (entries: readonly SentEntry[]): readonly SentEntry[] =>
  entries.filter(({ sentBytes }) => sentBytes > 0);

function readEntries(storage: TextStorage | undefined): readonly SentEntry[] {
  try {
    const found: unknown = JSON.parse(storage?.getItem(sentKey) ?? '[]');
    return Array.isArray(found) ? (found as readonly unknown[]).flatMap(readEntry).slice(-mostEntries) : [];
  } catch {
    return [];
  }
}

function readEntry(value: unknown): readonly SentEntry[] {
  if (typeof value !== 'object' || value === null) return [];
  const { at, host, sentBytes, receivedBytes } = value as Partial<Record<keyof SentEntry, unknown>>;
  const isCount = (one: unknown): one is number => Number.isSafeInteger(one) && (one as number) >= 0;
  return isCount(at) && typeof host === 'string' && isCount(sentBytes) && isCount(receivedBytes)
    ? [{ at, host: host.slice(0, 260), sentBytes, receivedBytes }]
    : [];
}
