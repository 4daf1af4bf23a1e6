// WebKitGTK's MiniBrowser, driven by the WebDriver protocol on a display of its own. It has no WebGPU: what must work
// without it is looked at here. Playwright cannot drive a stock WebKit, and few calls are needed.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { miniBrowser, removeProfile } from '../../scripts/browser.mjs';

/** WebDriver's name for a reference to an element. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** From a start by the system to the first word: a slow machine takes seconds. */
const startMs = 30_000;

export class WebKit {
  private constructor(
    private readonly session: string,
    private readonly processes: readonly ChildProcess[],
    private readonly home: string,
  ) {}

  static async start(): Promise<WebKit> {
    const home = await mkdtemp(join(tmpdir(), 'phield-webkit-'));
    const display = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    const told = display.stdio[3];
    if (!told) throw new Error('Xvfb has no pipe to say its number on.');
    const [number] = (await once(told, 'data')) as [Buffer];
    const port = await freePort();
    const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        DISPLAY: `:${String(number).trim()}`,
        GDK_BACKEND: 'x11',
        NO_AT_BRIDGE: '1',
        LIBGL_ALWAYS_SOFTWARE: '1',
        HOME: home,
        XDG_DATA_HOME: join(home, 'data'),
        XDG_CACHE_HOME: join(home, 'cache'),
        XDG_CONFIG_HOME: join(home, 'config'),
      },
    });
    const address = `http://127.0.0.1:${port}/session`;
    let sessionId = '';
    await expect(async () => {
      const binary = miniBrowser();
      const options = { binary, args: ['--automation'] };
      const made = await ask('POST', address, {
        capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
      });
      ({ sessionId } = made as { sessionId: string });
    }).toPass({ timeout: startMs });
    return new WebKit(`${address}/${sessionId}`, [driver, display], home);
  }

  async open(url: string): Promise<void> {
    await ask('POST', `${this.session}/url`, { url });
  }

  async reload(): Promise<void> {
    await ask('POST', `${this.session}/refresh`, {});
  }

  /** @param body of a function, which returns what can be JSON. */
  evaluate(body: string): Promise<unknown> {
    return ask('POST', `${this.session}/execute/sync`, { script: body, args: [] });
  }

  /** All that the page shows, or what the first element of that selector does. */
  async text(selector = 'body'): Promise<string> {
    return String(
      await this.evaluate(`return document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`),
    );
  }

  async click(selector: string): Promise<void> {
    await ask('POST', `${await this.element(selector)}/click`, {});
  }

  /** The button or link of that name. */
  async press(name: string): Promise<void> {
    await this.click(`//*[self::button or self::a][normalize-space()='${name}']`);
  }

  /** Keys into a field or, into one for files, their paths. */
  async type(selector: string, text: string): Promise<void> {
    await ask('POST', `${await this.element(selector)}/value`, { text });
  }

  async close(): Promise<void> {
    await ask('DELETE', this.session).catch(() => undefined);
    for (const child of this.processes) {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    }
    // Its processes may write a little longer than the driver lives.
    await removeProfile(this.home);
  }

  /** By CSS or, where it begins with a slash, by XPath. */
  private async element(selector: string): Promise<string> {
    const using = selector.startsWith('/') ? 'xpath' : 'css selector';
    let found: unknown;
    await expect(async () => {
      found = await ask('POST', `${this.session}/element`, { using, value: selector });
    }, selector).toPass({ timeout: startMs });
    return `${this.session}/element/${(found as Record<string, string>)[elementKey] ?? ''}`;
  }
}

/** @throws Error with WebDriver's own words */
async function ask(method: 'POST' | 'DELETE', address: string, body?: object): Promise<unknown> {
  const response = await fetch(address, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`${error}: ${message}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  return typeof bound === 'object' && bound ? bound.port : 0;
}
