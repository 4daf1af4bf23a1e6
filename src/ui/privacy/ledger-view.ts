// The ledger as the page shows it: read once something shows it, and again when any realm has written.
import { hearLedger, readBook, type Book, type LedgerNews } from '../../ledger/book';
import { tookWords, type LedgerEntry } from '../../ledger/entry';
import { setCut } from '../../ledger/switch';
import { Subscribable, type Readable } from '../../chat/subscribable';

/** Entries come in bursts while a model is downloaded. */
const restMs = 500;

class LedgerView implements Readable<Book | undefined> {
  readonly #state = new Subscribable<Book | undefined>(undefined);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOpen = false;

  readonly getState = this.#state.getState;
  readonly subscribe = (listener: () => void): (() => void) => {
    if (!this.#isOpen) {
      this.#isOpen = true;
      hearLedger((news) => this.#hear(news));
      void this.read();
    }
    return this.#state.subscribe(listener);
  };

  async read(): Promise<void> {
    this.#timer = undefined;
    // Where nothing can be kept, what has been heard in this visit is all there is.
    const book = await readBook().catch(() => this.#state.getState() ?? empty());
    this.#state.set(book);
  }

  #hear(news: LedgerNews): void {
    if ('erase' in news) return;
    const before = this.#state.getState() ?? empty();
    if ('cut' in news) this.#state.set({ ...before, cut: news.cut });
    else this.#state.set({ ...before, entries: [...before.entries, ...news.entries] });
    // Told before it is written; what is read then has it once.
    this.#timer ??= setTimeout(() => void this.read(), restMs);
  }

  /** In sight at once; kept a moment later. */
  readonly cut = (cut: boolean): Promise<void> => {
    this.#state.set({ ...(this.#state.getState() ?? empty()), cut });
    return setCut(cut);
  };
}

const empty = (): Book => ({ since: Date.now(), entries: [], sums: [], cut: false });

export const ledger = new LedgerView();

export interface Totals {
  /** Requests that took words of the person's along. */
  readonly sent: number;
  readonly sentBytes: number;
  readonly requests: number;
  readonly receivedBytes: number;
}

export function totalsOf({ entries, sums }: Pick<Book, 'entries' | 'sums'>): Totals {
  const withWords = entries.filter(tookWords);
  const add = <T>(all: readonly T[], one: (entry: T) => number): number =>
    all.reduce((sum, entry) => sum + one(entry), 0);
  const isLarger = sums.filter(({ purpose }) => purpose === 'larger-model');
  return {
    sent: withWords.length + add(sums, (sum) => sum.withWords),
    sentBytes: add(withWords, (entry) => entry.sentBytes) + add(isLarger, (sum) => sum.sentBytes),
    requests: entries.length + add(sums, (sum) => sum.requests),
    receivedBytes:
      add(entries, ({ receivedBytes = 0 }: LedgerEntry) => receivedBytes) +
      add(sums, (sum) => sum.receivedBytes),
  };
}
