// How many prompt tokens one submit takes: as many as end within a budget of time on this GPU, found out from the
// chunks before. Windows resets a GPU that works on one submit for two seconds, and Stop waits for a chunk.

/** Fewer would read all weights for next to nothing. */
const leastRows = 8;

export class ChunkSize {
  #rows: number;

  /** @param most rows at any speed. @param budgetMs for one chunk; Infinity: always `most`. */
  constructor(
    private readonly most: number,
    private readonly budgetMs: number,
  ) {
    this.#rows = Number.isFinite(budgetMs) ? Math.min(leastRows, most) : most;
  }

  /** Of the next chunk. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * What a chunk took. At most four times as many rows come next, since a guess from few rows may be far off; and
   * sizes are powers of two, so that a few plans serve.
   */
  measured(rows: number, ms: number): void {
    if (!Number.isFinite(this.budgetMs)) return;
    const fitting = Math.min((rows * this.budgetMs) / Math.max(ms, 0.01), rows * 4);
    const size = 2 ** Math.floor(Math.log2(Math.max(fitting, leastRows)));
    // A chunk of few rows at the end says nothing against larger ones that were fast enough.
    if (ms <= this.budgetMs && size < this.#rows) return;
    this.#rows = Math.min(this.most, size);
  }
}
