// A real Chromium with the store in a module worker, served by the fault server. The browser may be killed and
// started again over the same profile.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { browserFlags, ensureBrowser, removeProfile } from '../../scripts/browser.mjs';
import { bundleScript } from '../../scripts/bundle-script.mjs';
import { FaultServer } from './fault-server.mjs';

/** @typedef {import('./lab-worker').LabCall} LabCall @typedef {import('./lab-worker').LabLoad} LabLoad @typedef {import('./lab-worker').LabSettings} LabSettings */

/** @type {LabSettings} */
export const shortTimes = { partBytes: 1024 * 1024, stallMs: 400, attempts: 8, connections: 5 };

const scripts = {
  '/lab.js': fileURLToPath(new URL('lab-worker.ts', import.meta.url)),
  '/admin.js': fileURLToPath(new URL('../../src/store/admin/storage-admin.ts', import.meta.url)),
  '/store-worker.js': fileURLToPath(new URL('../../src/store/admin/store-worker.ts', import.meta.url)),
};

/** @type {Promise<Map<string, string>> | undefined} */
let bundled;

/** @returns {Promise<Map<string, string>>} each script as one module, and the workers they start, by their paths */
export function bundle() {
  bundled ??= Promise.all(Object.entries(scripts).map(([path, entry]) => bundleScript(entry, path))).then(
    (bundles) => new Map(bundles.flatMap((bundle) => [...bundle])),
  );
  return bundled;
}

const page = `<!doctype html><meta charset="utf-8"><title>store lab</title><script type="module">
const worker = new Worker('/lab.js', { type: 'module' });
const waiting = new Map();
let lastId = 0;
worker.onmessage = ({ data }) => {
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  if ('error' in data) reject(new Error(data.error));
  else resolve(data.result);
};
globalThis.lab = (call) => new Promise((resolve, reject) => {
  waiting.set(++lastId, { resolve, reject });
  worker.postMessage({ id: lastId, call });
});
</script>`;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
// Their process groups do not end with ours.
process.once('exit', () => running.forEach(killGroup));

/** @param {import('node:child_process').ChildProcess} child */
function killGroup({ pid, exitCode }) {
  if (pid === undefined || exitCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** @param {import('./model.mjs').Model} model @returns {Promise<FaultServer>} */
export async function serveLab(model) {
  const bundles = await bundle();
  const server = new FaultServer(model, (url, response) => {
    const code = bundles.get(url.pathname);
    if (code !== undefined) response.writeHead(200, { 'content-type': 'text/javascript' }).end(code);
    else if (url.pathname === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    else return false;
    return true;
  });
  await server.listen();
  return server;
}

export class Lab {
  /** @type {string} */
  #profile;
  /** @type {import('@playwright/test').Browser | undefined} */
  #browser;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;
  /** What the browser said last: the only account there is of a tab that crashed. */
  #lastWords = '';

  /** @param {FaultServer} server */
  constructor(server) {
    this.server = server;
    this.#profile = mkdtempSync(join(tmpdir(), 'phield-lab-'));
  }

  /** Files of the private file system, as they lie on the disk of a browser that is not running: one a shard. */
  get storedFiles() {
    const folder = join(this.#profile, 'Default', 'File System');
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  get origin() {
    return `http://localhost:${this.server.port}`;
  }

  /** Our own process, so that it can be killed as a person's machine would. */
  async start() {
    const child = spawn(
      ensureBrowser(),
      [
        '--headless',
        ...browserFlags,
        `--user-data-dir=${this.#profile}`,
        '--remote-debugging-port=0',
        '--enable-logging=stderr',
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    );
    this.#process = child;
    running.add(child);
    const endpoint = await new Promise((resolve, reject) => {
      let text = '';
      child.stderr?.on('data', (data) => {
        text = (text + String(data)).slice(-8000);
        this.#lastWords = text;
        const found = /DevTools listening on (ws:\S+)/.exec(text);
        if (found) resolve(found[1]);
      });
      child.on('exit', (code) => reject(new Error(`The browser ended with ${code}: ${text.slice(-500)}`)));
    });
    this.#browser = await chromium.connectOverCDP(endpoint);
  }

  /** @returns {Promise<LabTab>} */
  async open(settings = shortTimes) {
    if (!this.#browser) await this.start();
    const context = this.#browser?.contexts()[0];
    if (!context) throw new Error('The browser has no context.');
    const tab = new LabTab(await context.newPage(), this);
    tab.page.on('crash', () =>
      console.error(`The tab crashed. The browser's last words:\n${this.#lastWords}`),
    );
    await tab.page.goto(this.origin);
    await tab.call({ op: 'settings', settings });
    return tab;
  }

  /** SIGKILL to every process of the browser, at once. */
  async kill() {
    const child = this.#process;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    killGroup(child);
    await gone;
    running.delete(child);
    this.#process = undefined;
    this.#browser = undefined;
  }

  async close() {
    await this.kill();
    await removeProfile(this.#profile);
  }
}

export class LabTab {
  /** @param {import('@playwright/test').Page} page @param {Pick<Lab, 'server' | 'origin'>} lab */
  constructor(page, lab) {
    this.page = page;
    this.lab = lab;
  }

  /** @param {LabCall} call @returns {Promise<unknown>} */
  async call(call) {
    return this.page.evaluate((call) => /** @type {any} */ (globalThis).lab(call), call);
  }

  /** @param {string} run */
  base(run) {
    return run.includes('/') ? run : `${this.lab.origin}/m/${run}/`;
  }

  /**
   * @param {string} run or a folder's address
   * @param {{ memoryOnly?: boolean, mirrors?: string[], model?: import('./model.mjs').Model }} [options] the model is
   *   what the bytes are compared with
   * @returns {Promise<LabLoad>}
   */
  async load(run, { memoryOnly = false, mirrors = [], model = this.lab.server.model } = {}) {
    const call = { op: /** @type {const} */ ('load'), base: this.base(run), memoryOnly, mirrors };
    return /** @type {LabLoad} */ (await this.call({ ...call, sha256: model.sha256 }));
  }

  /** @param {string} run @returns {Promise<import('../../src/store/store').ModelStatus>} */
  async status(run) {
    return /** @type {any} */ (await this.call({ op: 'status', base: this.base(run) }));
  }

  /** @param {string} run @param {import('../../src/base/storage-way').StorageWay} to the other place for bytes */
  async move(run, to) {
    return /** @type {import('../../src/store/admin/verify').VerifyReport} */ (
      await this.call({ op: 'move', base: this.base(run), to })
    );
  }

  /** @param {string} run */
  async remove(run) {
    await this.call({ op: 'remove', base: this.base(run) });
  }
}
