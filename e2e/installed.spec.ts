// The installed app, in a window of its own: by its developer tools Chromium installs and opens it as the system would. The
// server is gone by then, since what is installed needs nobody.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { smallGguf } from '../src/formats/gguf/testing/small-model';
import { Chat, expect, test } from './app';
import { restWorks } from './rest-works';

/** Another app shares: the form that the manifest asks for, from a page that is not the app's. */
async function share(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.setContent(`<form method="post" enctype="multipart/form-data" action="${address}share">
    <input name="title" value="Rye"><input name="text" value="Where does it grow?"><input name="url" value="">
    <input name="files" type="file"></form>`);
  const file = { name: 'farm.txt', mimeType: 'text/plain', buffer: Buffer.from('Rye grows by the river.') };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.locator('form').evaluate((form: HTMLFormElement) => form.submit());
  return page;
}

test('the installed window works with the server gone: answers, documents, tasks, formulas, the page for frames, files and what other apps share @chromium', async ({
  ownApp: app,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'phield-installed-'));
  // Where a desktop's menus get what is installed.
  const env = { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const context = await app.openBrowser({ env });
  const tab = await app.open();
  await expect(tab.getByText(/Runs on/)).toBeVisible();
  await tab.evaluate(() => navigator.serviceWorker.ready);
  const devtools = await context.newCDPSession(tab);
  const { appId: manifestId = '' } = await devtools.send('Page.getAppId');
  await devtools.send('PWA.install', { manifestId });
  await devtools.send('PWA.changeAppUserSettings', { manifestId, displayMode: 'standalone' });
  await app.killServer();
  await expect(fetch(app.address)).rejects.toThrow();
  // The owner's file, which is asked for anew each time.
  app.expectConsoleError(/ERR_CONNECTION_REFUSED/);

  const opened = context.waitForEvent('page');
  await devtools.send('PWA.launch', { manifestId });
  const window = await opened;
  expect(await window.evaluate(() => matchMedia('(display-mode: standalone)').matches)).toBe(true);
  const chat = new Chat(window);
  await chat.send('What is Phield?');
  await expect(chat.words).toContainText(/\w+ \w+/);

  // The system opens files with it: in the window that is there.
  const [note, model] = [join(folder, 'rye.md'), join(folder, 'small.Q4_1.gguf')];
  await writeFile(note, '# Rye\n\nThe farm grows rye by the river.');
  await writeFile(model, smallGguf());
  await devtools.send('PWA.launchFilesInApp', { manifestId, files: [note] });
  await expect(window.getByRole('list', { name: 'Attached' })).toContainText('rye.md');
  await devtools.send('PWA.launchFilesInApp', { manifestId, files: [model] });
  await expect(window.getByText(/Found “small\.Q4_1\.gguf”/)).toBeVisible();

  const shared = await share(context, app.address);
  await expect(new Chat(shared).composer).toHaveValue('Rye\n\nWhere does it grow?');
  await expect(shared.locator('.dock')).toContainText('farm.txt');
  await shared.close();

  await restWorks(window, app.address);
  await rm(folder, { recursive: true, force: true });
});
