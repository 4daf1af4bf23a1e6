import 'fake-indexeddb/auto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, readdirSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toAppError } from '../base/errors';
import { flushNotes, note, readBook, tell, hearLedger } from './book';
import { countedFetch } from './counted-fetch';
import { addToSums, readEntry, tookWords, type LedgerEntry } from './entry';
import { isCut, setCut, throughSwitch } from './switch';
import { isNamed, stores } from './stores';

let server: Server;
let address: string;
let asked = 0;
let drip: (() => void) | undefined;
beforeAll(async () => {
  server = createServer((request, response) => {
    asked++;
    if (request.url === '/slow') {
      response.write('x'.repeat(100));
      drip = () => response.end();
      return;
    }
    response.end('x'.repeat(1_000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => {
    server.closeAllConnections();
    server.close();
  };
});
beforeEach(async () => {
  // What other files have noted goes into their book.
  await flushNotes();
  await new Promise<void>((resolve) => {
    indexedDB.deleteDatabase('phield-ledger').onsuccess = () => resolve();
  });
  asked = 0;
});
afterEach(() => setCut(false));

const entry = (fields: Partial<LedgerEntry> = {}): LedgerEntry => ({
  at: Date.UTC(2026, 10, 29),
  host: 'models.example',
  purpose: 'model',
  sentBytes: 0,
  receivedBytes: 10,
  ...fields,
});

describe('the book', () => {
  test('keeps what was noted, in its order, and since when', async () => {
    note(entry({ at: 2_000 }));
    note(entry({ at: 1_000, purpose: 'larger-model', sentBytes: 7 }));
    await flushNotes();
    const { entries, since, cut } = await readBook();
    expect(entries.map(({ at }) => at)).toEqual([1_000, 2_000]);
    expect([since, cut]).toEqual([1_000, false]);
    expect(entries.filter(tookWords)).toHaveLength(1);
  });

  test('of very many the oldest become sums by month, and none is lost', async () => {
    for (let i = 0; i < 3_001; i++) note(entry({ at: Date.UTC(2026, 0, 1) + i, receivedBytes: 2 }));
    await flushNotes();
    const { entries, sums } = await readBook();
    expect(entries).toHaveLength(2_001);
    expect(sums).toEqual([
      { month: '2026-01', host: 'models.example', purpose: 'model', requests: 1_000, withWords: 0, sentBytes: 0, receivedBytes: 2_000 }, // oxfmt-ignore
    ]);
  });

  test('tells every realm, and believes no message that is none', () => {
    const heard: unknown[] = [];
    const stop = hearLedger((news) => heard.push(news));
    tell({ entries: [entry()] });
    stop();
    tell({ cut: false });
    expect(heard).toEqual([{ entries: [entry()] }]);
    for (const wrong of [
      null,
      'x',
      {},
      entry({ at: -1 }),
      { ...entry(), purpose: 'spying' },
      { ...entry(), host: 7 },
    ])
      expect(readEntry(wrong)).toBeUndefined();
    expect(readEntry({ ...entry(), text: 'what I said', host: 'h'.repeat(900) })).toEqual(entry({ host: 'h'.repeat(260) })); // oxfmt-ignore
  });

  test('sums keep hosts, purposes and months apart, and count what took words', () => {
    const larger = entry({ purpose: 'larger-model', sentBytes: 5 });
    const sums = addToSums(addToSums([], [entry(), larger]), [entry(), entry({ host: 'b.example' })]);
    expect(
      sums.map(({ host, purpose, requests, withWords }) => [host, purpose, requests, withWords]),
    ).toEqual([
      ['models.example', 'model', 2, 0],
      ['models.example', 'larger-model', 1, 1],
      ['b.example', 'model', 1, 0],
    ]);
  });
});

describe('a counted fetch', () => {
  test('notes host, size and purpose of what came, and of what did not', async () => {
    expect(await (await countedFetch('model')(`${address}/secret-name?q=words`)).text()).toHaveLength(1_000);
    await expect(countedFetch('model')('http://127.0.0.1:9/')).rejects.toThrow();
    const stopped = await countedFetch('model')(`${address}/slow`);
    const reader = stopped.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await flushNotes();
    const { entries } = await readBook();
    const host = new URL(address).host;
    expect(entries.map((one) => [one.host, one.receivedBytes])).toEqual(
      expect.arrayContaining([
        [host, 1_000],
        ['127.0.0.1:9', 0],
        [host, 100],
      ]),
    );
    expect(JSON.stringify(entries)).not.toMatch(/secret|words/);
    drip?.();
  });

  test('refuses where the network is cut, typed, in every realm that has not heard of it too; and goes on after', async () => {
    await setCut(true);
    await expect(countedFetch('model')(address)).rejects.toMatchObject({ code: 'network/cut' });
    expect(asked).toBe(0);
    expect(await isCut()).toBe(true);
    expect((await readBook()).cut).toBe(true);
    await setCut(false);
    expect((await countedFetch('model')(address)).status).toBe(200);
  });

  test('what is on its way stops when it is cut', async () => {
    const response = await countedFetch('model')(`${address}/slow`);
    const reader = response.body?.getReader();
    await reader?.read();
    const next = reader?.read().then(
      () => 'went on',
      (thrown: unknown) => toAppError(thrown).code,
    );
    await setCut(true);
    expect(await next).toBe('network/cut');
    await expect(throughSwitch()).rejects.toMatchObject({ code: 'network/cut' });
  });
});

test('every database, cache and key that the sources name is known to who deletes everything', () => {
  const named = new Set<string>();
  for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || /\.test\.|testing\//.test(file)) continue;
    const text = readFileSync(`src/${file}`, 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:createStore\(|[dD]atabase(?:Name)? = |cacheName(?: =|:) )'([\w-]+)'/g)) named.add(name); // oxfmt-ignore
  }
  expect(named.size).toBeGreaterThan(10);
  const kept = stores.filter(({ place }) => place === 'database' || place === 'cache');
  expect([...named].filter((name) => !kept.some(({ names }) => isNamed(name, names)))).toEqual([]);
});
