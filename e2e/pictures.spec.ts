// A model that sees, through real llama.cpp on the processor: a pair of files from a stick, asked about pictures.
import type { Page } from '@playwright/test';
import { smallEyes, smallSeeing } from '../src/formats/gguf/testing/small-eyes';
import { Chat, expect, test } from './app';

/** A bitmap file whose colours run from one corner to the other. */
function bitmap(colour: (x: number, y: number) => readonly [number, number, number]): Buffer {
  const side = 48;
  const file = Buffer.alloc(54 + 3 * side * side);
  file.write('BM');
  file.writeUInt32LE(file.byteLength, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(side, 18);
  file.writeInt32LE(side, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let i = 0; i < side * side; i++)
    file.set(colour((i % side) / side, Math.floor(i / side) / side), 54 + 3 * i);
  return file;
}
const field = bitmap((x, y) => [40 + 80 * x, 200, 30 * y]);
const dusk = bitmap((x, y) => [255 * y, 90 * (1 - y), x > 0.5 ? 250 : 20]);

/** A question in a chat of its own, as the model reads it: its answer. */
async function ask(page: Page, picture: Buffer | undefined, words: string): Promise<string | null> {
  const chat = await attach(page, picture);
  await chat.send(words);
  await expect(chat.words).toContainText(/\w{3}/);
  return chat.words.textContent();
}

async function attach(page: Page, picture: Buffer | undefined): Promise<Chat> {
  await page.getByRole('button', { name: 'New chat' }).click();
  if (picture) {
    const file = { name: 'picture.bmp', mimeType: 'image/bmp', buffer: picture };
    await page.getByLabel('Attach file').and(page.locator('input')).setInputFiles(file);
    await expect(page.getByRole('img', { name: 'Picture 1' })).toBeVisible();
  }
  return new Chat(page);
}

/** Positions that each question took, by llama.cpp's own count, the newest last. */
function promptTokens(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const found: [number, number][] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(new Error(name));
      });
      for (const store of database.objectStoreNames) {
        const values = await new Promise<unknown[]>((resolve) => {
          const reading = database.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => resolve(reading.result as unknown[]);
        });
        for (const value of values) {
          const { usage, createdAt } = (value ?? {}) as {
            usage?: { prompt_tokens: number };
            createdAt?: number;
          };
          if (usage) found.push([createdAt ?? 0, usage.prompt_tokens]);
        }
      }
      database.close();
    }
    return found.sort(([a], [b]) => a - b).map(([, tokens]) => tokens);
  });
}

test('a pair of files sees pictures on the processor, and after a restart with no network too', async ({
  ownApp: app,
}) => {
  test.setTimeout(360_000);
  app.expectConsoleError(/ERR_CONNECTION_REFUSED|Failed to fetch|NetworkError|service.?worker/i);
  // So Firefox says of a worker that is ended while its WebAssembly has threads.
  app.expectConsoleError(/^uncaught exception: undefined$/);
  await app.openBrowser({ adapter: false });
  const page = await app.open('#/storage');
  await page.evaluate(() => navigator.serviceWorker.ready);
  const file = (name: string, bytes: Uint8Array) => ({ name, mimeType: '', buffer: Buffer.from(bytes) });
  await page
    .getByLabel('Import files')
    .and(page.locator('input'))
    .setInputFiles([file('mmproj-small.gguf', smallEyes()), file('small.gguf', smallSeeing())]);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(/is imported and complete/)).toBeVisible();

  // Greedy, and no letter twice, so that what was read decides the order of them all.
  const query =
    'max_tokens=9&temperature=0&repetition_penalty=2&model=imported:/small.gguf%2Bmmproj-small.gguf/#/';
  await app.open(query);
  await page.getByRole('button', { name: 'Run small.gguf + mmproj on the processor' }).click();
  const ready = /Runs on this device’s processor \(.*thread.*tokens/;
  await expect(page.getByText(ready)).toBeVisible({ timeout: 120_000 });
  const words = 'What is it?';
  const seen = await ask(page, field, words);
  expect(await ask(page, dusk, words)).not.toBe(seen);
  expect(await ask(page, field, words)).toBe(seen);
  expect(await ask(page, undefined, words)).not.toBe(seen);
  // Words that spell what stands for a picture are words.
  await ask(page, undefined, '<__media__>');
  await expect.poll(() => promptTokens(page)).toHaveLength(5);
  const [field1 = 0, dusk1, field2, none = 0] = await promptTokens(page);
  expect([dusk1, field2]).toEqual([field1, field1]);
  // The whole picture and its only tile, four positions each, and tags around them.
  expect(field1 - none).toBeGreaterThan(8);
  expect(field1 - none).toBeLessThan(32);

  await app.killServer();
  await app.openBrowser({ adapter: false });
  const again = await app.open(query);
  await expect(again.getByText(ready)).toBeVisible({ timeout: 120_000 });
  // A question that is stopped while its picture may still be looked at leaves the next one as it is.
  const stopped = await attach(again, dusk);
  await stopped.send(words, { wait: false });
  await again.keyboard.press('Escape');
  await expect(stopped.stopButton).toBeHidden();
  expect(await ask(again, field, words)).toBe(seen);
});
