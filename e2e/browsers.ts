// The browsers of the tests: one with a profile of its own, for a test that starts it again or in a way of its own, and
// one that many tests use one after another, each with storage of its own.
import { readdirSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext } from '@playwright/test';
import { browserFlags, ensureBrowser } from '../scripts/browser.mjs';
import {
  launchFirefox,
  newFirefoxContext,
  openFirefox,
  page,
  removeBegunProfile,
} from './firefox/open-firefox';

export type BrowserName = 'chromium' | 'firefox';

export interface StartOptions {
  readonly flags?: readonly string[];
  readonly adapter?: boolean;
  readonly serviceWorkers?: 'allow' | 'block';
  /** Of the browser's process, beside this one's. */
  readonly env?: Readonly<Record<string, string>>;
}

/** @param profile an empty folder, or one that this has opened before. */
export function openOwn(
  browser: BrowserName,
  profile: string,
  options: StartOptions = {},
): Promise<BrowserContext> {
  const { adapter = true, flags = [], serviceWorkers = 'allow', env } = options;
  if (browser === 'firefox')
    return openFirefox(profile, { adapter, isNew: readdirSync(profile).length === 0 });
  return chromium.launchPersistentContext(profile, {
    ...page,
    executablePath: ensureBrowser(),
    args: [...browserFlags.filter((flag) => adapter || !/webgpu/.test(flag)), ...flags],
    serviceWorkers,
    ...(env && { env: { ...process.env, ...env } }),
  });
}

/** Started when it is first asked for, and again where a test has ended it. */
export class SharedBrowser {
  private browser: Browser | undefined;

  constructor(private readonly name: BrowserName) {}

  /** A context whose storage nothing else sees; closed, it is gone. */
  async open({ serviceWorkers = 'allow' }: Pick<StartOptions, 'serviceWorkers'>): Promise<BrowserContext> {
    if (!this.browser?.isConnected())
      this.browser =
        this.name === 'firefox'
          ? await launchFirefox()
          : await chromium.launch({ executablePath: ensureBrowser(), args: browserFlags });
    return this.name === 'firefox'
      ? newFirefoxContext(this.browser)
      : this.browser.newContext({ ...page, serviceWorkers });
  }

  async close(): Promise<void> {
    await this.browser?.close();
    await removeBegunProfile();
  }
}
