// fetch, held to the switch, and with requests to other hosts noted. Those to the app's own host the browser lists itself
// (src/ledger/watch-loads.ts), with their real size and whether its cache answered.
import { note } from './book';
import type { Purpose } from './entry';
import { throughSwitch } from './switch';

export type CountedFetch = (url: string, init?: RequestInit) => Promise<Response>;

/** @throws AppError `network/cut`, also in the midst of a body; else what fetch throws */
export function countedFetch(
  purpose: Purpose,
  send: CountedFetch = (url, init) => globalThis.fetch(url, init),
): CountedFetch {
  return async (url, init = {}) => {
    const stop = await throughSwitch();
    const signal = init.signal ? AbortSignal.any([init.signal, stop]) : stop;
    if (isOwn(url)) return send(url, { ...init, signal });
    const sentBytes = typeof init.body === 'string' ? new TextEncoder().encode(init.body).byteLength : 0;
    const begun = { at: Date.now(), host: new URL(url).host, purpose, sentBytes };
    let response: Response;
    try {
      response = await send(url, { ...init, signal });
    } catch (thrown) {
      // It may have got there all the same: a browser does not tell a refusal to read from no answer.
      if (!signal.aborted) note({ ...begun, receivedBytes: 0 });
      throw thrown;
    }
    if (!response.body || response.type === 'opaque') {
      note({ ...begun, receivedBytes: 0 });
      return response;
    }
    return measured(response, (receivedBytes) => note({ ...begun, receivedBytes }));
  };
}

function measured(response: Response, ended: (bytes: number) => void): Response {
  const { body, status, statusText, headers } = response;
  const reader = body?.getReader();
  if (!reader) return response;
  let bytes = 0;
  let isTold = false;
  const end = (): void => {
    if (!isTold) ended(bytes);
    isTold = true;
  };
  const counted = new ReadableStream<Uint8Array>({
    async pull(out) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          end();
          out.close();
          return;
        }
        bytes += value.byteLength;
        out.enqueue(value);
      } catch (thrown) {
        end();
        out.error(thrown);
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  });
  return new Response(counted, { status, statusText, headers });
}

function isOwn(url: string): boolean {
  const origin = (globalThis as { readonly location?: { readonly origin: string } }).location?.origin;
  return origin !== undefined && new URL(url, location.href).origin === origin;
}
