// llama.cpp's program (WebAssembly, 10 MB), which comes with the app and only who needs it fetches. Kept here and not by
// the service worker, which a first visit may not have yet when it is fetched.
import address from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { countedFetch } from '../../ledger/counted-fetch';
import { connectionError, requestFile, type Fetch } from './request';

const cacheName = 'phield-llama-cpp';

/** @throws AppError network/*, run/aborted */
export async function readLlamaCpp(
  signal: AbortSignal,
  fetch: Fetch = countedFetch('model'),
): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(address, import.meta.url).href;
  // Absent on insecure pages.
  const cache = 'caches' in globalThis ? await caches.open(cacheName).catch(() => undefined) : undefined;
  const kept = await cache?.match(url);
  if (kept) return new Uint8Array(await kept.arrayBuffer());
  const response = await requestFile({ url, signal, fetch });
  let bytes: ArrayBuffer;
  try {
    bytes = await response.arrayBuffer();
  } catch (thrown) {
    throw connectionError(url, signal, thrown);
  }
  // A start with the network needs no copy: a full disk is no reason to fail.
  await keep(cache, url, bytes).catch(() => undefined);
  return new Uint8Array(bytes);
}

async function keep(cache: Cache | undefined, url: string, bytes: ArrayBuffer): Promise<void> {
  if (!cache) return;
  await cache.put(url, new Response(bytes));
  // Of an older build: it is under another name.
  for (const request of await cache.keys()) if (request.url !== url) await cache.delete(request);
}
