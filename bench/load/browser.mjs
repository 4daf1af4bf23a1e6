// A fresh browser process over a kept profile, and what its processes hold in memory.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { browserFlags, ensureBrowser } from '../../scripts/browser.mjs';

const pageBytes = 4096;

/** @type {Set<number>} */
const groups = new Set();
process.once('exit', () => groups.forEach(killGroup));

export class MeasuredBrowser {
  /** @type {import('@playwright/test').Browser} */
  #browser;
  #exited;

  #pid;

  /** @param {import('@playwright/test').Browser} browser @param {Promise<unknown>} exited @param {number | undefined} pid */
  constructor(browser, exited, pid) {
    this.#browser = browser;
    this.#exited = exited;
    this.#pid = pid;
  }

  /** @param {string} profile */
  static async start(profile) {
    const child = spawn(
      ensureBrowser(),
      [
        '--headless',
        ...browserFlags,
        `--user-data-dir=${profile}`,
        '--remote-debugging-port=0',
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    );
    const exited = new Promise((resolve) => child.once('exit', resolve));
    // In a group of its own, which does not end with ours.
    if (child.pid !== undefined) groups.add(child.pid);
    child.once('exit', () => groups.delete(child.pid ?? 0));
    /** @type {string} */
    const endpoint = await new Promise((resolve, reject) => {
      let text = '';
      child.stderr.on('data', (data) => {
        text += String(data);
        const found = /DevTools listening on (ws:\S+)/.exec(text);
        if (found?.[1]) resolve(found[1]);
      });
      child.on('exit', (code) => reject(new Error(`The browser ended with ${code}: ${text.slice(-500)}`)));
    });
    return new MeasuredBrowser(await chromium.connectOverCDP(endpoint), exited, child.pid);
  }

  /** @param {string} address */
  async open(address) {
    const context = this.#browser.contexts()[0];
    if (!context) throw new Error('The browser has no context.');
    const page = await context.newPage();
    await page.goto(address);
    return page;
  }

  /** Runs the work; its peak of resident memory above where it began, in the page's process and in all but the
   * GPU's; and what it cost of processor time in all, the GPU's process included.
   * @template T @param {() => Promise<T>} work
   * @returns {Promise<{ result: T, rendererBytes: number, allBytes: number, jsBytes: number, cpuSeconds: number }>} `jsBytes`:
   *   of all workers' heaps and array buffers, garbage that waits for its collector included */
  async withMemory(work) {
    const session = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    const all = processInfo.filter(({ type }) => type !== 'GPU').map(({ id }) => id);
    const base = { renderer: residentBytes(renderers), all: residentBytes(all) };
    const pids = processInfo.map(({ id }) => id);
    const cpuBefore = cpuSeconds(pids);
    const peak = { ...base };
    const heaps = await WorkerHeaps.watch(session);
    const timer = setInterval(() => {
      peak.renderer = Math.max(peak.renderer, residentBytes(renderers));
      peak.all = Math.max(peak.all, residentBytes(all));
    }, 15);
    try {
      const result = await work();
      return {
        result,
        rendererBytes: peak.renderer - base.renderer,
        allBytes: peak.all - base.all,
        jsBytes: heaps.peakBytes,
        cpuSeconds: cpuSeconds(pids) - cpuBefore,
      };
    } finally {
      clearInterval(timer);
      heaps.stop();
    }
  }

  /** SIGKILL to every process of the browser, as a machine that is switched off. */
  async kill() {
    killGroup(this.#pid);
    await this.#exited;
  }

  /** In good order, so that what was written is on disk. */
  async close() {
    const session = await this.#browser.newBrowserCDPSession();
    await session.send('Browser.close').catch(() => undefined);
    await this.#exited;
  }
}

/** @param {number | undefined} pid */
function killGroup(pid) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** @param {number[]} pids */
function cpuSeconds(pids) {
  let ticks = 0;
  for (const pid of pids) {
    try {
      // After the command's name, which may hold anything: user and system time are fields 14 and 15.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // As below.
    }
  }
  return ticks / 100;
}

/** @param {number[]} pids */
function residentBytes(pids) {
  let bytes = 0;
  for (const pid of pids) {
    try {
      bytes += Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
    } catch {
      // A process that has ended holds nothing.
    }
  }
  return bytes;
}

/** What JavaScript holds in the workers, by the DevTools protocol, which asks each of them many times a second. */
class WorkerHeaps {
  peakBytes = 0;
  /** @type {Map<string, number>} */
  #bytes = new Map();
  /** @type {Set<string>} */
  #seen = new Set();
  /** @type {import('@playwright/test').CDPSession} */
  #session;
  #lastId = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /** @param {import('@playwright/test').CDPSession} session */
  constructor(session) {
    this.#session = session;
  }

  /** @param {import('@playwright/test').CDPSession} session */
  static async watch(session) {
    const heaps = new WorkerHeaps(session);
    session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) =>
      heaps.#heard(sessionId, message),
    );
    heaps.#timer = setInterval(() => void heaps.#ask().catch(() => undefined), 50);
    return heaps;
  }

  stop() {
    clearInterval(this.#timer);
  }

  async #ask() {
    const { targetInfos } = await this.#session.send('Target.getTargets', { filter: [{ type: 'worker' }] });
    for (const { targetId } of targetInfos) {
      if (this.#seen.has(targetId)) continue;
      this.#seen.add(targetId);
      const { sessionId } = await this.#session.send('Target.attachToTarget', { targetId, flatten: false });
      this.#bytes.set(sessionId, 0);
    }
    for (const sessionId of this.#bytes.keys()) this.#poll(sessionId);
  }

  /** @param {string} sessionId */
  #poll(sessionId) {
    const message = JSON.stringify({ id: ++this.#lastId, method: 'Runtime.getHeapUsage' });
    void this.#session.send('Target.sendMessageToTarget', { sessionId, message }).catch(() => undefined);
  }

  /** @param {string} sessionId @param {string} message */
  #heard(sessionId, message) {
    const { result } = JSON.parse(message);
    if (!result) return;
    this.#bytes.set(
      sessionId,
      result.usedSize + (result.embedderHeapUsedSize ?? 0) + (result.backingStorageSize ?? 0),
    );
    this.peakBytes = Math.max(
      this.peakBytes,
      [...this.#bytes.values()].reduce((sum, bytes) => sum + bytes, 0),
    );
  }
}
