// The one way out of the frame: to one origin, with the headers that are needed and no other, never after a redirect, and
// never more than a measure of what comes back.
import { AppError, toAppError } from '../../base/errors';
import { throughSwitch } from '../../ledger/switch';

export interface FetchLimits {
  readonly bytes: number;
  /** Without a line's end. */
  readonly lineBytes: number;
  /** Until the answer begins. */
  readonly beginMs: number;
  /** Without a byte. */
  readonly stallMs: number;
}

export const usualLimits: FetchLimits = {
  bytes: 32 * 2 ** 20,
  lineBytes: 2 ** 20,
  beginMs: 180_000,
  stallMs: 90_000,
};

export interface GuardedFetch {
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** What has gone and come so far, in bytes of bodies. */
  readonly took: { sentBytes: number; receivedBytes: number };
  /** What ended it, where that was this guard: the client above tells only that something did. */
  readonly ended: { error?: AppError };
}

/** @param keyHeader the key in the one header it belongs in, which goes to this origin only. */
export function guardFetch(
  origin: string,
  keyHeader: Readonly<Record<string, string>> | '' | undefined,
  limits = usualLimits,
): GuardedFetch {
  const took = { sentBytes: 0, receivedBytes: 0 };
  const ended: { error?: AppError } = {};
  const end = (error: AppError): AppError => (ended.error ??= error);

  const guarded = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin)
      throw end(new AppError('remote/redirected', 'A request to another host was refused.'));
    const { body, method, signal } = init;
    if (body !== undefined && typeof body !== 'string')
      throw end(new AppError('internal/invariant', 'Only text is sent.'));
    const off = await throughSwitch().catch((thrown: unknown) => {
      throw end(toAppError(thrown));
    });
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    const cut = (): void => {
      end(toAppError(off.reason));
      stop();
    };
    off.addEventListener('abort', cut);
    const timed = (ms: number): ReturnType<typeof setTimeout> =>
      setTimeout(() => {
        end(new AppError('network/timeout', `The endpoint was silent for ${ms} ms.`, { retryable: true }));
        stop();
      }, ms);
    let timer = timed(limits.beginMs);
    controller.signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        off.removeEventListener('abort', cut);
      },
      { once: true },
    );
    took.sentBytes += body ? new TextEncoder().encode(body).byteLength : 0;
    try {
      const response = await fetch(url, {
        method: method ?? 'GET',
        headers: {
          accept: body ? 'text/event-stream' : 'application/json',
          ...(body && { 'content-type': 'application/json' }),
          ...(keyHeader || {}),
        },
        ...(body && { body }),
        signal: controller.signal,
        // Nothing is followed: the key would go along.
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      });
      if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
        stop();
        throw end(new AppError('remote/redirected', 'The endpoint sends elsewhere; that is not followed.'));
      }
      if (!response.body) return response;
      clearTimeout(timer);
      timer = timed(limits.stallMs);
      let line = 0;
      const measured = response.body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, out) {
            clearTimeout(timer);
            timer = timed(limits.stallMs);
            took.receivedBytes += chunk.byteLength;
            const last = chunk.lastIndexOf(10);
            const first = chunk.indexOf(10);
            const longest = Math.max(line + (first < 0 ? chunk.byteLength : first), last < 0 ? 0 : chunk.byteLength - last); // oxfmt-ignore
            line = last < 0 ? line + chunk.byteLength : chunk.byteLength - last - 1;
            if (took.receivedBytes > limits.bytes || longest > limits.lineBytes) {
              clearTimeout(timer);
              out.error(
                end(new AppError('remote/bad-answer', 'The endpoint sent more than an answer can have.')),
              );
              stop();
              return;
            }
            out.enqueue(chunk);
          },
          flush: () => {
            clearTimeout(timer);
            off.removeEventListener('abort', cut);
          },
        }),
      );
      const { status, statusText, headers } = response;
      return new Response(measured, { status, statusText, headers });
    } catch (thrown) {
      clearTimeout(timer);
      off.removeEventListener('abort', cut);
      throw thrown;
    }
  };
  return { fetch: guarded, took, ended };
}
