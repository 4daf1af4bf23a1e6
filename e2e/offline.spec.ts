// The server is gone, really: its process stops listening. The app opens and answers all the same.
import type { Page } from '@playwright/test';
import { carryCode } from '../src/chat/saved/carry';
import { Chat, expect, test } from './app';
import { learnedChat } from './learned-chat';

/** Documents, tasks, formulas and code, and the page for frames: each comes in scripts of its own. */
async function restWorks(page: Page, address: string): Promise<void> {
  await page.goto(`${address}#/documents`);
  const buffer = Buffer.from('The farm grows rye by the river.');
  await page
    .getByLabel('Choose files')
    .first()
    .setInputFiles({ name: 'rye.txt', mimeType: 'text/plain', buffer });
  await page.getByRole('link', { name: 'rye.txt' }).click();
  await expect(page.locator('.document')).toContainText('The farm grows rye');
  await page.goto(`${address}#/tasks/summarise`);
  await page.getByLabel('Document', { exact: true }).selectOption({ label: 'rye.txt' });
  await page.getByRole('radio', { name: 'Short' }).check();
  await page.getByRole('button', { name: 'Try with Phield tiny anyway' }).click();
  // The end of it: what is written is there, and can be taken into a chat.
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open as chat' })).toBeVisible();
  await page.goto(`${address}#/carried/${carryCode(learnedChat())}`);
  await page.getByRole('button', { name: 'Keep and open' }).click();
  const { log } = new Chat(page);
  await expect(log.locator('math')).toBeVisible();
  await expect(log.locator('.hljs-keyword')).toHaveText('let');
  await page.goto(`${address}embed.html?lang=en`);
  await page.getByRole('textbox', { name: 'Message' }).fill('What is Phield?');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(new Chat(page).words).toContainText(/\w+ \w+/);
}

test('opens and answers with the server gone, also after a restart of the browser @both', async ({ app }) => {
  const page = await app.open('max_tokens=48');
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  await page.evaluate(() => navigator.serviceWorker.ready);

  await app.killServer();
  await expect(fetch(app.address)).rejects.toThrow();
  await page.reload();
  await expect(chat.log).toContainText('What is Phield?');
  await chat.send('Does my data leave my device?');
  await expect(chat.words).toContainText(/\w+ \w+/);

  await app.openBrowser();
  const later = await app.open('max_tokens=48');
  const again = new Chat(later);
  await expect(again.log).toContainText('Does my data leave my device?');
  await again.send('How do I work offline?');
  await expect(again.words).toContainText(/\w+ \w+/);
  // The owner's file, which is asked for anew each time.
  app.expectConsoleError(/ERR_CONNECTION_REFUSED/);
  await restWorks(later, app.address);
});

test('the service worker keeps the app and never the weights', async ({ app }) => {
  const page = await app.open('max_tokens=48');
  await new Chat(page).send('What is Phield?');
  await page.evaluate(() => navigator.serviceWorker.ready);
  const cached = await page.evaluate(async () => {
    const urls: string[] = [];
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) urls.push(request.url);
    return urls;
  });
  expect(cached.some((url) => url.includes('index.html'))).toBe(true);
  expect(cached.filter((url) => url.includes('/models/'))).toEqual([]);
});
