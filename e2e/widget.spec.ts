// Phield in somebody else's page: a host on an origin of its own, the real frame, the real model.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type BrowserContext, type FrameLocator } from '@playwright/test';
import { serveApp } from '../scripts/app.mjs';
import { App } from './app';

interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

async function serveSite(pages: Readonly<Record<string, string>>): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const page = pages[(request.url ?? '').split('?')[0] ?? ''];
    const type = request.url?.endsWith('.json') ? 'application/json' : 'text/html; charset=utf-8';
    response.writeHead(page === undefined ? 404 : 200, { 'Content-Type': type }).end(page ?? 'no');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  // Another host than the app's `localhost`: another site for the browser.
  return {
    origin: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Stage {
  readonly context: BrowserContext;
  /** The app's address, ending in a slash. */
  readonly phield: string;
  /** Serves the host's pages; `allowed` origins may frame and speak to the chat. */
  host(pages: (phield: string) => Readonly<Record<string, string>>): Promise<Site>;
  /** What phield.config.json says; by default the last host's origin is allowed. */
  allow(embed: object): Promise<void>;
}

const test = base.extend<{ stage: Stage }>({
  stage: async ({}, provide, info) => {
    const profile = await mkdtemp(join(tmpdir(), 'phield-widget-'));
    const app = new App(profile, info.project.name === 'firefox' ? 'firefox' : 'chromium');
    const context = await app.openBrowser();
    const sites: Site[] = [];
    // The host's origin is known only once it listens; who may speak to the frame is the runtime list's to say.
    const server = await serveApp({ embedders: ["'self'", 'http://127.0.0.1:*'] });
    const allow = async (embed: object): Promise<void> => {
      await context.route('**/phield.config.json', (route) => route.fulfill({ json: { embed } }));
    };
    await provide({
      context,
      phield: server.address,
      allow,
      host: async (pages) => {
        const site = await serveSite(pages(server.address));
        sites.push(site);
        return site;
      },
    });
    await app.close();
    await server.close();
    for (const site of sites) await site.close();
    await rm(profile, { recursive: true, force: true });
  },
});

async function asks(frame: FrameLocator, question: string): Promise<string> {
  await frame.getByRole('textbox', { name: 'Message' }).fill(question);
  await frame.getByRole('button', { name: 'Send' }).click();
  const log = frame.getByRole('log', { name: 'Conversation' });
  await expect(log.getByRole('article')).toHaveCount(2);
  await expect(frame.getByRole('button', { name: 'Stop' })).toBeHidden();
  return log.getByRole('article').last().innerText();
}

test('one line in a page: the launcher opens the chat, which answers from the site’s knowledge and cites it @chromium', async ({
  stage,
}) => {
  const page = await stage.context.newPage();
  await page.goto(`${stage.phield}demo/`);
  const open = page.getByRole('button', { name: 'Open the chat' });
  await expect(open).toHaveAttribute('aria-expanded', 'false');
  expect(page.frames()).toHaveLength(1);
  await open.click();
  const frame = page.frameLocator('iframe[title="Chat"]');
  const said = await asks(frame, 'How much is shipping?');
  expect(said).toContain('Shipping costs 12 reais');
  await expect(frame.getByRole('article').last()).toContainText('1 source');
  await frame.getByRole('textbox', { name: 'Message' }).focus();
  await page.keyboard.press('Escape');
  await expect(page.locator('iframe')).toBeHidden();
  await expect(open).toBeFocused();
});

test('the page for the app itself is framed by nobody @chromium', async ({ stage }) => {
  const site = await stage.host((phield) => ({
    '/': `<!doctype html><title>host</title><iframe title="app" src="${phield}"></iframe>`,
  }));
  const page = await stage.context.newPage();
  const refused: string[] = [];
  page.on('console', (message) => refused.push(message.text()));
  await page.goto(site.origin);
  await expect.poll(() => refused.join()).toContain('frame-ancestors');
  await expect(page.frameLocator('iframe').getByRole('textbox')).toHaveCount(0);
});
