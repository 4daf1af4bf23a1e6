// What the browser enforces, asked from inside: the page and each worker try to reach what they may not, and to run a
// string as code. As `npm start` serves the app, as nginx does with the block of docs/deploy.md, and as a host does
// that can send no header at all.
import { createServer, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { carryCode } from '../src/chat/saved/carry';
import { serveApp } from '../scripts/app.mjs';
import { hasNginx, startNginx } from '../scripts/serving/nginx.mjs';
import { Chat, expect, test, type App } from './app';
import { learnedChat } from './learned-chat';
import { findings, plantedBuild, probeScript } from './policy/planted';

/** Another origin that lets everybody read: what keeps it away is the policy alone. */
let host: Server;
let foreign: string;
let reached = 0;
let planted: Awaited<ReturnType<typeof plantedBuild>>;

test.beforeAll(async () => {
  planted = await plantedBuild();
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
test.afterAll(async () => {
  host.close();
  await planted.remove();
});

const bound = { foreign: 'refused', own: 'status 200', evaluated: 'refused', policy: 'refused' };

/** Firefox lets it ask the app's own host; src/client/quiet-worker.ts says why. */
const quiet = ({ browser }: App) => (browser === 'firefox' ? bound : { ...bound, own: 'refused' });

async function openAnswered(app: App, address: string): Promise<Chat> {
  app.expectConsoleError(
    /Content.Security.Policy|Trusted|Failed to load resource|Cross-Origin Request Blocked/,
  );
  const context = await app.openBrowser();
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${address}?max_tokens=48&temperature=0`);
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  return chat;
}

/** The worker that makes answers' Markdown into trees, which begins with the first code. */
async function openCode(page: Page, address: string): Promise<void> {
  await page.goto(`${address}#/carried/${carryCode(learnedChat())}`);
  await page.getByRole('button', { name: 'Keep and open' }).click();
  await expect(new Chat(page).log.locator('.hljs-keyword')).toHaveText('let');
}

test('with headers: who sees words has asked the network for nothing in a whole session, and may not @both', async ({
  app,
}) => {
  const server = await serveApp({ folder: join(planted.folder, 'phield') });
  try {
    const chat = await openAnswered(app, server.address);
    const { page } = chat;
    await chat.send('Does my data leave my device?');
    await page.getByRole('button', { name: 'Regenerate' }).last().click();
    await expect(chat.stopButton).toBeHidden();
    const own = `${server.address}robots.txt`;
    // Plain http beyond this machine is not where models come from.
    const store = await findings(page, 'store', foreign, own);
    expect(store).toMatchObject(bound);
    await page.reload();
    await chat.send('How do I work offline?');
    expect(await findings(page, 'page', foreign, own)).toMatchObject(bound);
    // Nor may a text become part of the page.
    const written = page.evaluate(() => (document.createElement('p').innerHTML = '<b>text</b>'));
    await expect(written).rejects.toThrow(/Trusted|Sink type mismatch/);
    const engine = await findings(page, 'engine', foreign, own);
    expect(engine).toMatchObject(quiet(app));
    await openCode(page, server.address);
    const markdown = await findings(page, 'markdown', foreign, own);
    expect(markdown).toMatchObject(quiet(app));
    expect(reached).toBe(0);

    // Its scripts are all that it has asked for. That the list would tell: it names the one script that the engine
    // was then made to ask for, and in the store's worker what that one fetches.
    const others = (urls: readonly string[]): readonly string[] =>
      urls.filter((url) => !/\/assets\/[^/]+\.js$/.test(url));
    expect(others(engine.before)).toEqual([]);
    expect(others(markdown.before)).toEqual([]);
    expect(engine.after).toContainEqual(expect.stringContaining(probeScript));
    expect(others(store.before)).toContainEqual(expect.stringContaining('tensor-cache.json'));
    expect(others(store.after)).toContain(own);
  } finally {
    await server.close();
  }
});

test('without headers page and engine are bound all the same; the store is not @both', async ({ app }) => {
  const server = await serveApp({ folder: join(planted.folder, 'phield'), headers: false });
  try {
    const { page } = await openAnswered(app, server.address);
    const own = `${server.address}robots.txt`;
    expect(await findings(page, 'page', foreign, own)).toMatchObject(bound);
    expect(await findings(page, 'engine', foreign, own)).toMatchObject(quiet(app));
    expect(reached).toBe(0);
    expect(await findings(page, 'store', foreign, own)).toMatchObject({
      foreign: 'status 200',
      own: 'status 200',
      evaluated: 'evaluated',
      policy: 'made',
    });
    reached = 0;
    await openCode(page, server.address);
    expect(await findings(page, 'markdown', foreign, own)).toMatchObject(quiet(app));
    expect(reached).toBe(0);
  } finally {
    await server.close();
  }
});

test('on nginx under a sub-path, configured as docs/deploy.md says, all are bound @both', async ({ app }) => {
  test.skip(!hasNginx(), 'There is no nginx on this machine.');
  const server = await startNginx({ root: planted.folder, path: '/phield/' });
  try {
    const { page } = await openAnswered(app, server.address);
    const own = `${server.address}robots.txt`;
    expect(await findings(page, 'page', foreign, own)).toMatchObject(bound);
    expect(await findings(page, 'engine', foreign, own)).toMatchObject(quiet(app));
    expect(await findings(page, 'store', foreign, own)).toMatchObject(bound);
    expect(reached).toBe(0);
  } finally {
    await server.close();
  }
});
