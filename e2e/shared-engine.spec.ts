// Two tabs and a frame on one engine, in real Chromium: held once, and gone on with when the tab that has it is killed.
import type { BrowserContext, Page } from '@playwright/test';
import { Chat, expect, test } from './app';

/** Bytes of the buffers that a worker has made on its devices and not given back. */
interface Counting {
  heldBytes?: number;
}

/** Counts what every engine's worker has of the GPU, beside what the engine says of itself. */
async function countBuffers(context: BrowserContext): Promise<void> {
  const counter = `{
    const held = new Map();
    const of = (device) => held.get(device) ?? held.set(device, new Map()).get(device);
    const { createBuffer, destroy } = GPUDevice.prototype;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = createBuffer.call(this, descriptor);
      of(this).set(buffer, buffer.size);
      const { destroy } = buffer;
      buffer.destroy = () => (of(this).delete(buffer), destroy.call(buffer));
      return buffer;
    };
    GPUDevice.prototype.destroy = function () {
      held.delete(this);
      return destroy.call(this);
    };
    Object.defineProperty(self, 'heldBytes', {
      get: () => [...held.values()].flatMap((sizes) => [...sizes.values()]).reduce((a, b) => a + b, 0),
    });
  }
  `;
  await context.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: counter + (await response.text()) });
  });
}

/** Of each engine that the workers of these pages and of their frames have: bytes on the GPU. */
async function engines(pages: readonly Page[]): Promise<number[]> {
  const workers = pages.flatMap((page) => page.workers());
  const all = await Promise.all(
    workers.map((worker) =>
      worker.evaluate(() => ({ name: self.name, bytes: (self as Counting).heldBytes })),
    ),
  );
  return all.filter(({ name }) => name === 'engine').map(({ bytes = NaN }) => bytes);
}

/** The bytes of the one engine as a tab's page says them, and where it says that they are. */
async function told(page: Page, where: string): Promise<number> {
  await page.getByRole('link', { name: 'This device' }).click();
  const line = page.getByText(/^On the GPU now/);
  await expect(line).toContainText(`once for 3 tabs and frames. ${where}`);
  const bytes = Number(await line.getAttribute('value'));
  await page.goBack();
  return bytes;
}

async function asked(page: Page, question: string): Promise<Chat> {
  await page.getByRole('button', { name: 'New chat' }).click();
  const chat = new Chat(page);
  await chat.send(question, { wait: false });
  return chat;
}

test('two tabs and a frame hold one engine; when its tab is killed the other finishes the answer, to the letter @chromium', async ({
  ownApp: app,
}) => {
  // The demo's page has no icon.
  app.expectConsoleError(/404/);
  // What the service worker keeps would come to its workers uncounted.
  await countBuffers(await app.openBrowser({ serviceWorkers: 'block' }));
  const query = 'temperature=0&max_tokens=160';
  const first = await app.open(query);
  await expect(first.getByText(/Runs on/)).toBeVisible();
  const second = await app.newTab(query);
  await expect(second.getByText(/Runs on/)).toBeVisible();
  const host = await app.newTab();
  await host.goto(`${app.address}demo/`);
  await host.getByRole('button', { name: 'Open the chat' }).click();
  const frame = host.frameLocator('iframe[title="Chat"]');
  await frame.getByRole('textbox', { name: 'Message' }).fill('How much is shipping?');
  await frame.getByRole('button', { name: 'Send' }).click();
  await expect(frame.getByRole('article').last()).toContainText('Shipping costs 12 reais');
  // All that the origin holds is what one engine says that it holds, to the byte, whichever tab is asked.
  const bytes = await told(first, 'The engine is in this tab.');
  expect(bytes).toBeGreaterThan(1e6);
  expect(await told(second, 'The engine is in another tab')).toBe(bytes);
  expect(await engines([first, second, host])).toEqual([bytes]);
  // The tab and the frame that do not have it hold nothing.
  expect(await engines([second, host])).toEqual([]);
  await host.close();

  const question = 'Tell me a story about a dog and a boat.';
  const undisturbed = await asked(second, question);
  await expect(undisturbed.stopButton).toBeHidden();
  const whole = await undisturbed.log.getByRole('article').last().locator('.prose').innerText();

  const chat = await asked(second, question);
  const answer = chat.log.getByRole('article').last();
  await expect(answer.locator('.prose-running')).toContainText(/\w+ \w+ \w+/);
  const browser = await first.context().newCDPSession(first);
  // Never answered: there is nobody left to.
  browser.send('Page.crash').catch(() => undefined);
  await expect(chat.stopButton).toBeHidden();
  await expect.poll(() => answer.locator('.prose').innerText()).toBe(whole);
  expect(await engines([second])).toHaveLength(1);
});
