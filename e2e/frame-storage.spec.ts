// What a page makes of the chat's frame decides what the browser lets it keep: each row of the table in docs/embed.md, in
// real Chromium, with the page on another site.
import { once } from 'node:events';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type BrowserContext, type FrameLocator, type Page } from '@playwright/test';
import { serveApp } from '../scripts/app.mjs';
import { App, partitioned } from './app';
import { makeSpeakingModel } from './faults/model.mjs';
import { Host } from './model-host';
import { removeProfile } from '../scripts/browser.mjs';

interface Shown {
  readonly page: Page;
  readonly frame: (title: string) => FrameLocator;
}

/** Frames by their titles: what the page says of each. `bare`: of a server that sends no header. */
const rows: Readonly<Record<string, string>> = {
  plain: '',
  sandboxed: 'sandbox="allow-scripts allow-same-origin"',
  opaque: 'sandbox="allow-scripts"',
  'bare opaque': 'sandbox="allow-scripts"',
  credentialless: 'credentialless',
};

/** A page that isolates itself and shows one plain frame. */
const isolation = {
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Opens a browser, a server of the app and a page on another site; `show` loads that page with these frames. */
async function onStage(
  flags: readonly string[],
  act: (
    show: (titles: readonly string[], isolated?: boolean) => Promise<Shown>,
    stage: { readonly context: BrowserContext; readonly address: string },
  ) => Promise<void>,
  preferences: object = {},
): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'phield-frames-'));
  await mkdir(join(profile, 'Default'));
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const app = new App(profile, 'chromium');
  const context = await app.openBrowser({ flags: [...flags] });
  const server = await serveApp({ embedders: ['http://127.0.0.1:*'] });
  const bare = await serveApp({ headers: false });
  const site = createServer(({ url }, response) => {
    const { searchParams: asked } = new URL(url ?? '/', 'http://127.0.0.1');
    const frames = asked
      .getAll('row')
      .map(
        (title) =>
          `<iframe title="${title}" ${rows[title]} style="width:280px;height:360px" src="${(title.startsWith('bare') ? bare : server).address}embed.html?lang=en"></iframe>`,
      );
    response
      .writeHead(200, { 'Content-Type': 'text/html', ...(asked.has('isolated') && isolation) })
      .end(`<!doctype html><title>host</title><input aria-label="Of the host">${frames.join('')}`);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const bound = site.address();
  const origin = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
  const page = await context.newPage();
  try {
    const show = async (titles: readonly string[], isolated = false): Promise<Shown> => {
      const query = new URLSearchParams(titles.map((title) => ['row', title]));
      await page.goto(`${origin}/?${query.toString()}${isolated ? '&isolated' : ''}`);
      return { page, frame: (title) => page.frameLocator(`iframe[title="${title}"]`) };
    };
    await act(show, { context, address: server.address });
  } finally {
    await app.close();
    await server.close();
    await bare.close();
    site.closeAllConnections();
    site.close();
    await removeProfile(profile);
  }
}

async function answers(frame: FrameLocator): Promise<void> {
  await frame.getByRole('textbox', { name: 'Message' }).fill('What is Phield?');
  await frame.getByRole('button', { name: 'Send' }).click();
  await expect(frame.getByRole('article').last().locator('.prose')).toContainText(/\w+ \w+/);
}

/** What lies in the frame's private files. */
async function kept({ page }: Shown, title: string): Promise<readonly string[]> {
  const frame = await (await page.locator(`iframe[title="${title}"]`).elementHandle())?.contentFrame();
  if (!frame) throw new Error(`There is no frame ${title}.`);
  return frame.evaluate(async () => {
    const names: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
    return names;
  });
}

const notes = /fetched again at each visit|cannot run/;

test('a frame says what it can keep, and answers wherever it can run @chromium', async () => {
  await onStage([partitioned], async (show) => {
    const shown = await show(Object.keys(rows));
    const { frame } = shown;
    await answers(frame('plain'));
    await answers(frame('sandboxed'));
    for (const title of ['plain', 'sandboxed']) {
      await expect(frame(title).getByText(notes)).toHaveCount(0);
      expect(await kept(shown, title)).not.toEqual([]);
    }
    await expect(frame('opaque').getByText(/cannot run.*allow-same-origin/)).toBeVisible();
    await expect(frame('opaque').getByRole('textbox')).toHaveCount(0);
    // Where not even a script may be fetched the page's own words are seen, and nowhere else.
    await expect(frame('bare opaque').getByText(/cannot start here/)).toBeVisible();
    await expect(frame('plain').getByText(/cannot start here/)).toHaveCount(0);
    await expect(frame('credentialless').getByText(/frame that forgets/)).toBeVisible();
    await answers(frame('credentialless'));

    const isolated = await show(['plain'], true);
    await answers(isolated.frame('plain'));
    await expect(isolated.frame('plain').getByText(notes)).toHaveCount(0);
    expect(await kept(isolated, 'plain')).not.toEqual([]);
  });
});

test('a frame that is refused all storage answers from memory, and says so; it takes no focus but what it is given @chromium', async () => {
  await onStage([], async (show) => {
    const { page, frame } = await show(['plain']);
    const own = page.getByRole('textbox', { name: 'Of the host' });
    await own.focus();
    // Said by the chat itself: what stood there before it has given way.
    await expect(frame('plain').getByText(/lets the chat keep nothing/)).toBeVisible();
    await page.keyboard.insertText('words for the host');
    await expect(own).toHaveValue('words for the host');
    await page.locator('iframe').focus();
    await expect(frame('plain').getByRole('textbox', { name: 'Message' })).toBeFocused();
    await answers(frame('plain'));
  });
});

/** Where third parties may have storage the browser asks nobody; a browser without a window would say no. */
const thirdPartiesAllowed = { profile: { cookie_controls_mode: 0 } };

test('a big model comes to no further site unasked; one that is on the device is used where it lies, and not fetched again @chromium', async () => {
  const host = new Host(makeSpeakingModel({ paddingMiB: 50, shardMiB: 10 }), () => false);
  host.cors = true;
  host.origin = await host.listen();
  await onStage(
    [partitioned],
    async (show, { context, address }) => {
      await context.route('**/phield.config.json', (route) =>
        route.fulfill({ json: { embed: { model: host.folder('big') } } }),
      );
      const first = (await show(['plain'])).frame('plain');
      await expect(first.getByRole('group', { name: /^Download / })).toContainText(/5\d(\.\d)? MB/);
      await expect(first.getByText(/not on this device in one piece/)).toBeVisible();
      // However much there is to say: the message box stays in sight in the smallest frame.
      await expect(first.getByRole('textbox', { name: 'Message' })).toBeInViewport({ ratio: 1 });
      expect(await first.locator('html').evaluate((page) => page.scrollHeight <= innerHeight)).toBe(true);
      expect(host.shardRequests('big')).toEqual([]);

      const tab = await context.newPage();
      await tab.goto(`${address}?${host.query('big')}`);
      await tab.getByRole('button', { name: 'Download and use' }).click();
      await expect(tab.getByText(/Runs on/)).toBeVisible();
      const fetched = host.shardRequests('big').length;
      await tab.close();

      const shown = await show(['plain']);
      const frame = shown.frame('plain');
      await answers(frame);
      expect(host.shardRequests('big')).toHaveLength(fetched);
      // Nothing of it lies here a second time.
      expect(await kept(shown, 'plain')).toEqual([]);
    },
    thirdPartiesAllowed,
  );
  await host.close();
});
