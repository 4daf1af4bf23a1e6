// Chat, documents and every task by keys alone: no click, no focus set from outside.
import type { Page } from '@playwright/test';
import { expect, extractionEnds, test } from './app';

/** Tab, or Shift and Tab, to the control of that name. */
async function tabTo(page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press(key);
    const here = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element) return '';
      const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
      const own = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
      const words =
        labels.map(({ textContent }) => textContent).join(' ') || (own ? '' : element.textContent);
      return (element.getAttribute('aria-label') ?? words).trim();
    });
    if (typeof name === 'string' ? here === name : name.test(here)) return;
    seen.push(here);
  }
  throw new Error(`Tab does not come to ${String(name)}, but to: ${seen.join(' | ')}`);
}

async function press(page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await tabTo(page, name, key);
  await page.keyboard.press('Enter');
}

/** A command of the palette. */
async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(name);
  await expect(page.getByRole('option', { name, selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
}

const buses = {
  name: 'buses.txt',
  mimeType: 'text/plain',
  buffer: Buffer.from('An hour of night service costs 128 euros. Four lines ran through the night.'),
};

test('a chat, its answer and what can be done with it, by keys alone', async ({ app }) => {
  const page = await app.open('temperature=0&max_tokens=12#/');
  await expect(page.getByText(/Runs on/)).toBeVisible();
  await tabTo(page, 'Message');
  await page.keyboard.type('What is Phield?');
  await page.keyboard.press('Enter');
  const log = page.getByRole('log', { name: 'Conversation' });
  await expect(log.locator('.prose')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  await press(page, 'More', 'Shift+Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  await press(page, 'Regenerate', 'Shift+Tab');
  await expect(log.getByText('2 of 2')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
  await press(page, 'Previous version', 'Shift+Tab');
  await expect(log.getByText('1 of 2')).toBeVisible();
});

test('documents and every task, by keys alone', async ({ app }) => {
  const page = await app.open('temperature=0&max_tokens=12#/');
  await expect(page.getByText(/Runs on/)).toBeVisible();
  await command(page, 'Documents');
  const chooser = page.waitForEvent('filechooser');
  await press(page, 'Choose files');
  await (await chooser).setFiles(buses);
  await expect(page.getByRole('link', { name: 'buses.txt' })).toBeVisible();
  await tabTo(page, 'Search your documents');
  await page.keyboard.type('night service');
  await expect(page.locator('.hit')).toBeVisible();
  await press(page, /night service costs/);
  await expect(page.locator('.passage-target')).toBeFocused();

  const begin = async (task: string): Promise<void> => {
    await command(page, task);
    await expect(page.getByRole('heading', { name: task, level: 1 })).toBeVisible();
  };
  await begin('Summarise');
  await tabTo(page, 'Medium');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('radio', { name: 'Short' })).toBeChecked();
  await press(page, 'Try with Phield tiny anyway');
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open as chat' })).toBeVisible();
  await press(page, 'Open as chat');
  await expect(page.getByRole('log', { name: 'Conversation' })).toContainText('Summarise buses.txt.');

  await begin('Extract');
  await tabTo(page, 'What to look for');
  await page.keyboard.type('cost');
  await press(page, 'Try with Phield tiny anyway');
  await extractionEnds(page);

  await begin('Write');
  await tabTo(page, 'Notes');
  await page.keyboard.type('A red ball for dogs.');
  await press(page, 'Try with Phield tiny anyway');
  await expect(page.getByRole('button', { name: 'Take it and refine' })).toHaveCount(3);
  await press(page, 'Take it and refine');
  await expect(page.getByRole('log', { name: 'Conversation' })).toContainText('A red ball for dogs.');

  await begin('Story');
  await press(page, 'Roll all three');
  await press(page, 'Tell the story', 'Shift+Tab');
  await expect(page.getByRole('link', { name: 'Open as chat' })).toBeVisible();
  await press(page, 'Open as chat');
  await expect(page.getByRole('log', { name: 'Conversation' })).toContainText('A story with');

  await begin('Ask a photo');
  await press(page, 'Choose a model');
  await expect(page.getByRole('heading', { name: 'Models', level: 1 })).toBeVisible();

  await command(page, 'Documents');
  await press(page, 'Delete buses.txt');
  await press(page, 'Delete', 'Shift+Tab');
  await expect(page.getByText('No documents yet.')).toBeVisible();
});
