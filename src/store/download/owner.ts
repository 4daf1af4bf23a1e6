// One owner per name among all tabs and workers of the origin, by Web Locks: the browser frees the lock of a tab
// that dies, so the next in line takes over at once. Without Web Locks (an insecure page) everyone is an owner.
import { abortError, throwIfAborted } from './retry';

/** Held by whoever downloads, imports, removes or drops what a model has stored. */
export const downloadLock = (base: string): string => `phield-download:${base}`;

/** @throws AppError run/aborted while waiting; what `work` throws */
export async function exclusively<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (!hasLocks()) return work();
  return waitForLock(name, signal, work);
}

/** Does the work unless somebody else owns the name at this moment. */
export async function ifFree(name: string, work: () => Promise<void>): Promise<void> {
  if (!hasLocks()) return work();
  await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
  });
}

export interface OwnedWork {
  /** Runs while another tab is the owner; must end soon after its signal is aborted, without throwing. */
  readonly follow: (until: AbortSignal) => Promise<void>;
  readonly own: () => Promise<void>;
}

/** Does the work as its owner: at once when nobody is, else after following the one who is. */
export async function ownOrFollow(
  name: string,
  signal: AbortSignal,
  { follow, own }: OwnedWork,
): Promise<void> {
  if (!hasLocks()) return own();
  const owned = await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await own();
    return lock !== null;
  });
  if (owned) return;
  const following = new AbortController();
  const followed = follow(following.signal);
  try {
    await waitForLock(name, signal, async () => {
      following.abort();
      await followed;
      await own();
    });
  } finally {
    following.abort();
    await followed;
  }
}

function hasLocks(): boolean {
  // Absent on insecure pages, which the types do not say.
  return typeof navigator !== 'undefined' && (navigator.locks as LockManager | undefined) !== undefined;
}

async function waitForLock<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  throwIfAborted(signal);
  let started = false;
  try {
    return await navigator.locks.request(name, { signal }, async () => {
      started = true;
      return work();
    });
  } catch (thrown) {
    if (!started && signal.aborted) throw abortError(signal);
    // Refused along with all storage, which then is nobody's to own.
    if (!started && thrown instanceof DOMException && thrown.name === 'SecurityError') return work();
    throw thrown;
  }
}
