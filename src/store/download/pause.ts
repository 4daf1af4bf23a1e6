// A download's pause switch: while it is off, connections break off (their bytes are kept) and none is opened.

export class PauseGate {
  #paused = false;
  #pauseController = new AbortController();
  #waiting: (() => void)[] = [];

  get paused(): boolean {
    return this.#paused;
  }

  /** Aborted at the next pause. */
  get signal(): AbortSignal {
    return this.#pauseController.signal;
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#pauseController.abort();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#pauseController = new AbortController();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Resolves when not paused, or when the signal is aborted. */
  async open(signal: AbortSignal): Promise<void> {
    while (this.#paused && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}
