import { expect, test, vi } from 'vitest';
import { mendedBidi } from '../e2e/firefox/mended-bidi.mjs';

function rig() {
  /** @type {any[]} */
  const client = [];
  /** @type {any[]} */
  const browser = [];
  const { fromClient, fromBrowser } = mendedBidi({
    toClient: (message) => client.push(JSON.parse(message)),
    toBrowser: (message) => browser.push(JSON.parse(message)),
  });
  return {
    client,
    browser,
    fromClient: (/** @type {object} */ message) => fromClient(JSON.stringify(message)),
    fromBrowser: (/** @type {object} */ message) => fromBrowser(JSON.stringify(message)),
  };
}

test('an emulation that Firefox does not know is answered; all else passes as it is, both ways', () => {
  const { client, browser, fromClient, fromBrowser } = rig();
  fromClient({ id: 1, method: 'emulation.setMediaFeaturesOverride', params: {} });
  expect(client).toEqual([{ type: 'success', id: 1, result: {} }]);
  const command = { id: 2, method: 'browsingContext.getTree', params: {} };
  const answer = { type: 'error', id: 2, error: 'unknown error' };
  fromClient(command);
  fromBrowser(answer);
  expect(browser).toEqual([command]);
  expect(client.at(-1)).toEqual(answer);
});

test('when a page has loaded, its realms are told of again, but for sandboxes', () => {
  const { client, browser, fromBrowser } = rig();
  fromBrowser({ type: 'event', method: 'browsingContext.load', params: { context: 'c' } });
  const asked = browser.at(-1);
  expect(asked).toMatchObject({ method: 'script.getRealms', params: { context: 'c', type: 'window' } });
  client.length = 0;
  const window = { realm: 'r', type: 'window', context: 'c' };
  fromBrowser({ type: 'success', id: asked.id, result: { realms: [window, { ...window, sandbox: 's' }] } });
  expect(client).toEqual([{ type: 'event', method: 'script.realmCreated', params: window }]);
});

test('a second realm that is refused is asked for again, unless its page is gone', () => {
  vi.useFakeTimers();
  const { client, browser, fromClient, fromBrowser } = rig();
  const call = { id: 7, method: 'script.evaluate', params: { target: { context: 'c', sandbox: 's' } } };
  fromClient(call);
  fromBrowser({ type: 'error', id: 7, error: 'unknown error' });
  vi.runAllTimers();
  expect(browser).toEqual([call, call]);
  expect(client).toEqual([]);
  const gone = { type: 'error', id: 7, error: 'no such frame' };
  fromBrowser(gone);
  expect(client).toEqual([gone]);
  vi.useRealTimers();
});
