// When to try again, and how long to wait before. Pure but for `sleep`.
import { AppError } from '../../base/errors';

export interface RetryPolicy {
  /** Failures in a row, with nothing gained between them, before the last one is thrown. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Longer than this a person would rather see the server's refusal than wait for it. */
export const maxRetryAfterMs = 120_000;

/**
 * Milliseconds to wait after the n-th failure in a row (n from 1): doubled each time, with jitter so that many
 * clients do not return together.
 */
export function retryDelayMs(failures: number, policy: RetryPolicy): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (failures - 1));
  return ceiling * (0.5 + policy.random() / 2);
}

/** `Retry-After` as seconds or as a date. */
export function retryAfterMs(error: AppError, nowMs: number): number | undefined {
  const header = error.details['retryAfter'];
  if (typeof header !== 'string') return undefined;
  const seconds = Number(header);
  if (header.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** @throws AppError run/aborted (or the signal's own AppError) as soon as the signal is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortError(signal));
      return;
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(abortError(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

export function abortError(signal: AbortSignal): AppError {
  if (signal.reason instanceof AppError) return signal.reason;
  return new AppError('run/aborted', 'The download was cancelled; what is stored stays.', {
    cause: signal.reason,
  });
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortError(signal);
}
