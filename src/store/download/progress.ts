// Bytes done, speed and time left of one download. The figure shown never falls: bytes that had to be dropped
// hold it still until they are there again.
import type { FetchProgress } from '../store';

const windowMs = 10_000;
const everyMs = 100;

export class ProgressMeter {
  readonly #totalBytes: number;
  readonly #emit: (progress: FetchProgress) => void;
  #doneBytes = 0;
  #shownBytes = 0;
  #fetchedBytes = 0;
  #paused = false;
  #emittedAt = -Infinity;
  #samples: { readonly at: number; readonly fetchedBytes: number }[] = [];

  constructor(totalBytes: number, emit: (progress: FetchProgress) => void) {
    this.#totalBytes = totalBytes;
    this.#emit = emit;
  }

  /** Bytes that were there before, or came from another tab. */
  stored(bytes: number): void {
    this.#doneBytes += bytes;
    this.#report();
  }

  received(bytes: number): void {
    this.#doneBytes += bytes;
    this.#fetchedBytes += bytes;
    this.#report();
  }

  /** Bytes that turned out wrong and will come again. */
  dropped(bytes: number): void {
    this.#doneBytes -= bytes;
  }

  /** What another tab has, for a tab that only watches. */
  follow(doneBytes: number): void {
    this.#shownBytes = Math.max(this.#shownBytes, Math.min(doneBytes, this.#totalBytes));
    this.#report();
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    this.#samples = [];
    this.flush();
  }

  flush(): void {
    this.#emittedAt = -Infinity;
    this.#report();
  }

  #report(): void {
    const now = performance.now();
    this.#shownBytes = Math.max(this.#shownBytes, Math.min(this.#doneBytes, this.#totalBytes));
    if (now - this.#emittedAt < everyMs && this.#shownBytes < this.#totalBytes) return;
    this.#emittedAt = now;
    this.#samples.push({ at: now, fetchedBytes: this.#fetchedBytes });
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > windowMs) this.#samples.shift();
    this.#emit({
      phase: 'shards',
      doneBytes: this.#shownBytes,
      totalBytes: this.#totalBytes,
      fetchedBytes: this.#fetchedBytes,
      ...this.#speed(now),
      ...(this.#paused && { paused: true }),
    });
  }

  #speed(now: number): { bytesPerSecond?: number; secondsLeft?: number } {
    const first = this.#samples[0];
    // The first half second says more about buffers than about the line.
    if (this.#paused || !first || now - first.at < 500) return {};
    const bytesPerSecond = ((this.#fetchedBytes - first.fetchedBytes) * 1000) / (now - first.at);
    if (bytesPerSecond <= 0) return {};
    return { bytesPerSecond, secondsLeft: (this.#totalBytes - this.#shownBytes) / bytesPerSecond };
  }
}
