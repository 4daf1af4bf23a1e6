// Two tabs and a frame on one engine, in real Chromium: held once, and gone on with when the tab that has it is killed.
import type { Page } from '@playwright/test';
import { Chat, expect, test } from './app';

/** Engines held by the workers of these pages and of their frames. */
async function engines(pages: readonly Page[]): Promise<number> {
  const names = await Promise.all(
    pages.flatMap((page) => page.workers().map((worker) => worker.evaluate(() => self.name))),
  );
  return names.filter((name) => name === 'engine').length;
}

async function asked(page: Page, question: string): Promise<Chat> {
  await page.getByRole('button', { name: 'New chat' }).click();
  const chat = new Chat(page);
  await chat.send(question, { wait: false });
  return chat;
}

test('two tabs and a frame hold one engine; when its tab is killed the other finishes the answer, to the letter @chromium', async ({
  app,
}) => {
  // The demo's page has no icon.
  app.expectConsoleError(/404/);
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
  expect(await engines([first, second, host])).toBe(1);
  expect(await engines([first])).toBe(1);
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
  expect(await engines([second])).toBe(1);
});
