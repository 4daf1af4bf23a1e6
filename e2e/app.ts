// The built app, a server that a test may kill, and a real browser, shared or with a profile that survives its restart:
// Chromium on SwiftShader or, for the project `firefox`, Firefox on lavapipe.
// A console error or an uncaught exception anywhere fails the test that caused it, unless it says it expects it.
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { serveApp } from '../scripts/app.mjs';
import { removeProfile } from '../scripts/browser.mjs';
import { openOwn, SharedBrowser, type BrowserName, type StartOptions } from './browsers';

export { expect };

/** Settings try what the browser must refuse (src/store/port/probe.ts), and the browser says so on the console. */
export const settingsProbes =
  /phield\.invalid|JavaScript eval|Evaluating a string as JavaScript|requires 'TrustedScript' assignment|assigning to an injection sink/;

export type { BrowserName };

/**
 * Playwright switches off what every Chromium has on: storage of its own for a frame in each site. Without it such a frame
 * is refused storage. The last such flag counts, so the rest of Playwright's list that matters here is said again.
 */
export const partitioned =
  '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,PaintHolding,LensOverlay,MediaRouter,OptimizationHints';

export class App {
  private server: Awaited<ReturnType<typeof serveApp>> | undefined;
  private context: BrowserContext | undefined;
  private readonly errors: string[] = [];
  private readonly expected: RegExp[] = [];
  private port = 0;

  private opened = false;

  /** @param home the folder of a profile of its own, or a browser that other tests use too. */
  constructor(
    private readonly home: string | SharedBrowser,
    readonly browser: BrowserName,
  ) {}

  private get profile(): string {
    if (this.home instanceof SharedBrowser)
      throw new Error('A test that looks at what lies on the disk asks for ownApp.');
    return this.home;
  }

  async serve(): Promise<void> {
    // The same port again, since storage belongs to an origin.
    this.server = await serveApp({ port: this.port, strictPort: this.port !== 0 });
    this.port = this.server.port;
  }

  async killServer(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  get address(): string {
    return `http://localhost:${this.port}/`;
  }

  /** Paths of the model's files that were asked for so far. */
  get modelRequests(): string[] {
    return (this.server?.requests ?? []).filter((path) => path.includes('/models/'));
  }

  /** How many requests the server has had so far. */
  get requestCount(): number {
    return this.server?.requests.length ?? 0;
  }

  /** Paths asked for after the first `count`. */
  requestsSince(count: number): readonly string[] {
    return (this.server?.requests ?? []).slice(count);
  }

  /** Files of the private file system, as they lie on the disk of a browser that is not running. */
  get storedFiles(): string[] {
    const folder = join(
      this.profile,
      ...(this.browser === 'firefox' ? ['storage', 'default'] : ['Default', 'File System']),
    );
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  /** Databases and local storage, as they lie on the disk of a browser that is not running. Chromium's. */
  readonly storedDatabases = (): string[] =>
    ['IndexedDB', 'Local Storage', 'Session Storage'].flatMap((name) => {
      const folder = join(this.profile, 'Default', name);
      if (!existsSync(folder)) return [];
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
    });

  async closeBrowser(): Promise<void> {
    await this.context?.close();
    this.context = undefined;
  }

  /** Starts the browser, or starts it again with the same profile. */
  async openBrowser(options: StartOptions = {}): Promise<BrowserContext> {
    const { serviceWorkers: _, ...ownWays } = options;
    if (this.home instanceof SharedBrowser && (this.opened || Object.keys(ownWays).length > 0))
      throw new Error('A test that starts its browser again, or in a way of its own, asks for ownApp.');
    await this.closeBrowser();
    this.opened = true;
    this.context =
      this.home instanceof SharedBrowser
        ? await this.home.open(options)
        : await openOwn(this.browser, this.home, options);
    // Shorter than a test, so that the step that never ends is named and not only the test that it was in.
    this.context.setDefaultTimeout(60_000);
    this.context.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    this.context.on('weberror', (error) => this.errors.push(String(error.error())));
    return this.context;
  }

  /** @param query what stands behind the question mark. */
  async open(query = '', host = 'localhost'): Promise<Page> {
    const context = this.context ?? (await this.openBrowser());
    const page = context.pages()[0] ?? (await context.newPage());
    const address = `http://${host}:${this.port}/${query && `?${query}`}`;
    // Where only the part behind # differs, the page stays.
    await page.goto(address);
    return page;
  }

  /** A further tab of the same browser. */
  async newTab(query = ''): Promise<Page> {
    const context = this.context ?? (await this.openBrowser());
    const page = await context.newPage();
    await page.goto(`${this.address}${query && `?${query}`}`);
    return page;
  }

  expectConsoleError(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  unexpectedErrors(): string[] {
    return this.errors.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
  }

  async close(): Promise<void> {
    await this.closeBrowser();
    await this.killServer();
  }
}

/** An app of its own, gone with what it stored when `act` has ended. */
async function withApp(
  home: string | SharedBrowser,
  browser: BrowserName,
  act: (app: App) => Promise<void>,
): Promise<void> {
  const app = new App(home, browser);
  await app.serve();
  await act(app);
  const errors = app.unexpectedErrors();
  await app.close();
  expect(errors, 'console errors').toEqual([]);
}

/**
 * `app`: for a test that is about storage or a first visit. `ownApp`: in a browser of its own, for one that starts it again,
 * starts it in another way, or looks at what lies on the disk. `chat`: a new chat in a page whose model is loaded, which
 * many tests use one after another, for those that are about answers and pages.
 */
export const test = base.extend<
  { app: App; ownApp: App; chat: Chat },
  { browserUsed: BrowserName; sharedBrowser: SharedBrowser; sharedApp: App }
>({
  browserUsed: ['chromium', { scope: 'worker', option: true }],
  sharedBrowser: [
    async ({ browserUsed }, provide) => {
      const browser = new SharedBrowser(browserUsed);
      await provide(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  app: async ({ browserUsed, sharedBrowser }, provide) => withApp(sharedBrowser, browserUsed, provide),
  // With the other browser there too, which makes way for it when the tests are over.
  ownApp: async ({ browserUsed, sharedBrowser: _ }, provide) => {
    const profile = await mkdtemp(join(tmpdir(), 'phield-e2e-'));
    try {
      await withApp(profile, browserUsed, provide);
    } finally {
      await removeProfile(profile);
    }
  },
  sharedApp: [
    async ({ browserUsed, sharedBrowser }, provide) => withApp(sharedBrowser, browserUsed, provide),
    { scope: 'worker' },
  ],
  chat: async ({ sharedApp }, provide) => {
    const page = await sharedApp.open('temperature=0&max_tokens=120#/');
    await expect(page.getByText(/Runs on/)).toBeVisible();
    // Behind the tabs of the tests before it, a page draws nothing.
    await page.bringToFront();
    await page.getByRole('button', { name: 'New chat' }).click();
    await provide(new Chat(page));
    expect(sharedApp.unexpectedErrors(), 'console errors').toEqual([]);
  },
});

/** A question for `cost` comes to its end, whatever the small model makes of it. */
export async function extractionEnds(page: Page): Promise<void> {
  await expect(
    page
      .locator('.sourced, .page-body')
      .getByText(/cost|Nothing was found|no usable answer/)
      .last(),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeHidden();
}

/** As if set up in an earlier visit: there with the next load of the page. */
export const holdsLargerModel = (page: Page, address: string, model: string): Promise<void> =>
  page.evaluate(
    (endpoint) =>
      localStorage.setItem(
        'phield-remote',
        JSON.stringify({ endpoint, keepsKey: false, mode: 'off', documents: false, consents: {} }),
      ),
    { address, model },
  );

/** What a person does in the chat, in verbs. */
export class Chat {
  constructor(readonly page: Page) {}

  get log() {
    return this.page.getByRole('log', { name: 'Conversation' });
  }
  /** The text of the newest answer; not there before its first word, when a line of waiting stands in its place. */
  get words() {
    return this.log.getByRole('article').last().locator('.prose');
  }
  get composer() {
    return this.page.getByRole('textbox', { name: 'Message' });
  }
  get sendButton() {
    return this.page.getByRole('button', { name: 'Send' });
  }
  get stopButton() {
    return this.page.getByRole('button', { name: 'Stop' });
  }

  /** Types and sends; resolves when the answer has begun or, with `wait`, when it has ended. */
  async send(text: string, { wait = true } = {}): Promise<void> {
    await this.composer.fill(text);
    await expect(this.sendButton).toBeEnabled();
    const said = await this.log.getByRole('article').count();
    await this.sendButton.click();
    // Not by Stop, which a short answer does not leave there long enough to be seen.
    await expect(this.log.getByRole('article')).toHaveCount(said + 2);
    if (wait) await expect(this.stopButton).toBeHidden();
  }
}
