// What went to a larger model and lies in localStorage: as versions before the ledger kept it, and of questions that were
// still being answered when their page was left, which has no time for a database. It is the person's record: it goes into
// the ledger once, and "0 sent" is not said to somebody who has sent.
import { flushNotes, note, readBook } from './book';
import { readEntry, type LedgerEntry } from './entry';

export const earlierKey = 'phield-sent';

/** As much of localStorage as this needs. */
interface Texts {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
  removeItem(key: string): void;
}

export async function takeOverEarlier(storage: Texts | undefined): Promise<void> {
  const text = storage?.getItem(earlierKey) ?? undefined;
  if (!storage || text === undefined) return;
  // First, lest another tab takes it over too.
  storage.removeItem(earlierKey);
  for (const entry of entriesOf(text)) note(entry);
  await flushNotes();
  // Where no database can be kept, it stays where it was.
  await readBook().catch(() => storage.setItem(earlierKey, text));
}

/** For the next page of the app, which takes it over. Total: where nothing can be kept, nothing is. */
export function leaveForNext(
  storage: Omit<Texts, 'removeItem'> | undefined,
  left: readonly Omit<LedgerEntry, 'purpose' | 'receivedBytes'>[],
): void {
  if (left.length === 0) return;
  try {
    const before = entriesOf(storage?.getItem(earlierKey) ?? '');
    storage?.setItem(earlierKey, JSON.stringify([...before, ...left]));
  } catch {
    // Full or forbidden.
  }
}

function entriesOf(text: string) {
  try {
    const found: unknown = JSON.parse(text);
    if (!Array.isArray(found)) return [];
    return found.flatMap((one: unknown) => {
      const entry = readEntry({ ...(one as object | null), purpose: 'larger-model' });
      return entry ? [entry] : [];
    });
  } catch {
    return [];
  }
}
