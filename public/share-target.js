// Part of the service worker. What another app shares with the installed one arrives as a form: it is put aside for the
// page (src/app/launches.ts), which is opened to take it. Nothing of it goes to the server, and a form that any page could
// send does no more than this: the text waits in the message box, unsent.
const sharedCache = 'phield-shared';
const mostFiles = 20;
const mostBytes = 100_000_000;

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (
    request.method !== 'POST' ||
    new URL(request.url).pathname !== new URL('share', registration.scope).pathname
  )
    return;
  event.respondWith(keepShared(request));
});

async function keepShared(request) {
  const form = await request.formData();
  await caches.delete(sharedCache);
  const cache = await caches.open(sharedCache);
  const texts = ['title', 'text', 'url']
    .map((name) => form.get(name))
    .filter((text) => typeof text === 'string' && text);
  await cache.put(new URL('shared/text', registration.scope), new Response([...new Set(texts)].join('\n')));
  const files = form.getAll('files').filter((file) => file instanceof File && file.size <= mostBytes);
  for (const [at, file] of files.slice(0, mostFiles).entries()) {
    const headers = { 'Content-Type': file.type, 'X-Name': encodeURIComponent(file.name) };
    await cache.put(new URL(`shared/${at}`, registration.scope), new Response(file, { headers }));
  }
  return Response.redirect(new URL('./#/shared', registration.scope), 303);
}
