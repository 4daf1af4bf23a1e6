// Chats in two tabs of one browser: each sees what the other writes, and nothing is lost when both write at once.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { Chat, expect, test, type App } from './app';

const query = 'temperature=0&max_tokens=40';
const said = (page: Page): Promise<string[]> =>
  new Chat(page).log.getByRole('article', { name: 'You' }).allInnerTexts();

/** @returns the page that is opened after both have written and the browser was closed */
async function writeInTwoTabs(app: App): Promise<Page> {
  const first = await app.open(query);
  await new Chat(first).send('What is Phield?');
  const second = await app.newTab(query);
  await expect(new Chat(second).log).toContainText('What is Phield?');

  // At once, in the same chat: neither overwrites the other, and each goes on showing its own.
  await Promise.all([
    new Chat(first).send('Does my data leave my device?'),
    new Chat(second).send('How do I use Phield offline?'),
  ]);
  expect((await said(first)).at(-1)).toContain('Does my data');
  expect((await said(second)).at(-1)).toContain('offline');
  for (const page of [first, second]) await expect(page.getByText(/^[12] of 2$/)).toBeVisible();

  await second.getByRole('button', { name: 'Chat options' }).click();
  await second.getByRole('button', { name: 'Rename' }).click();
  await second.getByRole('textbox', { name: 'Name of the chat' }).fill('Questions about Phield');
  await second.keyboard.press('Enter');
  await expect(first.getByRole('link', { name: 'Questions about Phield' })).toBeVisible();

  // All of it is on the disk.
  await second.close();
  await app.openBrowser();
  const again = await app.open(query);
  await expect(again.getByRole('link', { name: 'Questions about Phield' })).toBeVisible();
  return again;
}

// Playwright hears of no download in Firefox, so there the export is left out.
test('two tabs in one chat keep all that either says, and it is there after a restart', async ({
  ownApp: app,
}) => {
  const again = await writeInTwoTabs(app);
  // Two branches: the one that was written last is shown, the other is a click away.
  const one = (await said(again)).at(-1);
  await again
    .getByRole('button', { name: /(Previous|Next) version/ })
    .and(again.locator(':enabled'))
    .click();
  await expect.poll(async () => (await said(again)).at(-1)).not.toBe(one);
  expect([one, (await said(again)).at(-1)].sort()).toEqual([
    expect.stringContaining('Does my data leave my device?'),
    expect.stringContaining('How do I use Phield offline?'),
  ]);
});

test('two tabs in one chat keep all that either says; it is found, renamed and exported @chromium', async ({
  ownApp: app,
}) => {
  const again = await writeInTwoTabs(app);
  await again.getByRole('button', { name: 'Chat options' }).click();
  const [download] = await Promise.all([
    again.waitForEvent('download'),
    again.getByRole('button', { name: 'Export as JSON' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('Questions about Phield.json');
  const file = JSON.parse(await readFile(await download.path(), 'utf8')) as {
    conversation: { messages: { role: string; text: string; status?: { kind: string } }[] };
  };
  const { messages } = file.conversation;
  expect(
    messages
      .filter(({ role }) => role === 'user')
      .map(({ text }) => text)
      .sort(),
  ).toEqual(['Does my data leave my device?', 'How do I use Phield offline?', 'What is Phield?']);
  expect(messages.filter(({ status }) => status?.kind === 'complete')).toHaveLength(3);

  await again.getByRole('button', { name: 'New chat' }).click();
  await new Chat(again).send('Tell me a story with the words dog, jump and happy.');
  await again.keyboard.press('Control+k');
  const palette = again.getByRole('dialog', { name: 'Search chats, pages and commands' });
  await palette.getByRole('combobox').fill('offline phield');
  await expect(palette.getByText('1 chat', { exact: true })).toBeVisible();
  await expect(
    palette
      .getByRole('option', { name: /Questions about Phield/ })
      .locator('mark')
      .first(),
  ).toBeVisible();
  await again.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  await expect(new Chat(again).log).toContainText('offline');
});
