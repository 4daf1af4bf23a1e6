// How many decode steps are kept submitted. Too few and the GPU waits for the page: an id has to come back and a step
// has to go out while what is queued runs. Too many and what ran past a stop is waited for. Both are times, so the
// queue is a time too, and the count follows from how long a step takes here.

/** Most steps under way: as many as the ring that ids come back through has places. */
export const maxAhead = 8;
const leastAhead = 2;
/** Before anything is known. */
const unmeasuredAhead = 3;
/**
 * Of work behind the step that runs. A browser takes some milliseconds from the end of a step until the page has its
 * id and the next step has reached the GPU's own process.
 */
const queueMs = 12;
const weight = 1 / 16;

export class StepsAhead {
  #stepMs: number | undefined;

  /** @param fixed so many, whatever a step takes. */
  constructor(private readonly fixed?: number) {}

  get count(): number {
    if (this.fixed !== undefined) return this.fixed;
    if (this.#stepMs === undefined) return unmeasuredAhead;
    const fitting = 1 + Math.ceil(queueMs / Math.max(this.#stepMs, 0.1));
    return Math.min(maxAhead, Math.max(leastAhead, fitting));
  }

  /**
   * An id came `ms` after the one before.
   * @param steady that the GPU had this step to do while it did the one before.
   */
  step(ms: number, steady: boolean): void {
    if (!steady) return;
    this.#stepMs = this.#stepMs === undefined ? ms : this.#stepMs + (ms - this.#stepMs) * weight;
  }
}
