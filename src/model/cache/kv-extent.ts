// How many rows a cache of keys and values has, and which position lies in which. Pure: load and fit ask the same.
// docs/adr/0008-sliding-window.md says why a ring.

export interface KvExtent {
  /** Newest positions that one attends to, itself among them; undefined: all. */
  readonly window: number | undefined;
  /** Rows of a ring, in which a position takes the place of the one that many before it; undefined: each keeps its own. */
  readonly ring: number | undefined;
  /** Rows at most. */
  readonly rows: number;
}

export interface KvSizes {
  readonly contextWindow: number;
  /** As the model was trained. */
  readonly slidingWindow?: number | undefined;
  /** Most rows that are appended before any of them attends. */
  readonly chunk: number;
  /** Rows that the cache grows by. */
  readonly page?: number | undefined;
}

/** Positions added at a time, or a quarter of what is there. */
export const defaultKvPage = 512;
/** Steps that ran past a stop, and a guess that was wrong, must not have taken the place of what the next one sees. */
const leastSlack = 16;

export function kvExtent({ contextWindow, slidingWindow, chunk, page = defaultKvPage }: KvSizes): KvExtent {
  const all = { window: undefined, ring: undefined, rows: contextWindow };
  if (slidingWindow === undefined || slidingWindow >= contextWindow) return all;
  const ring = Math.ceil((slidingWindow - 1 + Math.max(chunk, leastSlack)) / page) * page;
  if (ring >= contextWindow) return { ...all, window: slidingWindow };
  return { window: slidingWindow, ring, rows: ring };
}

/** Rows from..to - 1 of a text as pieces that lie together: [row, position, count]. */
export function piecesOfRows(
  { ring }: Pick<KvExtent, 'ring'>,
  from: number,
  to: number,
): readonly (readonly [row: number, position: number, count: number])[] {
  const pieces: (readonly [number, number, number])[] = [];
  for (let position = from; position < to;) {
    const row = ring === undefined ? position : position % ring;
    const count = Math.min(to - position, ring === undefined ? Infinity : ring - row);
    pieces.push([row, position, count]);
    position += count;
  }
  return pieces;
}
