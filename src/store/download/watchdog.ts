// Notices a connection that is open but brings nothing, or nearly nothing, and breaks it off.
import { AppError } from '../../base/errors';
import { fileOf, hostOf } from '../address';

export interface StallLimit {
  readonly windowMs: number;
  /** Fewer bytes than this in a window is a stall: a crawl would otherwise pass for a download for days. */
  readonly minBytes: number;
}

/** Aborts its signal with network/timeout, or with the outer signal's reason. Always `stop()` it. */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #timer: ReturnType<typeof setInterval>;
  #bytes = 0;
  #waiting = true;

  constructor(url: string, limit: StallLimit, outer: AbortSignal) {
    this.#outer = outer;
    this.#timer = setInterval(() => {
      if (this.#waiting && this.#bytes < limit.minBytes) {
        this.#controller.abort(
          new AppError(
            'network/timeout',
            `${hostOf(url)} sent ${this.#bytes} bytes of ${fileOf(url)} in ${limit.windowMs / 1000} s.`,
            { details: { url, bytes: this.#bytes, windowMs: limit.windowMs }, retryable: true },
          ),
        );
      }
      this.#bytes = 0;
    }, limit.windowMs);
    if (outer.aborted) this.#onOuterAbort();
    else outer.addEventListener('abort', this.#onOuterAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  received(bytes: number): void {
    this.#bytes += bytes;
  }

  /** False while we are the slow ones: a busy disk is not a stalled line. */
  set waiting(waiting: boolean) {
    this.#waiting = waiting;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#outer.removeEventListener('abort', this.#onOuterAbort);
  }

  readonly #onOuterAbort = (): void => {
    this.#controller.abort(this.#outer.reason);
  };
}
