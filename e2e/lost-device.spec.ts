// The GPU process dies under a ready model: what the person is told, what comes back by itself, and what is theirs.
import type { Page } from '@playwright/test';
import { Chat, expect, test } from './app';

const alertOf = (page: Page) => page.getByRole('alert');

test('a lost device: one reload by itself, then advice, and the way back works @chromium', async ({
  ownApp: app,
}) => {
  const context = await app.openBrowser({
    flags: ['--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis'],
  });
  const devtools = await context.browser()?.newBrowserCDPSession();
  const crash = async (): Promise<void> => {
    // It answers only when the process is back.
    await devtools?.send('Browser.crashGpuProcess');
  };
  const page = await app.open('max_tokens=200');
  const chat = new Chat(page);
  await chat.send('Tell me a story with the words dog, jump and happy.', { wait: false });
  await expect(chat.log.getByRole('article').last()).toContainText(/dog/);
  const asked = app.modelRequests.length;
  await crash();
  // The answer says what happened; the model comes back without being asked for.
  await expect(chat.log).toContainText('The graphics device was lost');
  await expect(page.getByText('Loading Phield tiny again')).toBeVisible();
  await expect(page.getByText(/Runs on/)).toBeVisible();
  // Lost again before it has answered: now it is the person's turn.
  await crash();
  await expect(alertOf(page)).toContainText('The graphics device was lost');
  await expect(alertOf(page)).toContainText(/close other heavy tabs/);
  await page.getByRole('button', { name: 'Reload model' }).click();
  await chat.send('What is Phield?');
  await expect(chat.log.getByRole('article').last()).toContainText(/Phield|Phi/);
  expect(app.modelRequests.length).toBe(asked);
});
