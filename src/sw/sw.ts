// The service worker: keeps the app's files, so that it opens without a network, and holds to the switch that cuts the
// network off. What it fetches itself it notes in the ledger.
import { clientsClaim } from 'workbox-core';
import { ExpirationPlugin } from 'workbox-expiration';
import { addPlugins, cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import { flushNotes, hearLedger, note } from '../ledger/book';
import { isCut, throughSwitch } from '../ledger/switch';
import { watchLoads } from '../ledger/watch-loads';
import { sharedMark, sharePath } from '../protocol/shared';
import { isAbandoned } from './abandoned';
import { keepShared, readShared } from './shared';
import { isOfVersion } from './whole-build';

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: readonly (PrecacheEntry | string)[];
};

/** Known once it has been read; a worker that has just been woken does not know yet. */
let cut: boolean | undefined;
const known = isCut().then((is) => (cut ??= is));
hearLedger((news) => {
  if ('cut' in news) cut = news.cut;
});

// Workbox fetches by this name: what it fills its caches with, and what it has lost of them.
const send = self.fetch.bind(self);
self.fetch = async (...given) => {
  await throughSwitch();
  return send(...given);
};

watchLoads(() => 'offline');
self.addEventListener('install', (event) => {
  // This script, which the browser lists nowhere.
  note({ at: Date.now(), host: self.location.host, purpose: 'update', sentBytes: 0 });
  event.waitUntil(flushNotes());
  event.waitUntil(leaveBroken());
});
self.addEventListener('activate', (event) => event.waitUntil(flushNotes()));
self.addEventListener('message', ({ data }) => {
  if ((data as { readonly type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

async function leaveBroken(): Promise<void> {
  if (self.registration.active === null) return;
  // Those of the version before, of which this one controls none yet.
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (await isAbandoned(windows)) await self.skipWaiting();
}

// The first visit is controlled too, so that what it fetches is there when the network is not.
clientsClaim();
const build = [...self.__WB_MANIFEST];
const files = new Set(build.map((entry) => (typeof entry === 'string' ? entry : entry.url)));
const whole = {
  cacheWillUpdate: async ({ request, response }: { request: Request; response: Response }) =>
    (await isOfVersion(request.url, response, files)) ? response : null,
};
addPlugins([whole]);
// The scope itself and index.html, with whatever query, are answered from the cache. Anything else that a person opens
// below this folder belongs to the host, which may have other pages there, or says 404.
precacheAndRoute(build, { ignoreURLParametersMatching: [/.*/] });
cleanupOutdatedCaches();
// Its fields are optional in another way than TypeScript's strictest reading has it.
const expiration: object = new ExpirationPlugin({ maxEntries: 4 });
registerRoute(
  ({ sameOrigin, url }) => sameOrigin && /\/assets\/[^/]*web-?llm/.test(url.pathname),
  new CacheFirst({ cacheName: 'phield-engines', plugins: [whole, expiration] }),
);

// What another app shares with the installed one. It is a POST, so it is nowhere in an address, and goes no further.
const base = self.registration.scope;
registerRoute(
  ({ sameOrigin, url }) => sameOrigin && url.href === `${base}${sharePath}`,
  async ({ request }) => {
    // What there is no room for is left out: the page opens all the same.
    const kept = async (): Promise<void> => keepShared(caches, readShared(await request.formData()), base);
    await kept().catch(() => undefined);
    return Response.redirect(`${base}?${sharedMark}#/`, 303);
  },
  'POST',
);

// Registered after Workbox's, so it is asked only for what no cache answers: those who answer keep others from hearing.
self.addEventListener('fetch', (event) => {
  const refuse = (): Response => Response.error();
  if (cut === true) event.respondWith(refuse());
  else if (cut === undefined && event.request.url.startsWith(`${self.location.origin}/`))
    event.respondWith(known.then((is) => (is ? refuse() : send(event.request))));
});
