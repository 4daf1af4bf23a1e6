// Every screen of the app and how one gets there, in any language: for the pictures, and for the test that measures each.
// Ways go by address and class, not by words. Chats and their answers are examples; the app and its state are real.
import { join } from 'node:path';
import { root } from '../../scripts/app.mjs';
import { backupOf, chatsFor, sourcesChat } from './chats.mjs';
import { jobIds, jobsFor } from './jobs.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {'en' | 'pt'} Language */
/** @typedef {(page: Page, language: Language) => Promise<void>} Way */

const documents = { en: 'study.pdf.md', pt: 'receitas.md' };
export const words = {
  en: { search: 'tank', ready: /Runs on/ },
  pt: { search: 'furo', ready: /Roda em/ },
};

/** @param {Page} page @param {string} hash */
const go = (page, hash) => page.evaluate((to) => void (location.hash = to), hash);

/** @param {string} hash @param {string} ready a selector @returns {Way} */
const at = (hash, ready) => async (page) => {
  await go(page, hash);
  await page.locator(ready).locator('visible=true').first().waitFor();
};

/** @param {Page} page */
const openDrawer = async (page) => {
  const open = page.locator('.top-bar .icon-button').first();
  if ((page.viewportSize()?.width ?? 0) <= 832 && (await page.locator('.shell-drawer-open').count()) === 0)
    await open.click();
  await page.locator('.sidebar').waitFor();
};

/** @param {string} section @returns {Way} */
const settings = (section) => async (page) => {
  await page.evaluate(() => document.querySelector('dialog')?.close());
  await page
    .locator('.sidebar-foot .foot-entry')
    .last()
    .evaluate((button) => /** @type {HTMLElement} */ (button).click());
  await page.locator('.settings .dialog-head').waitFor();
  await page.evaluate((id) => document.querySelector(`[data-section="${id}"]`)?.scrollIntoView(), section);
};

/** @param {Page} page @param {string} typed */
const slash = async (page, typed) => {
  await go(page, '#/');
  await page.locator('.tiles').waitFor();
  const box = page.locator('.composer textarea');
  await box.fill('');
  await box.fill(typed);
  await page.locator('.composer [role=option]').first().waitFor();
};

/** Every screen, in an order in which each can follow the one before. @type {Record<string, Way>} */
export const screens = {
  start: at('#/', '.tiles'),
  chat: at('#/chat/picture-0', '[role=log] table'),
  'chat-top': async (page) => {
    await page.locator('[role=log] article').first().scrollIntoViewIfNeeded();
  },
  'answer-menu': async (page) => {
    await page.locator('.answer .menu-place button').last().click();
    await page.locator('[role=menuitem]').first().waitFor();
  },
  sources: async (page) => {
    await at('#/chat/sources', '.sources summary')(page, 'en');
    if ((await page.locator('.sources[open]').count()) === 0) await page.locator('.sources summary').click();
    await page.locator('.source-text').first().waitFor();
  },
  drawer: async (page) => {
    await go(page, '#/');
    await openDrawer(page);
  },
  'chat-options': async (page) => {
    await openDrawer(page);
    await page.locator('.chat-entry button').first().click();
    await page.locator('.menu button').first().waitFor();
  },
  search: async (page, language) => {
    await at('#/chat/picture-0', '[role=log] table')(page, language);
    await page.keyboard.press('Control+k');
    await page.locator('.palette [role=combobox]').fill(words[language].search);
    await page.locator('.palette mark').first().waitFor();
  },
  palette: async (page) => {
    await page.keyboard.press('Control+k');
    await page.locator('.palette [role=option]').first().waitFor();
  },
  slash: (page) => slash(page, '/'),
  prompts: async (page) => {
    await slash(page, '/prompts');
    await page.keyboard.press('Enter');
    await page.locator('dialog .button-primary').waitFor();
  },
  'prompt-form': async (page) => {
    await page.locator('dialog .button-primary').click();
    await page.locator('.prompt-form').waitFor();
  },
  'model-menu': async (page) => {
    await page.locator('.model-chip').click();
    await page.locator('.model-menu li').first().waitFor();
  },
  shortcuts: async (page) => {
    await go(page, '#/');
    await page.locator('.tiles').waitFor();
    await page.locator('.composer textarea').fill('');
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
  },
  elsewhere: async (page, language) => {
    await at('#/chat/picture-0', '[role=log] table')(page, language);
    await page.locator('.answer .menu-place button').last().click();
    await page.locator('[role=menuitem]').first().click();
    await page.locator('dialog[open]').waitFor();
  },
  tasks: at('#/tasks', '.task-tiles'),
  summarise: at(`#/tasks/summarise/${jobIds.summarise}`, '.task-result'),
  'summarise-form': at('#/tasks/summarise', '.task-form'),
  extract: at(`#/tasks/extract/${jobIds.extract}`, '.sourced'),
  'extract-form': at('#/tasks/extract', '.task-form'),
  write: at(`#/tasks/write/${jobIds.write}`, '.variants'),
  'write-form': at('#/tasks/write', '.task-form'),
  story: at(`#/tasks/story/${jobIds.story}`, '.story'),
  photo: at('#/tasks/photo', '.page h1'),
  documents: at('#/documents', '.document-entry'),
  document: async (page, language) => {
    await at('#/documents', '.document-entry')(page, language);
    const href = await page.locator('.document-entry h2 a').first().getAttribute('href');
    await at(`${href ?? '#/documents'}/2`, '.passage-target')(page, language);
  },
  models: at('#/models', '.cards .card'),
  storage: at('#/storage', '.cards .card'),
  benchmark: at('#/benchmark', '.page h1'),
  help: at('#/help', '.page h1'),
  'settings-look': settings('look'),
  'settings-answers': settings('answers'),
  personas: settings('personas'),
  'persona-form': async (page, language) => {
    await settings('personas')(page, language);
    await page.locator('[data-section=personas] > .button').click();
    await page.locator('.persona-form').waitFor();
  },
  privacy: settings('privacy'),
  data: settings('data'),
};

/** Closes what a screen has left open. @param {Page} page */
export async function leave(page) {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.querySelector('dialog')?.close());
}

/**
 * A document, chats and finished tasks, brought as a person brings them as far as that can be; the page is read anew.
 * @param {Page} page @param {Language} language
 */
export async function fill(page, language) {
  await go(page, '#/documents');
  await page
    .locator('.drop-zone input[type=file]')
    .setInputFiles(join(root, 'bench/documents/corpus', documents[language]));
  const link = page.locator('.document-entry h2 a').first();
  await link.waitFor();
  const documentId = ((await link.getAttribute('href')) ?? '').split('/').at(-1) ?? '';
  const about = { id: documentId, name: documents[language] };
  const file = {
    name: 'backup.json',
    mimeType: 'application/json',
    buffer: Buffer.from(backupOf(chatsFor[language], Date.now(), [sourcesChat(language, about, Date.now())])),
  };
  await settings('data')(page, language);
  await page.locator('.settings input[type=file]').setInputFiles(file);
  await page.locator('.settings .outcome').waitFor();
  await page.evaluate(() => document.querySelector('dialog')?.close());
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
    jobsFor(language, about, Date.now()),
  );
  await go(page, '#/');
  await page.reload();
  await page.getByText(words[language].ready).first().waitFor({ timeout: 90_000 });
}
