// A new version of the app while a page of the old one is open: two real builds, one after the other in the same folder.
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'vite';
import type { Page } from '@playwright/test';
import { root, serveApp } from '../scripts/app.mjs';
import { Chat, expect, test, type App } from './app';

let folder: string;
let next: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phield-build-'));
  next = await mkdtemp(join(tmpdir(), 'phield-next-'));
  // The next version differs in a word that shows.
  await build({
    root,
    logLevel: 'error',
    build: { outDir: next, emptyOutDir: true },
    plugins: [
      {
        name: 'next-version',
        enforce: 'pre',
        transformIndexHtml: (html) => html.replace('<title>Phield</title>', '<title>Phield next</title>'),
        transform: (code, id) =>
          id.endsWith('/src/app/main.tsx') ? `${code}\nglobalThis.phieldVersion = 'next';` : undefined,
      },
    ],
  });
});
test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(next, { recursive: true, force: true });
});

/** The service worker last: a browser may look for a new one at any moment. */
async function publish(build: string): Promise<void> {
  const isWorker = (file: string): boolean => basename(file).startsWith('sw.js');
  await cp(build, folder, { recursive: true, filter: (file) => !isWorker(file) });
  for (const file of (await readdir(build)).filter(isWorker)) await cp(join(build, file), join(folder, file));
}

const version = (page: Page): Promise<unknown> =>
  page.evaluate(() => (globalThis as { phieldVersion?: string }).phieldVersion);

/** Serves the old version anew; whatever the browser stored is of another origin. */
async function oldVersion(app: App): Promise<{ page: Page; close: () => Promise<void> }> {
  await rm(folder, { recursive: true, force: true });
  await publish(join(root, 'dist'));
  const server = await serveApp({ folder });
  const context = await app.openBrowser();
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${server.address}?max_tokens=24&temperature=0`);
  await expect(page.getByText(/Runs on/)).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  return { page, close: () => server.close() };
}

async function takeUpdate(page: Page): Promise<void> {
  await publish(next);
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await page.getByRole('button', { name: 'Reload', exact: true }).click();
  await expect.poll(() => version(page).catch(() => undefined)).toBe('next');
  await new Chat(page).send('What is Phield?');
}

test('Reload takes the new version, in the very first visit', async ({ app }) => {
  const { page, close } = await oldVersion(app);
  expect(await version(page)).toBeUndefined();
  await takeUpdate(page);
  await close();
});

test('Reload takes the new version, in a later visit @chromium', async ({ ownApp: app }) => {
  const { page, close } = await oldVersion(app);
  await page.reload();
  await expect(page.getByText(/Runs on/)).toBeVisible();
  expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  // Chromium's own report on what stands in the way of installing it.
  const browser = await page.context().newCDPSession(page);
  expect((await browser.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
  expect((await browser.send('Page.getAppManifest')).errors).toEqual([]);
  await takeUpdate(page);
  await close();
});

test('a host that is half way to a new version gives nothing of it, and the next look takes it whole', async ({
  app,
}) => {
  // What the browser says of an install that has failed.
  app.expectConsoleError(/bad-precaching-response/);
  const { page, close } = await oldVersion(app);
  await page.reload();
  await expect(page.getByText(/Runs on/)).toBeVisible();
  await publish(next);
  for (const packed of ['', '.br', '.gz'])
    await cp(join(root, `dist/index.html${packed}`), join(folder, `index.html${packed}`));
  await page.evaluate(async () => {
    const made = await navigator.serviceWorker.ready;
    await made.update().catch(() => undefined);
  });
  const waits = () =>
    page.evaluate(async () => {
      const { installing, waiting } = await navigator.serviceWorker.ready;
      return installing ? 'installing' : waiting !== null;
    });
  await expect.poll(waits).toBe(false);
  await expect(page.getByRole('button', { name: 'Reload', exact: true })).toBeHidden();
  await takeUpdate(page);
  await close();
});

test('a version that draws nothing is left by reloading, once there is another', async ({ app }) => {
  app.expectConsoleError(/this version is broken/);
  const { page, close } = await oldVersion(app);
  await page.reload();
  await expect(page.getByText(/Runs on/)).toBeVisible();
  // As a fault in the page's first script would have it: nothing is drawn, and nobody is asked.
  await publish(next);
  const start = /assets\/index-[\w-]+\.js/.exec(await readFile(join(next, 'index.html'), 'utf8'))?.[0] ?? '';
  for (const packed of ['.br', '.gz']) await rm(join(folder, `${start}${packed}`), { force: true });
  await writeFile(join(folder, start), "throw new Error('this version is broken');");
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await page.getByRole('button', { name: 'Reload', exact: true }).click();
  await expect(page.getByRole('main')).toHaveCount(0);
  await rm(folder, { recursive: true, force: true });
  await publish(join(root, 'dist'));
  // One reload finds the next version, which waits a while for an answer; the one after shows it.
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('main')).toBeVisible({ timeout: 20_000 });
  }).toPass({ timeout: 120_000 });
  expect(await version(page)).toBeUndefined();
  await close();
});

test('the other pages of the same host stay its owner’s', async ({ app }) => {
  app.expectConsoleError(/404/);
  // Each page is left while it still imports what comes after the first paint, which Firefox tells of.
  app.expectConsoleError(/error loading dynamically imported module|ServiceWorker intercepted the request/);
  const { page, close } = await oldVersion(app);
  const origin = new URL(page.url()).origin;
  await page.reload();
  await expect(page.getByText(/Runs on/)).toBeVisible();
  await writeFile(
    join(folder, 'about.html'),
    '<!doctype html><title>Another page</title><p>Of the same host</p>',
  );
  await page.goto(`${origin}/about.html`);
  await expect(page.getByText('Of the same host')).toBeVisible();
  for (const path of ['blog/2026/', 'nowhere', 'assets/gone.js']) {
    const answer = await page.goto(`${origin}/${path}`);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByText('There is no such file here.')).toBeVisible();
  }
  await close();
  // With the server gone: the app is there under its own address, with any query, and nowhere else.
  for (const path of ['', 'index.html', '?model=phi-3-mini&lang=pt#/models']) {
    await page.goto(`${origin}/${path}`);
    await expect(page.getByRole('navigation').first()).toBeVisible();
  }
  await expect(page.goto(`${origin}/blog/`)).rejects.toThrow(/ERR_|NS_ERROR_/);
});

test('the cache holds every file of the build that a start needs, and no copy of one', async () => {
  const worker = await readFile(join(root, 'dist/sw.js'), 'utf8');
  const scripts = (await readdir(join(root, 'dist/assets'))).filter((name) => /\.(js|css)$/.test(name));
  const leftOut = /web-?llm|^in-page-/;
  for (const name of scripts) expect(worker.includes(name), name).toBe(!leftOut.test(name));
  // And nothing that the cache holds asks for what it does not, but the frame's chat where it has no cache.
  for (const name of scripts.filter((script) => !/^in-page-|^frame-chat-/.test(script)))
    expect(await readFile(join(root, 'dist/assets', name), 'utf8'), name).not.toContain('in-page-');
  // Readers of documents once, in the bundle of their worker.
  for (const reader of ['read-pdf', 'pdf.worker', 'read-office'])
    expect(scripts.filter((name) => name.startsWith(`${reader}-`) && !leftOut.test(name))).toHaveLength(1);
  expect(worker).not.toMatch(/\.(br|gz)"/);
});
