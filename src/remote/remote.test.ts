import 'fake-indexeddb/auto';
import { createStore, entries } from 'idb-keyval';
import { expect, test } from 'vitest';
import { earlierKey } from '../ledger/earlier';
import { Keys } from './keys';
import { Remote, storageKey } from './remote';

function localTexts(initial: Record<string, string> = {}) {
  const kept = new Map(Object.entries(initial));
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
}

const at = 'https://gw.example.com/v1';
const never = (): Promise<never> => Promise.reject(new Error('No frame here.'));

test('a key that is kept opens on this device and lies nowhere in the clear', async () => {
  const disk = createStore('keys-a', 'keys');
  await new Keys(() => disk).put(at, 'sk-very-secret', true);
  expect(await new Keys(() => disk).get(at)).toBe('sk-very-secret');
  expect(await new Keys(() => disk).get('https://elsewhere.example/v1')).toBeUndefined();
  const [[, kept] = []] = await entries<string, { secret: CryptoKey; sealed: ArrayBuffer }>(disk);
  expect(kept?.secret.extractable).toBe(false);
  expect(new TextDecoder('latin1').decode(kept?.sealed)).not.toContain('secret');
});

test('a key of this visit is gone with it', async () => {
  const disk = createStore('keys-b', 'keys');
  const keys = new Keys(() => disk);
  await keys.put(at, 'sk-very-secret', false);
  expect(await keys.get(at)).toBe('sk-very-secret');
  expect(await entries(disk)).toEqual([]);
  expect(await new Keys(() => disk).get(at)).toBeUndefined();
});

test('a question whose answer is not over when the page is left is there for the next page', async () => {
  const storage = localTexts({ [earlierKey]: 'not a list' });
  const { port1 } = new MessageChannel();
  const remote = new Remote({
    storage,
    loadFrame: () => Promise.resolve({ port: port1, remove: () => port1.close() }),
    keys: new Keys(() => createStore('keys-d', 'keys')),
  });
  await remote.use({ address: at, model: 'big' }, undefined, false);
  remote.leave();
  expect(storage.kept.get(earlierKey)).toBe('not a list');
  const request = { model: 'big', messages: [{ role: 'user', content: 'Words of mine' }] };
  const stop = new AbortController();
  const asked = remote.ask({ request, values: new Map() } as never, { signal: stop.signal }).next();
  asked.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 20));
  remote.leave();
  const sentBytes = JSON.stringify(request).length;
  expect(JSON.parse(storage.kept.get(earlierKey) ?? '')).toEqual([
    expect.objectContaining({ host: 'gw.example.com', sentBytes }),
  ]);
  // Once, however often it is left.
  remote.leave();
  expect(JSON.parse(storage.kept.get(earlierKey) ?? '')).toHaveLength(1);
  await remote.forget();
});

test('consent is for one chat and one endpoint, and the key is never among the settings', async () => {
  const storage = localTexts();
  const remote = new Remote({
    storage,
    loadFrame: never,
    keys: new Keys(() => createStore('keys-c', 'keys')),
  });
  expect(remote.getState().mode).toBe('off');
  await remote.use({ address: at, model: 'big' }, 'sk-very-secret', true);
  remote.agree('chat-1', true);
  expect(remote.consentFor('chat-1')).toEqual({ address: at, redact: true });
  expect(remote.consentFor('chat-2')).toBeUndefined();
  expect(storage.kept.get(storageKey)).not.toContain('secret');
  expect(new Remote({ storage, loadFrame: never }).consentFor('chat-1')).toBeDefined();
  remote.revoke('chat-1');
  expect(remote.consentFor('chat-1')).toBeUndefined();
  remote.agree('chat-1', true);
  await remote.use({ address: 'https://other.example/v1', model: 'big' }, undefined, false);
  expect(remote.consentFor('chat-1')).toBeUndefined();
  await remote.forget();
  expect(remote.getState()).toEqual({ keepsKey: false, mode: 'off', documents: false, consents: {} });
});

test('what storage holds is not trusted', () => {
  for (const text of [
    '',
    'x',
    '[]',
    '{"endpoint":{"address":"javascript:alert(1)","model":"m"}}',
    '{"endpoint":{"address":7}}',
  ])
    expect(
      new Remote({ storage: localTexts({ [storageKey]: text }), loadFrame: never }).host(),
    ).toBeUndefined();
});
