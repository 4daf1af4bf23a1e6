// Stored models over the life of a browser: out as files and in again without a network, another tab that wants the
// database, a crash that damaged a file, and the browser's promise to keep them.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Chat, expect, test, type App } from './app';

const query = 'temperature=0&max_tokens=12';

async function answers(page: Page): Promise<string> {
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  const answer = chat.log.getByRole('article').last();
  await expect(answer).toContainText('Phield');
  return answer.getByRole('paragraph').first().innerText();
}

/** The answer, with the app's own files cached for a life without a network. */
async function start(app: App): Promise<{ page: Page; said: string }> {
  const page = await app.open(query);
  const said = await answers(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.goto(`${app.address}?${query}#/storage`);
  return { page, said };
}

/** Flips a bit on the disk of a browser that is not running: in the last part, which is the smallest shard. */
const lastShard = 'params_shard_4.bin';

function damageLastShard(app: App): void {
  const { size } = statSync(new URL(`../public/models/phield-tiny/${lastShard}`, import.meta.url));
  const file = app.storedFiles.find((path) => statSync(path).size === size);
  if (file === undefined) throw new Error('The last shard is not stored.');
  const bytes = readFileSync(file);
  bytes[1234] = (bytes[1234] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

async function deleteModel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Delete Phield tiny' }).click();
  const question = page.getByRole('group', { name: /^Delete/ });
  await question.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No model is stored yet.')).toBeVisible();
}

/** From what was found to the same answer as before, with no server to ask. */
async function importAndAsk(app: App, page: Page, said: string): Promise<void> {
  await expect(page.getByText(/^Found “.*”: 4\.2 MB\.$/)).toBeVisible();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(/is imported and complete/)).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: /tiny/i })).toContainText('Complete');
  await page.goto(`${app.address}?${query}#/`);
  await page.reload();
  expect(await answers(page)).toBe(said);
}

test('a model moves to the other place, leaves by a folder, is deleted, and comes back without a network', async ({
  app,
}) => {
  app.expectConsoleError(/ERR_CONNECTION_REFUSED|Failed to fetch|service.?worker/i);
  const context = await app.openBrowser();
  // The picker is the one thing that no headless browser has; the folder it gives is a real one of the private
  // file system, and all that is done with it is real.
  await context.addInitScript(() => {
    const showDirectoryPicker = async () =>
      (await navigator.storage.getDirectory()).getDirectoryHandle('stick', { create: true });
    Object.assign(window, { showDirectoryPicker });
  });
  const { page, said } = await start(app);
  await app.killServer();
  // From the place that it was put into to the other one, which it then leaves from.
  const stored = page.getByRole('listitem').filter({ hasText: 'Phield tiny' });
  await expect(stored).toContainText('In private files');
  await page.getByRole('button', { name: 'Move to IndexedDB: Phield tiny' }).click();
  await expect(page.getByText('Phield tiny is moved; nothing was fetched again.')).toBeVisible();
  await expect(stored).toContainText('In IndexedDB');
  await page.getByRole('button', { name: 'Export Phield tiny' }).click();
  await expect(page.getByText('Phield tiny is exported.')).toBeVisible();
  await deleteModel(page);
  await page.getByRole('button', { name: 'Import a folder' }).click();
  await importAndAsk(app, page, said);
});

test('without a folder picker a model leaves as downloads and comes back as files @chromium', async ({
  app,
}) => {
  app.expectConsoleError(/ERR_CONNECTION_REFUSED|Failed to fetch|service.?worker/i);
  const context = await app.openBrowser();
  await context.addInitScript(() => Object.assign(window, { showDirectoryPicker: undefined }));
  const { page, said } = await start(app);
  const folder = await mkdtemp(join(tmpdir(), 'phield-stick-'));
  const saved: Promise<string>[] = [];
  page.on('download', (download) => {
    const path = join(folder, download.suggestedFilename());
    saved.push(download.saveAs(path).then(() => path));
  });
  await page.getByRole('button', { name: 'Export Phield tiny' }).click();
  await expect(page.getByText('Phield tiny is exported.')).toBeVisible();
  // Five shards, the manifest, the configuration, the tokenizer and where it came from.
  await expect.poll(() => saved.length).toBe(9);
  const files = await Promise.all(saved);
  await deleteModel(page);
  await app.killServer();
  await page.getByLabel('Import files').and(page.locator('input')).setInputFiles(files);
  await importAndAsk(app, page, said);
  await rm(folder, { recursive: true });
});

test('a tab gives the database up to another, and one that is kept out says so', async ({ app }) => {
  // A picture opened alone asks for an icon that is not there.
  app.expectConsoleError(/404/);
  const page = await app.open(query);
  await answers(page);
  const other = await app.newTab();
  await other.goto(`${app.address}icon.svg`);
  const outcome = await other.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.deleteDatabase('phield-models');
        request.onsuccess = () => resolve('deleted');
        request.onblocked = () => resolve('blocked');
      }),
  );
  expect(outcome).toBe('deleted');
  await page.getByRole('link', { name: 'This device' }).click();
  await expect(page.getByText('No model is stored yet.')).toBeVisible();
  // What is loaded goes on answering.
  await page.goto(`${app.address}?${query}#/`);
  await answers(page);

  // An older version held open by a tab that does not let go: a typed error, not a wait without end.
  await page.goto('about:blank');
  await other.evaluate(async () => {
    const request = <T>(asked: IDBOpenDBRequest): Promise<T> =>
      new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result as T)));
    await request(indexedDB.deleteDatabase('phield-models'));
    Object.assign(globalThis, { held: await request<IDBDatabase>(indexedDB.open('phield-models', 1)) });
  });
  await page.goto(`${app.address}?${query}`);
  const problem = page.getByRole('alert');
  await expect(problem).toContainText('Another tab holds the storage');
  await expect(problem).toContainText('storage/blocked');
  await other.evaluate(() => (globalThis as unknown as { held: IDBDatabase }).held.close());
  await page.getByRole('button', { name: 'Reload model' }).click();
  await answers(page);

  // A newer version: this page is the old one.
  await other.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('phield-models', 99);
        request.onsuccess = () => resolve(undefined);
        request.onblocked = () => reject(new Error('The page did not let go.'));
      }),
  );
  await page.getByRole('link', { name: 'This device' }).click();
  await expect(page.getByText(/made by a newer version of this app/)).toBeAttached();
});

test('after a crash, stored files are read back in idle time and what is damaged is fetched again', async ({
  ownApp: app,
}) => {
  const page = await app.open(query);
  await answers(page);
  // What a download leaves that died with its browser.
  await page.evaluate(
    (folder) =>
      new Promise((resolve) => {
        const request = indexedDB.open('phield-models');
        request.onsuccess = () => {
          const database = request.result;
          const transaction = database.transaction('files', 'readwrite');
          transaction.objectStore('files').put({ startedAt: 0, crashed: false }, [folder, 'session']);
          transaction.oncomplete = () => {
            database.close();
            resolve(undefined);
          };
        };
      }),
    `${app.address}models/phield-tiny/`,
  );
  await app.closeBrowser();
  damageLastShard(app);
  // Not the model that is damaged, which a load of it would find out, and mend, by itself.
  const again = await app.open(`${query}&model=no-such-model`);
  await expect(again.getByText(/died during a download.*params_shard_4\.bin/)).toBeVisible();
  const before = app.modelRequests.length;
  await again.getByRole('button', { name: 'Use the built-in model' }).click();
  await answers(again);
  expect(app.modelRequests.slice(before).map((path) => path.split('/').at(-1))).toEqual([lastShard]);
  await again.reload();
  await expect(again.getByText(/died during a download/)).toBeHidden();
});

test('a bit that changed in a stored shard is found by the next load, which fetches that shard again or says why not', async ({
  ownApp: app,
}) => {
  app.expectConsoleError(/ERR_CONNECTION_REFUSED|Failed to fetch|service.?worker/i);
  const { page, said } = await start(app);
  await page.goto(`${app.address}#/`);
  await app.closeBrowser();
  damageLastShard(app);
  await app.killServer();
  const offline = await app.open(query);
  const alert = offline.getByRole('alert');
  await expect(alert).toContainText('A file of the model is damaged');
  await expect(alert).toContainText(`${lastShard} was stored`);
  await expect(alert).toContainText('only the damaged file is fetched anew');
  await app.serve();
  await alert.getByRole('button', { name: 'Reload model' }).click();
  expect(await answers(offline)).toBe(said);
  expect(app.modelRequests.map((path) => path.split('/').at(-1))).toEqual([lastShard]);
});

test('the browser is asked at a click to keep what is stored @chromium', async ({ ownApp: app }) => {
  const page = await app.open('#/storage');
  await expect(page.getByText('The browser may delete it when the disk runs short.')).toBeVisible();
  const devtools = await page.context().newCDPSession(page);
  const origin = new URL(app.address).origin;
  await devtools.send('Browser.grantPermissions', { origin, permissions: ['durableStorage'] });
  await page.getByRole('button', { name: 'Ask the browser to keep it' }).click();
  await expect(page.getByText('The browser has promised to keep it.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('The browser has promised to keep it.')).toBeVisible();
});
