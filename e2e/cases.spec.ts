// What people's own folders, browsers and updates bring along: told apart, or made to work.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { Chat, expect, test, type App } from './app';

const tiny = new URL('../public/models/phield-tiny/', import.meta.url).pathname;
const names = readdirSync(tiny);
const folders: string[] = [];

/** A copy of the embedded model's folder, changed. */
function folder(change: (dir: string) => void): string {
  const dir = mkdtempSync(join(tmpdir(), 'phield-folder-'));
  folders.push(dir);
  for (const name of names) copyFileSync(join(tiny, name), join(dir, name));
  change(dir);
  return dir;
}
test.afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

async function pick(app: App, dir: string): Promise<Page> {
  const context = await app.openBrowser();
  await context.addInitScript(() => Object.assign(window, { showDirectoryPicker: undefined }));
  const page = await app.open('temperature=0&max_tokens=60#/');
  await expect(page.getByText(/Runs on/)).toBeVisible();
  await page.getByRole('link', { name: 'This device' }).click();
  await page.locator('input[type=file]:not([multiple])').setInputFiles(dir);
  return page;
}
const importNow = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Import', exact: true }).click();

test('a folder from a Mac’s stick, with notes and an empty file in it, is imported @chromium', async ({
  app,
}) => {
  const companion = Buffer.concat([Buffer.from([0, 5, 0x16, 7, 0, 2, 0, 0]), Buffer.alloc(4088)]);
  const dir = folder((at) => {
    for (const name of names) writeFileSync(join(at, `._${name}`), companion);
    writeFileSync(join(at, 'notes.json'), '// mine\n{ }\n');
    writeFileSync(join(at, 'generation_config.json'), '');
  });
  const page = await pick(app, dir);
  await importNow(page);
  await expect(page.getByText(/is imported and complete/)).toBeVisible();
});

test('an import that fails leaves the model it was to replace as it was, and nothing of its own @chromium', async ({
  app,
}) => {
  const dir = folder((at) => {
    const config = JSON.parse(readFileSync(join(at, 'mlc-chat-config.json'), 'utf8')) as {
      conv_template: { stop_token_ids: number[] };
      eos_token_id: number[];
    };
    config.conv_template.stop_token_ids = config.eos_token_id = [];
    writeFileSync(join(at, 'mlc-chat-config.json'), JSON.stringify(config));
    const manifest = readFileSync(join(at, 'tensor-cache.json'), 'utf8');
    writeFileSync(
      join(at, 'tensor-cache.json'),
      manifest.replace(/"md5sum": ?"[0-9a-f]{32}"/, `"md5sum":"${'0'.repeat(32)}"`),
    );
  });
  const page = await pick(app, dir);
  await importNow(page);
  await expect(page.getByText('A file of the model is damaged')).toBeVisible();
  await expect(page.getByText(/^Incomplete/)).toBeHidden();
  await page.locator('input[type=file]:not([multiple])').setInputFiles(dir);
  await page.getByLabel('Import as').selectOption({ label: 'Phield tiny' });
  await importNow(page);
  await expect(page.getByText('A file of the model is damaged')).toBeVisible();
  await page.goto('about:blank');
  const again = await app.open('temperature=0&max_tokens=60#/');
  await expect(again.getByText(/Runs on/)).toBeVisible();
  const chat = new Chat(again);
  await chat.send('Hello');
  // Its own configuration ends the answer; the other one's lets it run into the limit.
  await expect(chat.log).not.toContainText('Stopped at the limit');
});

test('a clone without Git LFS is told from a damaged copy, before anything is stored @chromium', async ({
  app,
}) => {
  const dir = folder((at) => {
    for (const name of names.filter((one) => one.startsWith('params_shard')))
      writeFileSync(
        join(at, name),
        `version https://git-lfs.github.com/spec/v1\noid sha256:${'a1'.repeat(32)}\nsize 1000\n`,
      );
  });
  const page = await pick(app, dir);
  await expect(page.getByText(/git lfs pull/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeHidden();
});

/** Puts a script before the worker's own. */
async function before(context: BrowserContext, script: string): Promise<void> {
  await context.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}
const around = (body: string): string =>
  `{ const gpu = navigator.gpu, ask = gpu.requestAdapter.bind(gpu); let asked = 0;
     Object.defineProperty(gpu, 'requestAdapter', { configurable: true, value: async (wish) => { ${body} } }); }`;

test('an adapter that comes late, under one wish only, with no name and no raised limits, runs', async ({
  app,
}) => {
  const body = `asked += 1;
    if (asked < 4 || wish.powerPreference) return null;
    const adapter = await ask(wish), open = adapter.requestDevice.bind(adapter);
    Object.defineProperty(adapter, 'info', { configurable: true, value: undefined });
    Object.defineProperty(adapter, 'requestDevice', { value: (descriptor = {}) =>
      Object.keys(descriptor.requiredLimits ?? {}).length ? Promise.reject(new Error('no')) : open(descriptor) });
    return adapter;`;
  await before(await app.openBrowser({ serviceWorkers: 'block' }), around(body));
  const page = await app.open('max_tokens=8#/');
  await expect(page.getByText(/Runs on/)).toBeVisible({ timeout: 60_000 });
});

test('a script that a new version took away is told as such @chromium', async ({ app }) => {
  app.expectConsoleError(/404|Failed to load/);
  const context = await app.openBrowser({ serviceWorkers: 'block' });
  const page = await app.open('max_tokens=8#/');
  await expect(page.getByText(/Runs on/)).toBeVisible();
  // The engine reads what is stored by itself: only looking after it starts the other worker.
  await context.route(/\/assets\/store-worker-/, (route) => route.fulfill({ status: 404, body: 'gone' }));
  await page.reload();
  await page.getByRole('link', { name: 'This device' }).click();
  await page
    .getByRole('button', { name: /^Verify/ })
    .first()
    .click();
  await expect(page.getByText('This page is of an older version')).toBeVisible();
  await expect(page.getByText(/Reload the page/).first()).toBeVisible();
});
