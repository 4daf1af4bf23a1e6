// The file people have: a GGUF from a stick into the store, and a real public model from its real file through the page.
import { existsSync, readFileSync } from 'node:fs';
import { smallGguf } from '../src/formats/gguf/testing/small-model';
import { Chat, expect } from './app';
import { bigModel, test } from './model-host';

interface Golden {
  readonly file: string;
  readonly cases: readonly { readonly prompt: string }[];
}
const golden = JSON.parse(
  readFileSync(new URL('../src/engines/wgsl/testing/smollm2-135m-golden.json', import.meta.url), 'utf8'),
) as Golden;
const smol = new URL(`../public/models/${golden.file}`, import.meta.url);

test('a GGUF file that is dropped on the page is told what it is, imported, and answers with the server gone @both', async ({
  ownApp: app,
}) => {
  app.expectConsoleError(/ERR_CONNECTION_REFUSED|Failed to fetch|service.?worker|NetworkError/i);
  const page = await app.open('max_tokens=24#/models');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect(page.getByRole('heading', { name: 'Add a model' })).toBeVisible();
  // What is dropped is followed by a script that comes after the page.
  const base64 = Buffer.from(smallGguf()).toString('base64');
  await expect(async () => {
    await page.evaluate((text) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], 'small.Q4_1.gguf'));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
    }, base64);
    await expect(page).toHaveURL(/#\/storage$/, { timeout: 1000 });
  }).toPass();
  await expect(page.getByText(/Found “small\.Q4_1\.gguf”/)).toBeVisible();
  await expect(page.getByText('Q4_1 97%, F32 3%')).toBeVisible();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(/is imported and complete/)).toBeVisible();
  await app.killServer();
  await app.openBrowser();
  const again = new Chat(await app.open('max_tokens=24&temperature=0&model=imported:/small.Q4_1.gguf/#/'));
  await again.send('hello');
  await expect(again.log.getByRole('article').last()).toBeVisible();
});

test('by its address from another host: head first, then all of it by the store, then an answer @chromium', async ({
  app,
  host,
}) => {
  const body = Buffer.from(smallGguf({ seed: 2 }));
  const file = { name: 'other.gguf', type: 'application/octet-stream', body, etag: '"other"' };
  host.models.set('gguf', { ...bigModel(), files: new Map([[file.name, file]]) });
  const page = await app.open('max_tokens=8#/models');
  await page
    .getByRole('textbox', { name: 'Address or owner/repository' })
    .fill(`${host.folder('gguf')}other.gguf`);
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByText('llama', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Download and use' }).click();
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(page.getByText(/Runs on/)).toBeVisible();
  const chat = new Chat(page);
  await chat.send('hello');
  await expect(chat.log.getByRole('article').last()).toBeVisible();
});

test('a file that is cut off is refused in words, and nothing is kept @chromium', async ({ app }) => {
  const page = await app.open('#/storage');
  const buffer = Buffer.from(smallGguf()).subarray(0, 4000);
  const file = { name: 'cut.gguf', mimeType: 'application/octet-stream', buffer };
  await page.getByLabel('Import files').and(page.locator('input')).setInputFiles(file);
  await expect(page.getByText('This GGUF file is damaged, or is not one')).toBeVisible();
});

test.skip(!existsSync(smol) && process.env['REQUIRE_WEBGPU'] !== '1', 'npm run model -- smollm2-135m');
test('SmolLM2-135M answers through the page as float64 does, and opens again offline @chromium', async ({
  ownApp: app,
}) => {
  test.setTimeout(600_000);
  app.expectConsoleError(/ERR_CONNECTION_REFUSED|Failed to fetch|service.?worker/i);
  const [first] = golden.cases;
  if (!first) throw new Error('No golden case');
  const count = 12;
  const query = `model=smollm2-135m&temperature=0&max_tokens=${count}#/`;
  const page = await app.open(query);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect(page.getByText(/Runs on/)).toBeVisible({ timeout: 240_000 });
  const chat = new Chat(page);
  await chat.send(first.prompt);
  // The text of the first twelve golden ids; every id is held to float64 in smollm2.gpu.test.ts.
  await expect(chat.log.getByRole('article').last()).toContainText(
    'The answer to this question lies in the intricate dance of light',
    { timeout: 120_000 },
  );

  await app.killServer();
  await app.openBrowser();
  const again = await app.open(query);
  await expect(again.getByText(/Runs on/)).toBeVisible({ timeout: 240_000 });
});
