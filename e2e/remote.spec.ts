// A larger model elsewhere, from the click that names it to its answer: nothing is sent before it was shown, one frame
// reaches one host, and the page and its workers reach none.
import { readFileSync } from 'node:fs';
import type { Frame, Page, Worker } from '@playwright/test';
import { expect, holdsLargerModel, settingsProbes, test, Chat } from './app';
import { fits, keepsRules, takeFinger } from './looks';
import { startFaultServer } from '../src/remote/testing/fault-server';

const key = 'sk-e2e-5f0c2a9d7b31';

test('what is shown goes to one host, from a frame that reaches no other @chromium', async ({
  ownApp: app,
}) => {
  app.expectConsoleError(settingsProbes);
  app.expectConsoleError(
    /Content Security Policy|ERR_BLOCKED_BY_CSP|Refused to connect|Fetch API cannot load/,
  );
  // Of this machine, but not where the store may look for models.
  const endpoint = await startFaultServer(undefined, undefined, '127.0.0.2');
  const other = await startFaultServer();
  const page = await app.open('temperature=0&max_tokens=24');
  const chat = new Chat(page);
  await chat.send('My e-mail is ana@example.com. What is Phield?');
  expect(page.frames().filter((frame) => frame.url().includes('remote'))).toEqual([]);

  const openMenu = (): Promise<void> => page.getByRole('button', { name: 'More' }).last().click();
  await openMenu();
  await page.getByRole('menuitem', { name: 'Ask the larger model' }).click();
  await page.getByRole('button', { name: 'Set one up' }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill(endpoint.address);
  await page.getByLabel('Key', { exact: true }).fill(key);
  await page.getByLabel('Keep the key on this device, encrypted').check();
  await page.getByRole('button', { name: 'Show its models' }).click();
  await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption({ label: 'echo' });
  await isForEveryone(page, 'the form of a larger model');
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  // Its models were asked for, and nothing else.
  expect(endpoint.seen.map(({ path }) => path)).toEqual(['/v1/models']);

  await openMenu();
  await page.getByRole('menuitem', { name: 'Ask the larger model' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('[EMAIL_1]')).toBeVisible();
  expect(endpoint.seen).toHaveLength(1);
  await isForEveryone(page, 'what is about to be sent');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(chat.words).toHaveText('You said: My e-mail is ana@example.com. What is Phield?');
  await expect(chat.log.getByText(/not on this device: 127\.0\.0\.2/)).toBeVisible();
  const sent = endpoint.seen.at(-1);
  expect(JSON.parse(sent?.body ?? '').messages).toEqual([
    { role: 'user', content: 'My e-mail is [EMAIL_1]. What is Phield?' },
  ]);
  expect(sent?.authorization).toBe(`Bearer ${key}`);
  // The answer of this device is still there, beside it.
  await page.getByRole('button', { name: 'Previous version' }).click();
  await expect(chat.log.getByText(/not on this device/)).toBeHidden();

  const reaches = (realm: Page | Frame | Worker, address: string): Promise<string> => {
    const ask = (url: string): Promise<string> =>
      fetch(url).then(
        () => 'reached',
        () => 'refused',
      );
    const url = `${address}/models`;
    return 'goto' in realm ? realm.evaluate(ask, url) : realm.evaluate(ask, url);
  };
  const frame = page.frames().find((one) => one.url().endsWith('/remote.html'));
  if (!frame) throw new Error('There is no frame.');
  expect(await reaches(frame, endpoint.address)).toBe('reached');
  expect(await reaches(frame, other.address)).toBe('refused');
  expect(await reaches(frame, app.address.slice(0, -1))).toBe('refused');
  expect(await reaches(page, endpoint.address)).toBe('refused');
  expect(page.workers().some((worker) => worker.url().includes('store-worker'))).toBe(true);
  for (const worker of page.workers()) {
    expect(await reaches(worker, endpoint.address), worker.url()).toBe('refused');
  }
  expect(other.seen).toEqual([]);

  // The key is nowhere to be read: not in the page, not in its storage, not on the disk.
  const texts = await page.evaluate(() => JSON.stringify({ ...localStorage }) + document.body.innerHTML);
  expect(texts).not.toContain(key);
  await app.closeBrowser();
  for (const file of app.storedDatabases()) expect(readFileSync(file).includes(key), file).toBe(false);
  await Promise.all([endpoint.close(), other.close()]);
});

/** The rules with room in light and dark, and under a finger on a small phone. */
async function isForEveryone(page: Page, what: string): Promise<void> {
  await keepsRules(page, what);
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 568 });
  await takeFinger(page, true);
  await fits(page, `${what}, phone`, true);
  await takeFinger(page, false);
  if (size) await page.setViewportSize(size);
}

test('what went out is counted also where the page is left before its answer is over @chromium', async ({
  app,
}) => {
  app.expectConsoleError(settingsProbes);
  app.expectConsoleError(
    /Content Security Policy|ERR_BLOCKED_BY_CSP|Refused to connect|Fetch API cannot load/,
  );
  const endpoint = await startFaultServer(undefined, undefined, '127.0.0.2');
  let page = await app.open('temperature=0&max_tokens=12');
  await holdsLargerModel(page, endpoint.address, 'slow');
  await page.reload();
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  await page.getByRole('button', { name: 'More' }).last().click();
  await page.getByRole('menuitem', { name: 'Ask the larger model' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await expect(chat.words).toContainText('Half');
  await expect(page.getByRole('link', { name: '0 sent' })).toBeVisible();
  // A tab that is closed, and the app opened another time.
  await page.close({ runBeforeUnload: true });
  page = await app.newTab();
  await expect(page.getByRole('link', { name: '1 sent' })).toBeVisible();
  await endpoint.close();
});
