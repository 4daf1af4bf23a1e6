// Scripts of this build that its host no longer has: a new version has taken their place while this page stayed open.
import { AppError } from './errors';

/** A script that did not come, as opposed to one that failed while it ran. */
export function scriptIsGone(event: { readonly type: string }): boolean {
  return event.type === 'error' && !('message' in event);
}

/** What to say of it. Without a network it may be there all the same. */
export function outdated(cause?: unknown): AppError {
  const { onLine } = (globalThis as { navigator?: { readonly onLine?: boolean } }).navigator ?? {};
  if (onLine === false) {
    return new AppError(
      'network/offline',
      'A part of the app that is not kept on this device cannot be fetched.',
      {
        retryable: true,
        cause,
      },
    );
  }
  return new AppError(
    'worker/outdated',
    'A part of this page is gone from where the page came from. Reload the page.',
    {
      cause,
    },
  );
}

/** A part of the app that is loaded when it is needed. @throws AppError `worker/outdated`, `network/offline` */
export async function part<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (thrown) {
    // What every browser makes of a module that could not be fetched.
    throw thrown instanceof TypeError ? outdated(thrown) : thrown;
  }
}
