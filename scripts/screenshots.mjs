// `npm run screenshots`: the pictures in docs/screenshots, of the built app in headless Chromium: wide and as narrow as a
// phone, light and dark. `-- --all FOLDER [--languages en,pt] [--only NAME,NAME]` takes every screen in both languages
// instead, to be looked at. Chats and their answers are examples (bench/pictures); the app and its state are real.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { backupOf, chatsFor } from '../bench/pictures/chats.mjs';
import { jobIds, jobsFor } from '../bench/pictures/jobs.mjs';
import { buildIfNeeded, root, serveApp } from './app.mjs';
import { browserFlags, ensureBrowser } from './browser.mjs';

/** @typedef {import('@playwright/test').Page} Page */
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

const documents = { en: 'study.pdf.md', pt: 'receitas.md' };
const words = {
  en: { search: 'tank', add: 'Choose files', found: 'night', task: 'Tasks', ready: /Runs on/ },
  pt: { search: 'furo', add: 'Escolher arquivos', found: 'massa', task: 'Tarefas', ready: /Roda em/ },
};

/** @param {Page} page @param {string} hash */
const go = (page, hash) => page.evaluate((to) => void (location.hash = to), hash);

/** @param {string} hash @param {string} ready a selector @returns {(page: Page) => Promise<void>} */
const at = (hash, ready) => async (page) => {
  await go(page, hash);
  await page.locator(ready).first().waitFor();
};

/** @param {string} section @returns {(page: Page) => Promise<void>} */
const settings = (section) => async (page) => {
  await page.evaluate(() => document.querySelector('dialog')?.close());
  await page
    .locator('.sidebar-foot .foot-entry')
    .last()
    .evaluate((button) => /** @type {HTMLElement} */ (button).click());
  await page.locator('.settings .dialog-head').waitFor();
  await page.evaluate((id) => document.querySelector(`[data-section="${id}"]`)?.scrollIntoView(), section);
};

/** Every screen, in an order in which each can follow the one before. @type {Record<string, (page: Page, language: Language) => Promise<void>>} */
const screens = {
  start: at('#/', '.tiles'),
  chat: at('#/chat/picture-0', '[role=log] table'),
  'chat-top': async (page) => {
    await page.locator('[role=log] article').first().scrollIntoViewIfNeeded();
  },
  drawer: async (page) => {
    await go(page, '#/');
    const open = page.locator('.top-bar .icon-button').first();
    if (await open.isVisible()) await open.click();
    await page.locator('.sidebar').waitFor();
  },
  search: async (page, language) => {
    await go(page, '#/chat/picture-0');
    await page.locator('[role=log] table').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.locator('.palette [role=combobox]').fill(words[language].search);
    await page.locator('.palette mark').first().waitFor();
  },
  palette: async (page) => {
    await page.keyboard.press('Control+k');
    await page.locator('.palette [role=option]').first().waitFor();
  },
  slash: async (page) => {
    await page.locator('.composer textarea').fill('/');
    await page.locator('.composer [role=listbox] [role=option]').first().waitFor();
  },
  'model-menu': async (page) => {
    await page.locator('.model-chip').click();
    await page.locator('.model-menu li').first().waitFor();
  },
  shortcuts: async (page) => {
    await go(page, '#/');
    await page.locator('.tiles').waitFor();
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
  },
  tasks: at('#/tasks', '.page-body, .task-list, h1'),
  summarise: at(
    `#/tasks/summarise/${jobIds.summarise}`,
    '.task-result, .version, [role=progressbar], .job-bar',
  ),
  'summarise-form': at('#/tasks/summarise', 'form'),
  extract: at(`#/tasks/extract/${jobIds.extract}`, '.extract-table'),
  'extract-form': at('#/tasks/extract', 'form'),
  write: at(`#/tasks/write/${jobIds.write}`, '.variants'),
  'write-form': at('#/tasks/write', 'form'),
  story: at(`#/tasks/story/${jobIds.story}`, '.story'),
  photo: at('#/tasks/photo', 'h1'),
  documents: at('#/documents', '.document-entry'),
  document: async (page, language) => {
    const href = await page.locator('.document-entry h2 a').first().getAttribute('href');
    await go(page, `${href ?? '#/documents'}/2`);
    await page.locator('.passages, .document-text, [id^=passage]').first().waitFor();
    void language;
  },
  models: at('#/models', '.model-card, .card'),
  storage: at('#/storage', '.card'),
  benchmark: at('#/benchmark', 'h1'),
  'settings-look': settings('look'),
  'settings-answers': settings('answers'),
  personas: settings('personas'),
  privacy: settings('privacy'),
  data: settings('data'),
};

/** @param {Page} page @param {Language} language */
async function fill(page, language) {
  // Chats as a person brings them.
  const file = {
    name: 'backup.json',
    mimeType: 'application/json',
    buffer: Buffer.from(backupOf(chatsFor[language], Date.now())),
  };
  await settings('data')(page);
  await page.locator('.settings input[type=file]').setInputFiles(file);
  await page.locator('.settings .outcome').waitFor();
  await page.evaluate(() => document.querySelector('dialog')?.close());
  await go(page, '#/documents');
  await page
    .locator('.drop-zone input[type=file]')
    .setInputFiles(join(root, 'bench/documents/corpus', documents[language]));
  const link = page.locator('.document-entry h2 a').first();
  await link.waitFor();
  const documentId = ((await link.getAttribute('href')) ?? '').split('/').at(-1) ?? '';
  await page.evaluate(
    (jobs) =>
      new Promise((done, failed) => {
        const open = indexedDB.open('phield-tasks');
        open.onupgradeneeded = () => open.result.createObjectStore('jobs');
        open.onerror = () => failed(open.error ?? new Error('no database'));
        open.onsuccess = () => {
          const transaction = open.result.transaction('jobs', 'readwrite');
          for (const job of jobs) transaction.objectStore('jobs').put(job, job.id);
          transaction.oncomplete = () => {
            open.result.close();
            done(undefined);
          };
        };
      }),
    jobsFor(language, { id: documentId, name: documents[language] }, Date.now()),
  );
  await go(page, '#/');
  await page.reload();
  await page.getByText(words[language].ready).first().waitFor({ timeout: 90_000 });
}

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
          // What the last screen left open.
          await page.keyboard.press('Escape');
          await page.keyboard.press('Escape');
          if (name === 'document') await screens['documents']?.(page, language);
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
    await rm(profile, { recursive: true, force: true });
  }
} finally {
  await server.close();
}
if (missed.length > 0) {
  console.error(missed.join('\n'));
  process.exitCode = 1;
}
