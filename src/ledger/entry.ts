// What the ledger says of a request: to whom, what for, how much, when. Never what was in it.

export const purposes = [
  /** The app's own files. */
  'app',
  /** The same, fetched to be there without a network. */
  'offline',
  /** Whether there is a newer version. */
  'update',
  /** Models, and the programs that run them. */
  'model',
  /** What a person has sent to a larger model elsewhere, and asking which it has. */
  'larger-model',
] as const;
export type Purpose = (typeof purposes)[number];

export interface LedgerEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly host: string;
  readonly purpose: Purpose;
  /** Of the request's body: words of the person's only where the purpose is `larger-model`. */
  readonly sentBytes: number;
  /** Absent where the browser does not tell. */
  readonly receivedBytes?: number;
}

/** Of requests too old to be listed each. */
export interface LedgerSum {
  /** `2026-11`, in UTC. */
  readonly month: string;
  readonly host: string;
  readonly purpose: Purpose;
  readonly requests: number;
  /** Of those, the ones with a body. */
  readonly withWords: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/** Whether words of the person's went out with it. */
export const tookWords = ({ purpose, sentBytes }: LedgerEntry): boolean =>
  purpose === 'larger-model' && sentBytes > 0;

/** Any realm of this origin may write the book: what does not look like an entry is none. */
export function readEntry(value: unknown): LedgerEntry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { at, host, purpose, sentBytes, receivedBytes } = value as Partial<
    Record<keyof LedgerEntry, unknown>
  >;
  if (!isCount(at) || typeof host !== 'string' || !isCount(sentBytes)) return undefined;
  const known = purposes.find((one) => one === purpose);
  if (!known) return undefined;
  return {
    at,
    host: host.slice(0, 260),
    purpose: known,
    sentBytes,
    ...(isCount(receivedBytes) && { receivedBytes }),
  };
}

/** `sums` with these entries in them. */
export function addToSums(sums: readonly LedgerSum[], entries: readonly LedgerEntry[]): readonly LedgerSum[] {
  const byKey = new Map(sums.map((sum) => [keyOf(sum), sum]));
  for (const entry of entries) {
    const { host, purpose, sentBytes, receivedBytes = 0 } = entry;
    const month = new Date(entry.at).toISOString().slice(0, 7);
    const key = keyOf({ month, host, purpose });
    const before = byKey.get(key);
    byKey.set(key, {
      month,
      host,
      purpose,
      requests: (before?.requests ?? 0) + 1,
      withWords: (before?.withWords ?? 0) + (tookWords(entry) ? 1 : 0),
      sentBytes: (before?.sentBytes ?? 0) + sentBytes,
      receivedBytes: (before?.receivedBytes ?? 0) + receivedBytes,
    });
  }
  return [...byKey.values()];
}

const keyOf = ({ month, host, purpose }: Pick<LedgerSum, 'month' | 'host' | 'purpose'>): string =>
  `${month} ${purpose} ${host}`;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
