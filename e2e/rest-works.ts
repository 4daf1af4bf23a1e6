// What comes in scripts of its own, in a page that has no server behind it.
import type { Page } from '@playwright/test';
import { carryCode } from '../src/chat/saved/carry';
import { Chat, expect } from './app';
import { learnedChat } from './learned-chat';

/** Documents, tasks, formulas and code, and the page for frames: each comes in scripts of its own. */
export async function restWorks(page: Page, address: string): Promise<void> {
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
