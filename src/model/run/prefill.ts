// A prompt's chunks, submitted piece by piece: the next piece waits on the GPU while one runs, and Stop takes effect
// between them. How much a piece holds, prefill-pace.ts says.
import type { Plan } from '../../gpu/plan';
import { cutAt, type PrefillPace } from './prefill-pace';

/** What the model lends to a prompt. */
export interface PrefillHost {
  readonly queue: Pick<GPUQueue, 'onSubmittedWorkDone'>;
  readonly pace: PrefillPace;
  /** Products per row of the kernel that has most, with so many positions to attend to. */
  heaviest(positions: number): number;
  /** Over so many rows; with the last row's logits, or none. */
  plan(rows: number, last: boolean): Promise<Plan>;
  /** Where a plan finds its ids and the position of the first: for the submits that follow. */
  place(tokenIds: readonly number[], position: number): void;
  /** One submit of the plan's kernels from .. to - 1. */
  encode(plan: Plan, from: number, to: number): void;
  /** That K and V of so many positions are those of the prompt. */
  known(length: number): void;
}

interface Submitted {
  readonly products: number;
  /** Of the prompt, once it is done. */
  readonly fraction: number;
  readonly startMs: number;
  readonly endMs: Promise<number>;
}

export interface PrefillOptions {
  readonly signal?: AbortSignal | undefined;
  /** After each submit but the last: how much of the prompt has been read, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/**
 * Returns while the last piece is still under way.
 * @throws the signal's reason, with nothing under way; the chunk that it cut into is not known.
 */
export async function prefill(
  host: PrefillHost,
  tokenIds: readonly number[],
  position: number,
  { signal, onProgress }: PrefillOptions = {},
): Promise<void> {
  const { pace, queue } = host;
  const underWay: Submitted[] = [];
  let idleMs = 0;
  const finishOldest = async (): Promise<void> => {
    const oldest = underWay.shift();
    if (!oldest) return;
    const endMs = await oldest.endMs;
    pace.measured(oldest.products, endMs - Math.max(oldest.startMs, idleMs));
    idleMs = endMs;
    onProgress?.(oldest.fraction);
  };
  try {
    for (let done = 0; done < tokenIds.length;) {
      signal?.throwIfAborted();
      const start = position + done;
      const left = tokenIds.length - done;
      const rows = Math.min(left, pace.rows(host.heaviest(start + Math.min(left, pace.most))));
      const last = rows === left;
      const plan = await host.plan(rows, last);
      host.known(start);
      host.place(tokenIds.slice(done, done + rows), start);
      const whole = cutAt(plan, 0, start + rows, Infinity).products;
      let computed = 0;
      for (let from = 0; from < plan.dispatches;) {
        signal?.throwIfAborted();
        const { to, products } = cutAt(plan, from, start + rows, pace.budget);
        computed += products;
        const startMs = performance.now();
        host.encode(plan, from, to);
        from = to;
        if (last && to === plan.dispatches) break;
        underWay.push({
          products,
          fraction: (done + rows * (computed / whole)) / tokenIds.length,
          startMs,
          endMs: queue.onSubmittedWorkDone().then(() => performance.now()),
        });
        if (underWay.length >= pace.ahead) await finishOldest();
      }
      done += rows;
      host.known(position + done);
    }
  } catch (thrown) {
    await Promise.allSettled(underWay.map(({ endMs }) => endMs));
    throw thrown;
  }
}
