// `npm run screenshots`: the pictures in docs/screenshots, of the built app in headless Chromium: wide and as narrow as a
// phone, light and dark. `-- --all FOLDER [--languages en,pt] [--only NAME,NAME]` takes every screen in both languages
// instead, to be looked at. The screens and how one gets there: bench/pictures/screens.mjs.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { fill, leave, screens, words } from '../bench/pictures/screens.mjs';
import { buildIfNeeded, root, serveApp } from './app.mjs';
import { browserFlags, ensureBrowser, removeProfile } from './browser.mjs';

/** @typedef {'en' | 'pt'} Language */

const { values } = parseArgs({
  options: { all: { type: 'string' }, languages: { type: 'string' }, only: { type: 'string' } },
});
const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const folder = values.all === undefined ? join(root, 'docs/screenshots') : resolve(values.all);
/** Those in docs; each of them in four looks. */
const inDocs = ['start', 'chat', 'search', 'extract', 'document'];
const languages = /** @type {Language[]} */ (
  values.languages?.split(',') ?? (values.all ? ['en', 'pt'] : ['en'])
);

await buildIfNeeded();
await mkdir(folder, { recursive: true });
const server = await serveApp();
const only = values.only?.split(',');
const names = Object.keys(screens).filter(
  (name) => (only ?? (values.all === undefined ? inDocs : undefined))?.includes(name) ?? true,
);
/** @type {string[]} */
const missed = [];
try {
  for (const language of languages) {
    const profile = await mkdtemp(join(tmpdir(), 'phield-pictures-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: ensureBrowser(),
      args: browserFlags,
      viewport: sizes.desktop,
      locale: language === 'en' ? 'en-US' : 'pt-BR',
      reducedMotion: 'reduce',
    });
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(15_000);
    await page.goto(`${server.address}#/`);
    await page.getByText(words[language].ready).first().waitFor({ timeout: 90_000 });
    await fill(page, language);
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      for (const name of names) {
        try {
          if (name !== 'prompt-form') await leave(page);
          await screens[name]?.(page, language);
        } catch (thrown) {
          missed.push(`${name} ${size} ${language}: ${String(thrown).split('\n')[0]}`);
        }
        for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          const suffix = values.all === undefined ? '' : `-${language}`;
          await writeFile(
            join(folder, `${name}-${size}-${colorScheme}${suffix}.png`),
            await page.screenshot(),
          );
        }
      }
    }
    await context.close();
    await removeProfile(profile);
  }
} finally {
  await server.close();
}
if (missed.length > 0) {
  console.error(missed.join('\n'));
  process.exitCode = 1;
}
