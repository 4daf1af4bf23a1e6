// What stands in the way of a test between Playwright's client for WebDriver BiDi and Firefox, taken out of the way as
// the messages pass.
//
// - Playwright asks at every start for an emulation that this Firefox does not know yet, and gives up when refused.
// - Playwright looks at a page only from a document's realm of which Firefox has told it, and from a second one that it
//   makes by one call when it hears of the first. At the first navigation of a browser the page changes its process;
//   where Firefox's word goes lost in that, or the call is refused, Playwright says nothing and finds nothing on the
//   page until the test's time is over. So when a page has loaded, Firefox is asked for its realms, and what it says is
//   passed on as the word (Playwright leaves out those it knows); and the call is made again.

const unknownCommands = new Set(['emulation.setMediaFeaturesOverride']);
/** Playwright's own numbers count up from 1. */
const firstOwnId = 2 ** 40;
/** Of a call for a second realm: a document that is being replaced takes a moment. */
const mostTries = 20;
const pauseMs = 100;

/**
 * @typedef {{ id?: number, method?: string, params?: any, type?: string, result?: any, error?: string }} Message
 */

/**
 * @param {{ toClient: (message: string) => void, toBrowser: (message: string) => void }} ends
 * @returns {{ fromClient: (message: string) => void, fromBrowser: (message: string) => void }}
 */
export function mendedBidi({ toClient, toBrowser }) {
  let ownId = firstOwnId;
  /** Calls for a second realm that are under way, by number. @type {Map<number, { message: string, tries: number }>} */
  const worlds = new Map();

  return {
    fromClient(message) {
      const { id, method, params } = /** @type {Message} */ (JSON.parse(message));
      if (id === undefined) return;
      if (unknownCommands.has(method ?? '')) {
        toClient(JSON.stringify({ type: 'success', id, result: {} }));
        return;
      }
      if (method === 'script.evaluate' && params?.target?.sandbox) worlds.set(id, { message, tries: 1 });
      toBrowser(message);
    },
    fromBrowser(message) {
      const { id, method, params, type, result, error } = /** @type {Message} */ (JSON.parse(message));
      if (id !== undefined && id >= firstOwnId) {
        for (const realm of result?.realms ?? []) {
          if (realm.sandbox) continue;
          toClient(JSON.stringify({ type: 'event', method: 'script.realmCreated', params: realm }));
        }
        return;
      }
      const world = worlds.get(id ?? 0);
      // A page that is gone needs no second realm.
      if (world && type === 'error' && error !== 'no such frame' && world.tries < mostTries) {
        world.tries++;
        setTimeout(() => toBrowser(world.message), pauseMs);
        return;
      }
      worlds.delete(id ?? 0);
      toClient(message);
      if (method !== 'browsingContext.load') return;
      const ask = { context: params?.context, type: 'window' };
      toBrowser(JSON.stringify({ id: ++ownId, method: 'script.getRealms', params: ask }));
    },
  };
}
