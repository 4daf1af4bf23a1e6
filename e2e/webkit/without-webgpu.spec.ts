// A browser without WebGPU at all: the page says so, and what a person has there still opens. One start for all.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root, serveApp } from '../../scripts/app.mjs';
import { WebKit } from './webkit';

let webkit: WebKit;
let server: Awaited<ReturnType<typeof serveApp>>;
let folder: string;
test.beforeAll(async () => {
  [server, folder, webkit] = await Promise.all([
    serveApp(),
    mkdtemp(join(tmpdir(), 'phield-files-')),
    WebKit.start(),
  ]);
});
test.afterAll(async () => {
  await webkit.close();
  await server.close();
  await rm(folder, { recursive: true });
});

const shows = async (text: string | RegExp, selector?: string): Promise<void> => {
  await expect.poll(() => webkit.text(selector), { timeout: 20_000 }).toMatch(text);
};

/** As ChatGPT exports one, with a question and its answer. */
const message = (id: string, role: string, text: string) => ({
  id,
  author: { role },
  content: { content_type: 'text', parts: [text] },
});
const conversation = {
  title: 'Plants',
  create_time: 1_700_000_000,
  update_time: 1_700_000_100,
  mapping: {
    root: { id: 'root', parent: null, children: ['q'], message: null },
    q: { id: 'q', parent: 'root', children: ['a'], message: message('q', 'user', 'Why are they green?') },
    a: {
      id: 'a',
      parent: 'q',
      children: [],
      message: message('a', 'assistant', 'Chlorophyll is **green**.'),
    },
  },
};

test('the page says that there is no WebGPU, and which browsers have it', async () => {
  await webkit.open(server.address);
  await shows('This browser does not offer WebGPU');
  await shows('Your saved chats are safe and can still be read.');
  await shows('Safari 26 or newer');
  expect(await webkit.evaluate('return "gpu" in navigator')).toBe(false);
  expect(await webkit.evaluate('return document.querySelectorAll("textarea:enabled").length')).toBe(0);
});

test('chats are taken in, listed, read again after a reload', async () => {
  const file = join(folder, 'conversations.json');
  await writeFile(file, JSON.stringify([conversation]));
  await webkit.open(server.address);
  await webkit.press('Settings');
  // It tells its workers nothing of what it refuses them; they find out all the same.
  await shows('may only reach your own machine and https addresses', 'dialog');
  await webkit.type('dialog input[type=file]', file);
  await shows('1 chat is here now.', 'dialog');
  await webkit.reload();
  await shows('Plants', 'nav');
  await webkit.press('Plants');
  await shows('Why are they green?', '[role=log]');
  await shows('Chlorophyll is green.', '[role=log]');
});

// A driven WebKit is always a private window, which keeps no files.
test('the storage page says that a private window stores no model, and takes none in', async () => {
  const model = join(root, 'public/models/phield-tiny');
  const files = (await readdir(model)).map((name) => join(model, name));
  await webkit.open(`${server.address}#/storage`);
  await shows('No model is stored yet.');
  await webkit.type('input[type=file][multiple][aria-label="Import files"]', files.join('\n'));
  await webkit.press('Import');
  await shows('The browser offers no storage here');
  await shows('Private windows and strict cookie settings can forbid it.');
  await shows('No model is stored yet.');
});
