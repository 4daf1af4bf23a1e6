// One thing at a time, and whose turn it is: each guest's jobs in their order, guests in turn, so that nobody waits for
// more than one job of each other guest.
import { AppError } from '../base/errors';

interface Job {
  readonly start: () => Promise<void>;
}

export class Lane {
  /** In the order of their turns. */
  readonly #waiting = new Map<string, Job[]>();
  #busy = false;
  #last: string | undefined;

  /**
   * @param signal takes a job that has not begun out of the lane; one that has begun ends by itself.
   * @throws AppError `run/aborted`, and whatever the work throws.
   */
  run<T>(guest: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const aborted = (): void => reject(new AppError('run/aborted', 'Cancelled before its turn came.'));
      if (signal.aborted) {
        aborted();
        return;
      }
      const giveUp = (): void => {
        this.#remove(guest, job);
        aborted();
      };
      const job: Job = {
        start: async () => {
          signal.removeEventListener('abort', giveUp);
          await work().then(resolve, reject);
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      const queue = this.#waiting.get(guest) ?? [];
      queue.push(job);
      this.#waiting.set(guest, queue);
      void this.#next();
    });
  }

  #remove(guest: string, job: Job): void {
    const left = (this.#waiting.get(guest) ?? []).filter((one) => one !== job);
    if (left.length > 0) this.#waiting.set(guest, left);
    else this.#waiting.delete(guest);
  }

  async #next(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (;;) {
      const guests = [...this.#waiting.keys()];
      const guest = guests.find((one) => one !== this.#last) ?? guests[0];
      if (guest === undefined) break;
      const [job, ...rest] = this.#waiting.get(guest) ?? [];
      // To the end of the round.
      this.#waiting.delete(guest);
      this.#last = guest;
      if (rest.length > 0) this.#waiting.set(guest, rest);
      await job?.start();
    }
    this.#busy = false;
  }
}
