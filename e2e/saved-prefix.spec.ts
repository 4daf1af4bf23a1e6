// A long conversation after the browser was closed: its first question computes what is new, and not all of it again.
import type { Page } from '@playwright/test';
import { Chat, expect, test } from './app';

/** All records of a database's only store, as JSON. */
const contents = (page: Page, database: string, store: string): Promise<string> =>
  page.evaluate(
    ([name = '', records = '']) =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(new Error(opening.error?.message));
        opening.onsuccess = () => {
          const request = opening.result.transaction(records).objectStore(records).getAll();
          request.onsuccess = () => {
            opening.result.close();
            resolve(JSON.stringify(request.result));
          };
        };
      }),
    [database, store],
  );

const cachedTokens = async (page: Page): Promise<number[]> =>
  [...(await contents(page, 'phield-chats', 'records')).matchAll(/"cached_tokens":(\d+)/g)].map(([, count]) =>
    Number(count),
  );
const savedBlocks = async (page: Page): Promise<number> =>
  [...(await contents(page, 'phield-models-prefixes', 'files')).matchAll(/"computeMs"/g)].length;

test('what was computed of a long text is there after a restart', async ({ ownApp: app }) => {
  // Hundreds of tokens, which a software adapter takes its time over.
  test.setTimeout(300_000);
  const page = await app.open('max_tokens=4');
  const chat = new Chat(page);
  const story = 'Once upon a time there was a little dog who liked to run in the park. '.repeat(20);
  await chat.send(story, { wait: false });
  await expect(chat.stopButton).toBeHidden({ timeout: 180_000 });
  expect(await cachedTokens(page)).toEqual([0]);
  await expect.poll(() => savedBlocks(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(4);

  await app.openBrowser();
  const again = await app.open('max_tokens=4');
  await new Chat(again).send('What did the dog do?');
  await expect.poll(() => cachedTokens(again)).toHaveLength(2);
  expect(Math.max(...(await cachedTokens(again)))).toBeGreaterThanOrEqual(4 * 64);

  // What is kept is on show, and goes at a click, with no server to ask.
  await again.getByRole('link', { name: 'This device' }).click();
  const kept = again.getByText(/has read in chats is kept for the next start: [\d.]+ MB/);
  await expect(kept).toBeVisible();
  await app.killServer();
  await again.getByRole('button', { name: 'Forget what Phield tiny has read' }).click();
  await expect(kept).toBeHidden();
  expect(await savedBlocks(again)).toBe(0);
});
