// Keeps the scripts of an engine that comes in chunks of its own, so that a model that is stored starts without the
// network. The service worker keeps them when they pass through it, but the first visit's worker has imported them
// before there was one: they are put where it looks, before the model's download is over.

/** As the service worker's rule (src/sw/sw.ts) has it: what it serves from that cache, and by what name. */
const cacheName = 'phield-engines';
const engineScripts = /\/assets\/[^/]*web-?llm[^/]*\.js$/;
/** A chunk names the others that it imports relative to itself. */
const imported = /["'`](\.\/[\w.-]+\.js)["'`]/g;

/** What of the browser this needs; tests have their own. */
export interface Keeper {
  readonly open: (name: string) => Promise<Pick<Cache, 'match' | 'put' | 'delete' | 'keys'>>;
  readonly fetch: (address: string) => Promise<Response>;
}

const browser = (): Keeper | undefined =>
  // Absent on insecure pages, where there is no service worker either.
  'caches' in globalThis ? { open: (name) => caches.open(name), fetch: ask } : undefined;

async function ask(address: string): Promise<Response> {
  const { countedFetch } = await import('../../ledger/counted-fetch');
  return countedFetch('model')(address);
}

/**
 * The script and those that it imports, as far as they are an engine's.
 * @returns whether all are kept. Never rejects: a start with the network needs none of this.
 */
export async function keepScripts(script: string, keeper: Keeper | undefined = browser()): Promise<boolean> {
  if (!keeper || !engineScripts.test(new URL(script).pathname)) return false;
  try {
    const cache = await keeper.open(cacheName);
    const kept = new Set<string>();
    const left = [script];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (kept.has(next) || !engineScripts.test(new URL(next).pathname)) continue;
      kept.add(next);
      let response = await cache.match(next);
      if (!response) {
        response = await keeper.fetch(next);
        // A host's own page in its place would stay there for good.
        if (!response.ok || response.headers.get('Content-Type')?.includes('text/html')) return false;
        await cache.put(next, response.clone());
      }
      const text = await response.text();
      for (const [, relative = ''] of text.matchAll(imported)) left.push(new URL(relative, next).href);
    }
    // Of an older build: its scripts are under other names.
    for (const { url } of await cache.keys()) if (!kept.has(url)) await cache.delete(url);
    return true;
  } catch {
    return false;
  }
}
