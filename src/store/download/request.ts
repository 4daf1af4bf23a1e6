// One HTTP request for one model file, and what its failures mean. No retries, no storage.
import { AppError, isAbort } from '../../base/errors';
import { fileOf, hostOf, importedScheme } from '../address';
import type { Watchdog } from './watchdog';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface FileRequest {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly fetch: Fetch;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The answer of a server that answers with a file.
 * @throws AppError network/offline, network/http-status, network/not-a-model (a web page instead of a file),
 *   run/aborted
 */
export async function requestFile({ url, signal, fetch, headers }: FileRequest): Promise<Response> {
  if (url.startsWith(importedScheme)) {
    throw new AppError(
      'network/offline',
      `${fileOf(url)} is not stored, and this model came from files, not from a server: import it again.`,
      { details: { url } },
    );
  }
  let response: Response;
  try {
    // The HTTP cache would keep a second copy of gigabytes, and serve a stale manifest.
    response = await fetch(url, {
      signal,
      cache: 'no-store',
      credentials: 'same-origin',
      ...(headers && { headers }),
    });
  } catch (thrown) {
    throw connectionError(url, signal, thrown);
  }
  if (!response.ok) {
    await discard(response);
    const retryAfter = response.headers.get('retry-after');
    throw new AppError(
      'network/http-status',
      `${hostOf(url)} answered ${response.status} for ${fileOf(url)}.`,
      {
        details: { url, status: response.status, ...(retryAfter !== null && { retryAfter }) },
        retryable: response.status === 408 || response.status === 429 || response.status >= 500,
      },
    );
  }
  if (/^\s*(text\/html|application\/xhtml)/i.test(response.headers.get('content-type') ?? '')) {
    await discard(response);
    throw webPage(url);
  }
  return response;
}

/** What a fetch or a body that broke off has thrown. */
export function connectionError(url: string, signal: AbortSignal, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (signal.aborted || isAbort(thrown)) {
    // The reason of an abort may be any value; a typed one (a stall, say) says more than "aborted".
    if (signal.reason instanceof AppError) return signal.reason;
    return new AppError('run/aborted', 'The download was cancelled; what is stored stays.', {
      cause: thrown,
    });
  }
  return new AppError('network/offline', `The connection to ${hostOf(url)} failed for ${fileOf(url)}.`, {
    details: { url },
    retryable: true,
    cause: thrown,
  });
}

export function webPage(url: string): AppError {
  return new AppError(
    'network/not-a-model',
    `${hostOf(url)} answered with a web page instead of ${fileOf(url)}: check the address, or sign in to the network.`,
    { details: { url, webPage: true }, retryable: true },
  );
}

/** The body piece by piece; the watchdog learns of each and runs only while we wait for the next. */
export async function* bodyOf(
  response: Response,
  url: string,
  watchdog: Watchdog,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      // Aborted while we were busy with what came before: not every runtime then settles a read that begins now.
      if (watchdog.signal.aborted) throw connectionError(url, watchdog.signal, watchdog.signal.reason);
      watchdog.waiting = true;
      const { done, value } = await reader.read().catch((thrown: unknown) => {
        throw connectionError(url, watchdog.signal, thrown);
      });
      watchdog.waiting = false;
      if (done) return;
      watchdog.received(value.byteLength);
      yield value;
    }
  } finally {
    // Leaving early must free the connection; a body that has ended or failed does not mind.
    await reader.cancel().catch(() => undefined);
  }
}

async function discard(response: Response): Promise<void> {
  // An unread body keeps its connection busy.
  await response.body?.cancel().catch(() => undefined);
}
