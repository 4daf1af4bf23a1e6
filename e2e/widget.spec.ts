// Phield in somebody else's page: a host on an origin of its own, the real frame, the real model.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type BrowserContext, type FrameLocator } from '@playwright/test';
import { serveApp } from '../scripts/app.mjs';
import { App } from './app';

const knowledge = JSON.stringify([
  { question: 'How much is shipping?', answer: 'Shipping costs 12 reais. It is free over 150 reais.' },
  { question: 'When is the shop open?', answer: 'The shop is open Tuesday to Friday from 9:00 to 18:00.' },
]);

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
  await frame.getByRole('article').last().getByRole('link', { name: /1/ }).first().focus();
  await page.keyboard.press('Escape');
  await expect(page.locator('iframe')).toBeHidden();
  await expect(open).toBeFocused();
});

const question = 'What is Phield?';

test('a frame without any script chats; a host that was not allowed hears nothing and is heard by nobody @chromium', async ({
  stage,
}) => {
  const site = await stage.host((phield) => ({
    '/': `<!doctype html><title>host</title><iframe title="Chat" src="${phield}embed?lang=en&max_tokens=40" width="400" height="600"></iframe>
      <script>
        addEventListener('message', ({ data }) => (window.heard ??= []).push(data));
        function attack(origin) {
          const frame = document.querySelector('iframe').contentWindow;
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => (window.heard ??= []).push(data);
          frame.postMessage({ ns: 'phield', v: 1, type: 'hello' }, '*', [port2]);
          port1.postMessage({ type: 'send', text: 'Say it' });
        }
      </script>`,
  }));
  await stage.allow({ origins: ['https://another.example'] });
  const page = await stage.context.newPage();
  await page.goto(site.origin);
  const frame = page.frameLocator('iframe[title="Chat"]');
  expect(await asks(frame, question)).toMatch(/Phield|Phi/);
  await page.evaluate('attack()');
  await page.waitForFunction('document.readyState === "complete"');
  await asks2(frame);
  expect(await page.evaluate('window.heard')).toBeUndefined();
  await expect(frame.getByText('Say it')).toHaveCount(0);
});

/** A second turn: time enough for whatever an attack could have set off. */
async function asks2(frame: FrameLocator): Promise<void> {
  await frame.getByRole('textbox', { name: 'Message' }).fill('Does my data leave my device?');
  await frame.getByRole('button', { name: 'Send' }).click();
  await expect(frame.getByRole('log').getByRole('article')).toHaveCount(4);
  await expect(frame.getByRole('button', { name: 'Stop' })).toBeHidden();
}

test('a module on another site mounts it, sends, and is told that something was said but not what @chromium', async ({
  stage,
}) => {
  const site = await stage.host((phield) => ({
    '/': `<!doctype html><title>host</title><div id="place" style="width:320px;height:480px"></div>
      <script type="module">
        import { mount } from '${phield}embed.mjs';
        window.told = [];
        const widget = mount({ target: document.getElementById('place'), lang: 'en', knowledge: '/knowledge.json' });
        for (const type of ['ready', 'message-start', 'token', 'message-end', 'error'])
          widget.on(type, (event) => window.told.push(event));
        window.widget = widget;
      </script>`,
    '/knowledge.json': knowledge,
  }));
  await stage.allow({ origins: [site.origin] });
  const page = await stage.context.newPage();
  await page.goto(site.origin);
  await page.waitForFunction('window.told?.some(({ type }) => type === "ready")');
  await page.evaluate('window.widget.send("When is the shop open?")');
  const frame = page.frameLocator('iframe[title="Chat"]');
  await expect(frame.getByRole('article').last()).toContainText('Tuesday to Friday');
  await page.waitForFunction('window.told.some(({ type }) => type === "message-end")');
  const told = await page.evaluate<{ type: string; text?: string }[]>('window.told');
  expect(told.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['message-start', 'token', 'message-end']),
  );
  expect(JSON.stringify(told)).not.toContain('Tuesday');
  await page.evaluate('window.widget.destroy()');
  await expect(page.locator('iframe')).toHaveCount(0);
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
