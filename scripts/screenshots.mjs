// `npm run screenshots`: the pictures in docs, of the built app on the embedded model in headless Chromium: wide and as
// narrow as a phone, light and dark.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { buildIfNeeded, root, serveApp } from './app.mjs';
import { browserFlags, ensureBrowser } from './browser.mjs';

const folder = join(root, 'docs/screenshots');
const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** @type {Record<string, (page: import('@playwright/test').Page) => Promise<void>>} */
const screens = {
  start: async (page) => {
    await page.goto(`${page.url().split('#')[0]}#/`);
  },
  chat: async (page) => {
    await page.getByRole('textbox', { name: 'Message' }).fill('What is Phield?');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
  },
  search: async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search chats/ }).fill('phield');
    await page.locator('.palette mark').first().waitFor();
  },
  models: async (page) => {
    await page.keyboard.press('Escape');
    await page.goto(`${page.url().split('#')[0]}#/models`);
    await page.getByText('In use').first().waitFor();
  },
};

await buildIfNeeded();
await mkdir(folder, { recursive: true });
const server = await serveApp();
try {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const profile = await mkdtemp(join(tmpdir(), 'phield-pictures-'));
      const context = await chromium.launchPersistentContext(profile, {
        executablePath: ensureBrowser(),
        args: browserFlags,
        viewport,
        colorScheme,
        locale: 'en-US',
        reducedMotion: 'reduce',
      });
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(`${server.address}?temperature=0&max_tokens=80#/`);
      await page.getByText(/Runs on/).waitFor({ timeout: 60_000 });
      for (const [name, show] of Object.entries(screens)) {
        await show(page);
        await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
      }
      await context.close();
      await rm(profile, { recursive: true, force: true });
    }
  }
} finally {
  await server.close();
}
