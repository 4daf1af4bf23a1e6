// The ledger against Chromium's own record of the network (its NetLog, which knows every realm): the first visit, a
// question, a visit from the cache, a model of another host, a larger model elsewhere. Then the switch, and the end of all.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startFaultServer } from '../src/remote/testing/fault-server';
import { Chat, expect, holdsLargerModel, settingsProbes } from './app';
import { test } from './model-host';

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly {
    readonly type: number;
    readonly source: { readonly id: number };
    readonly params?: { readonly url?: string; readonly method?: string };
  }[];
}

interface Asked {
  readonly host: string;
  readonly purpose: string;
  readonly path: string;
}

const purposeOf = (path: string): string =>
  path.endsWith('/sw.js') ? 'update' : /\/models?\/|\/m\//.test(path) ? 'model' : 'app';

/** Every request that went out over the network, but for the browser's own question whether a page may ask (OPTIONS). */
async function networkOf(file: string): Promise<readonly Asked[]> {
  const { constants, events } = JSON.parse(await readFile(file, 'utf8')) as NetLog;
  const { URL_REQUEST_START_JOB: start, HTTP_TRANSACTION_SEND_REQUEST: sent } = constants.logEventTypes;
  const urls = new Map<number, { url: string; method: string }>();
  const out = new Set<number>();
  for (const { type, source, params } of events) {
    if (type === start && params?.url !== undefined)
      urls.set(source.id, { url: params.url, method: params.method ?? 'GET' });
    if (type === sent) out.add(source.id);
  }
  return [...out].flatMap((id): readonly Asked[] => {
    const { url, method } = urls.get(id) ?? {};
    if (url === undefined || method === 'OPTIONS' || !url.startsWith('http')) return [];
    const { host, pathname } = new URL(url);
    return [{ host, purpose: purposeOf(pathname), path: pathname }];
  });
}

interface Kept {
  readonly host: string;
  readonly purpose: string;
  readonly sentBytes: number;
  readonly receivedBytes?: number;
}

const ledgerOf = (page: Page): Promise<readonly Kept[]> =>
  page.evaluate(
    () =>
      new Promise<readonly Kept[]>((resolve, reject) => {
        const opening = indexedDB.open('phield-ledger');
        opening.onerror = () => reject(new Error('There is no ledger.'));
        opening.onsuccess = () => {
          const store = opening.result.transaction('book').objectStore('book');
          const all = store.getAll(IDBKeyRange.bound('e', 'f'));
          all.onsuccess = () => {
            opening.result.close();
            resolve(all.result as readonly Kept[]);
          };
        };
      }),
  );

const counted = (all: readonly { host: string; purpose: string }[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  // Kept for later or needed now: the same files.
  for (const { host, purpose } of all) {
    const key = `${host} ${purpose === 'offline' ? 'app' : purpose}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort());
};

test('the ledger is what the browser itself says of the network; the switch cuts it; all of it can be deleted @chromium', async ({
  ownApp: app,
  host,
}) => {
  const visits = 4;
  // What the frame to a larger model and the Privacy page try, and must not be able to.
  app.expectConsoleError(settingsProbes);
  app.expectConsoleError(
    /Content Security Policy|ERR_BLOCKED_BY_CSP|Refused to connect|Fetch API cannot load/,
  );
  const folder = await mkdtemp(join(tmpdir(), 'phield-netlog-'));
  const file = join(folder, 'net.json');
  const endpoint = await startFaultServer();
  await app.openBrowser({ flags: [`--log-net-log=${file}`] });
  let page = await app.open('temperature=0&max_tokens=12');
  // What is noted last is written a moment later, and lost with a page that is left before.
  const settled = async (): Promise<void> => {
    let before = -1;
    await expect
      .poll(
        async () => {
          const now = (await ledgerOf(page)).length;
          const is = now === before;
          before = now;
          return is;
        },
        { intervals: [1_500] },
      )
      .toBe(true);
  };
  let chat = new Chat(page);
  await chat.send('What is Phield?');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await settled();
  await page.reload();
  await chat.send('How do I work offline?');
  await expect(page.getByRole('link', { name: '0 sent' })).toBeVisible();
  await settled();
  await page.goto(`${app.address}?${host.query('one')}`);
  await expect(page.getByText(/Runs on/)).toBeVisible();
  await settled();

  await holdsLargerModel(page, endpoint.address, 'echo');
  await page.goto(`${app.address}?temperature=0&max_tokens=12`);
  chat = new Chat(page);
  await chat.send('What is Phield?');
  await page.getByRole('button', { name: 'More' }).last().click();
  await page.getByRole('menuitem', { name: 'Ask the larger model' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await expect(chat.words).toContainText('You said: What is Phield?');
  await expect(page.getByRole('link', { name: '1 sent' })).toBeVisible();
  await settled();
  const kept = await ledgerOf(page);
  await app.closeBrowser();

  const network = await networkOf(file);
  const question = endpoint.seen.find(({ path }) => path.endsWith('/completions'));
  const named = network.map((one) =>
    endpoint.address.includes(one.host) ? { ...one, purpose: 'larger-model' } : one,
  );
  // Of its own accord the browser fetches a tab's icon and the manifest, and looks whether the service worker has changed:
  // the ledger has one look a visit.
  const ownHost = new URL(app.address).host;
  const [own, own2] = [counted(kept), counted(named)];
  const missing = (purpose: string): number =>
    (own2[`${ownHost} ${purpose}`] ?? 0) - (own[`${ownHost} ${purpose}`] ?? 0);
  const icons = named.filter(({ path }) => /icon|\.webmanifest$/.test(path)).map(({ path }) => path);
  const unlike = JSON.stringify({ own, own2, icons });
  expect(missing('update'), unlike).toBeGreaterThanOrEqual(0);
  expect(missing('update'), unlike).toBeLessThanOrEqual(visits);
  expect(missing('app'), unlike).toBeGreaterThanOrEqual(0);
  expect(missing('app'), unlike).toBeLessThanOrEqual(icons.length - new Set(icons).size + 1);
  const but = (all: Record<string, number>) =>
    Object.entries(all).filter(([key]) => ![`${ownHost} update`, `${ownHost} app`].includes(key));
  expect(but(own)).toEqual(but(own2));
  expect(kept.filter(({ sentBytes }) => sentBytes > 0)).toEqual([
    expect.objectContaining({
      host: new URL(endpoint.address).host,
      purpose: 'larger-model',
      sentBytes: question?.body.length,
    }),
  ]);
  // To other hosts the bytes are our own count: those that the host has sent.
  const bytes = kept
    .filter((one) => host.origin.endsWith(one.host))
    .reduce((sum, one) => sum + (one.receivedBytes ?? 0), 0);
  expect(bytes).toBe(host.log.reduce((sum, { sent }) => sum + sent, 0));

  // Cut: nothing goes out any more, also after a start, and the chat goes on.
  app.expectConsoleError(/ERR_FAILED|Failed to load resource|Failed to fetch/);
  page = await app.open('temperature=0&max_tokens=12#/privacy');
  await page.getByRole('switch', { name: 'Switch the network off for Phield' }).click();
  await expect(page.getByRole('link', { name: /network off/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('link', { name: /network off/ })).toBeVisible();
  const requests = app.requestCount;
  const asked = host.log.length;
  await page.goto(`${app.address}?${host.query('two')}`);
  await expect(page.getByText('You have switched the network off').first()).toBeVisible();
  await page.goto(`${app.address}?temperature=0&max_tokens=12`);
  chat = new Chat(page);
  await chat.send('What is Phield?');
  await expect(chat.words).toContainText(/\w+ \w+/);
  const reach = (url: string): Promise<string> =>
    page.evaluate((address) => fetch(address).then((r) => String(r.status), () => 'refused'), url); // oxfmt-ignore
  expect(await reach(`${app.address}phield.config.json?x`)).toBe('refused');
  expect(host.log).toHaveLength(asked);
  expect(app.requestsSince(requests).filter((path) => !path.includes('/sw.js'))).toEqual([]);

  // The end: this tab deletes, the other one gives way, and nothing of it is there.
  const other = await app.newTab();
  await expect(other.getByText(/Runs on/)).toBeVisible();
  await page.goto(`${app.address}#/privacy`);
  await page.getByRole('link', { name: 'Delete everything…' }).click();
  await page.getByRole('button', { name: 'Delete everything now' }).click();
  await expect(page.getByRole('heading', { name: 'Everything is deleted.' })).toBeVisible();
  await expect(other.getByText(/is being deleted, from another tab/)).toBeVisible();
  const left = await page.evaluate(async () => {
    const files: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    const workers = (await navigator.serviceWorker.getRegistrations()).length;
    return { files, databases, caches: await caches.keys(), texts: localStorage.length, workers };
  });
  expect(left).toEqual({ files: [], databases: [], caches: [], texts: 0, workers: 0 });
  await endpoint.close();
  await rm(folder, { recursive: true, force: true });
});
