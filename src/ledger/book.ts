// The ledger as it lies in IndexedDB, written by every realm of the app that asks the network for anything: the page, its
// workers, the frame to a larger model, the service worker. They tell each other over a channel. Where nothing can be
// kept, this visit knows all the same.
import { promisifyRequest } from 'idb-keyval';
import { addToSums, readEntry, type LedgerEntry, type LedgerSum } from './entry';

export const ledgerDatabase = 'phield-ledger';
export const ledgerChannel = 'phield-ledger';
const storeName = 'book';
/** How many are listed each; the oldest of more become sums. */
const mostEntries = 3_000;
const foldAtOnce = 1_000;
const batchMs = 250;

export interface Book {
  /** When the first entry was written, milliseconds since 1970. */
  readonly since: number;
  /** The newest last. */
  readonly entries: readonly LedgerEntry[];
  readonly sums: readonly LedgerSum[];
  /** Whether the network is switched off for this app. */
  readonly cut: boolean;
}

/** What realms say to each other. */
export type LedgerNews =
  | { readonly entries: readonly LedgerEntry[] }
  | { readonly cut: boolean }
  | { readonly erase: true };

/** Opened for each use and closed after it: a connection left open would stand in the way of deleting everything. */
async function withBook<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open(ledgerDatabase);
  opening.onupgradeneeded = () => opening.result.createObjectStore(storeName);
  const database = await promisifyRequest(opening);
  try {
    const transaction = database.transaction(storeName, mode);
    const done = promisifyRequest(transaction);
    const result = await act(transaction.objectStore(storeName));
    await done;
    return result;
  } finally {
    database.close();
  }
}

/** Keys of entries sort by time, and two realms never make the same. */
const keyOf = ({ at }: LedgerEntry): string =>
  `e${String(Math.floor(at)).padStart(15, '0')}-${Math.random().toString(36).slice(2, 12)}`;
const entryKeys = (): IDBKeyRange => IDBKeyRange.bound('e', 'f');

let waiting: LedgerEntry[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let writing: Promise<void> = Promise.resolve();

/** Total: a ledger that cannot be written never keeps anything from working. */
export function note(entry: LedgerEntry): void {
  waiting.push(entry);
  timer ??= setTimeout(() => void flushNotes(), batchMs);
}

/** What was noted is written when this resolves. Never rejects. */
export function flushNotes(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const entries = waiting;
  waiting = [];
  if (entries.length > 0) {
    tell({ entries });
    writing = writing.then(() => write(entries).catch(() => undefined));
  }
  return writing;
}

async function write(entries: readonly LedgerEntry[]): Promise<void> {
  await withBook('readwrite', async (store) => {
    if ((await promisifyRequest(store.get('since'))) === undefined)
      store.put(Math.min(...entries.map(({ at }) => at)), 'since');
    for (const entry of entries) store.put(entry, keyOf(entry));
    if ((await promisifyRequest(store.count(entryKeys()))) > mostEntries) await fold(store);
  });
}

async function fold(store: IDBObjectStore): Promise<void> {
  const keys = await promisifyRequest(store.getAllKeys(entryKeys(), foldAtOnce));
  const old = await promisifyRequest(store.getAll(entryKeys(), foldAtOnce));
  const sums = (await promisifyRequest(store.get('sums'))) as readonly LedgerSum[] | undefined;
  store.put(addToSums(sums ?? [], old.flatMap(entryOf)), 'sums');
  for (const key of keys) store.delete(key);
}

const entryOf = (value: unknown): readonly LedgerEntry[] => {
  const entry = readEntry(value);
  return entry ? [entry] : [];
};

/** @throws DOMException where nothing can be kept */
export function readBook(): Promise<Book> {
  return withBook('readonly', async (store) => {
    const [entries, sums, since, cut] = await Promise.all([
      promisifyRequest(store.getAll(entryKeys())),
      promisifyRequest(store.get('sums')) as Promise<readonly LedgerSum[] | undefined>,
      promisifyRequest(store.get('since')) as Promise<number | undefined>,
      promisifyRequest(store.get('cut')) as Promise<unknown>,
    ]);
    return {
      entries: entries.flatMap(entryOf),
      sums: sums ?? [],
      since: since ?? Date.now(),
      cut: cut === true,
    };
  });
}

/** @throws DOMException where nothing can be kept */
export const readCut = (): Promise<boolean> =>
  withBook('readonly', async (store) => (await promisifyRequest<unknown>(store.get('cut'))) === true);

/** @throws DOMException where nothing can be kept */
export const writeCut = (cut: boolean): Promise<void> =>
  withBook('readwrite', (store) => {
    store.put(cut, 'cut');
    return Promise.resolve();
  });

let channel: BroadcastChannel | undefined;
const listeners = new Set<(news: LedgerNews) => void>();

function openChannel(): BroadcastChannel | undefined {
  if (channel || typeof BroadcastChannel === 'undefined') return channel;
  channel = new BroadcastChannel(ledgerChannel);
  // Node would wait for it.
  (channel as { unref?: () => void }).unref?.();
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const news = readNews(data);
    if (news) for (const listener of listeners) listener(news);
  };
  return channel;
}

/** To every realm, this one too. */
export function tell(news: LedgerNews): void {
  openChannel()?.postMessage(news);
  for (const listener of listeners) listener(news);
}

export function hearLedger(listener: (news: LedgerNews) => void): () => void {
  openChannel();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readNews(data: unknown): LedgerNews | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { entries, cut, erase } = data as { entries?: unknown; cut?: unknown; erase?: unknown };
  if (Array.isArray(entries)) return { entries: (entries as readonly unknown[]).flatMap(entryOf) };
  if (typeof cut === 'boolean') return { cut };
  return erase === true ? { erase } : undefined;
}
