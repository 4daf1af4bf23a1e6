// What the browser enforces, asked from inside: the page and each worker try to reach what they may not, and to run a
// string as code. Once as `npm start` serves the app, once as a host does that can send no header at all.
import { createServer, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { Page, Worker } from '@playwright/test';
import { serveApp } from '../scripts/app.mjs';
import { Chat, expect, test, type App } from './app';

interface Attempt {
  readonly foreign: string;
  readonly own: string;
  readonly evaluated: string;
}

/** Another origin that lets everybody read: what keeps it away is the policy alone. */
let host: Server;
let foreign: string;
let reached = 0;

test.beforeAll(async () => {
  host = createServer((_, response) => {
    reached++;
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('reached');
  });
  await new Promise<void>((resolve) => host.listen(0, '0.0.0.0', resolve));
  const bound = host.address();
  // Not the loopback, which the store may reach for a person's own server.
  const lan = Object.values(networkInterfaces())
    .flat()
    .find((entry) => entry?.family === 'IPv4' && !entry.internal);
  foreign = `http://${lan?.address ?? '127.0.0.2'}:${typeof bound === 'object' ? bound?.port : 0}/`;
});
test.beforeEach(() => {
  reached = 0;
});
test.afterAll(() => host.close());

async function attempt(realm: Page | Worker, own: string): Promise<Attempt> {
  const question = async ([foreign, own]: [string, string]): Promise<Attempt> => {
    const ask = (url: string): Promise<string> =>
      fetch(url, { cache: 'no-store' }).then(
        (response) => `status ${response.status}`,
        () => 'refused',
      );
    const { eval: evaluate } = globalThis;
    // Not within the debugger's own call, which may evaluate.
    const evaluated = new Promise<string>((resolve) =>
      setTimeout(() => {
        try {
          resolve(String(evaluate('"evaluated"')));
        } catch {
          resolve('refused');
        }
      }, 0),
    );
    return { foreign: await ask(foreign), own: await ask(own), evaluated: await evaluated };
  };
  return 'goto' in realm
    ? realm.evaluate(question, [foreign, own] as [string, string])
    : realm.evaluate(question, [foreign, own] as [string, string]);
}

/** The worker whose scope holds what only this one does. */
async function workerOf(page: Page, kind: 'engine' | 'store'): Promise<Worker> {
  let found: Worker | undefined;
  await expect
    .poll(async () => {
      for (const worker of page.workers()) {
        const isQuiet = worker.url().startsWith('blob:');
        if (kind === 'engine' ? isQuiet : /store-worker/.test(worker.url())) found = worker;
      }
      return found !== undefined;
    })
    .toBe(true);
  if (!found) throw new Error(`There is no ${kind} worker.`);
  return found;
}

/** Firefox lets it ask the app's own host; src/app/quiet-worker.ts says why. */
const quiet = ({ browser }: App): Attempt => ({
  foreign: 'refused',
  own: browser === 'firefox' ? 'status 200' : 'refused',
  evaluated: 'refused',
});

async function openAnswered(app: App): Promise<{ page: Page; chat: Chat }> {
  const page = await app.open('max_tokens=96&temperature=0');
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  return { page, chat };
}

test('page and workers refuse a foreign address and a string as code, with headers', async ({ app }) => {
  app.expectConsoleError(/Content Security Policy|Failed to load resource/);
  const { page } = await openAnswered(app);
  const own = `${app.address}robots.txt`;
  expect(await attempt(page, own)).toEqual({ foreign: 'refused', own: 'status 200', evaluated: 'refused' });
  expect(await attempt(await workerOf(page, 'engine'), own)).toEqual(quiet(app));
  // Plain http beyond this machine is not where models come from.
  expect(await attempt(await workerOf(page, 'store'), own)).toEqual({
    foreign: 'refused',
    own: 'status 200',
    evaluated: 'refused',
  });
  expect(reached).toBe(0);
});

test('without headers page and engine are bound all the same; the store is not', async ({ app }) => {
  app.expectConsoleError(/Content Security Policy|Failed to load resource/);
  const bare = await serveApp({ headers: false });
  try {
    const context = await app.openBrowser();
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`${bare.address}?max_tokens=96&temperature=0`);
    await new Chat(page).send('What is Phield?');
    const own = `${bare.address}robots.txt`;
    expect(await attempt(page, own)).toEqual({ foreign: 'refused', own: 'status 200', evaluated: 'refused' });
    expect(await attempt(await workerOf(page, 'engine'), own)).toEqual(quiet(app));
    expect(reached).toBe(0);
    expect(await attempt(await workerOf(page, 'store'), own)).toEqual({
      foreign: 'status 200',
      own: 'status 200',
      evaluated: 'evaluated',
    });
  } finally {
    await bare.close();
  }
});

test('a whole session, and the worker that saw it has asked the network for nothing', async ({ app }) => {
  const { page, chat } = await openAnswered(app);
  await chat.send('Does my data leave my device?');
  await page.getByRole('button', { name: 'Regenerate' }).last().click();
  await expect(chat.stopButton).toBeHidden();
  await page.reload();
  await chat.send('How do I work offline?');
  const engine = await workerOf(page, 'engine');
  await expect(page.getByText(/Runs on/)).toBeVisible();
  const requests = await engine.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map((entry) => ({ url: entry.name, by: (entry as PerformanceResourceTiming).initiatorType })),
  );
  // Its scripts are all it was started with.
  expect(requests.filter(({ url }) => !/\/assets\/[^/]+\.js$/.test(url))).toEqual([]);
  expect(requests.filter(({ by }) => by === 'fetch' || by === 'xmlhttprequest')).toEqual([]);
});
