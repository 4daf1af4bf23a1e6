// `npm run bench:chats -- [--json] [--chats N] [--messages N] [--long N]`: the built app in headless Chromium over
// 5,000 chats of 20 messages and one of 1,000, on a software adapter. What each figure is, docs/chats.md says.
import { mkdtemp } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { seedChats } from '../bench/chats/seed.mjs';
import { buildIfNeeded, serveApp } from './app.mjs';
import { browserFlags, ensureBrowser, removeProfile } from './browser.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    chats: { type: 'string', default: '5000' },
    messages: { type: 'string', default: '20' },
    long: { type: 'string', default: '1000' },
  },
});
const sizes = { chats: Number(values.chats), messages: Number(values.messages), long: Number(values.long) };
const log = (/** @type {string} */ line) => console.error(line);

await buildIfNeeded();
const server = await serveApp();
const profile = await mkdtemp(join(tmpdir(), 'phield-chats-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: ensureBrowser(),
  args: browserFlags,
  viewport: { width: 1440, height: 900 },
  locale: 'en-US',
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(240_000);
  // A page of the same origin that does not run the app.
  await page.goto(`${server.address}robots.txt`);
  log(`writing ${sizes.chats} chats`);
  await page.evaluate(seedChats, sizes);

  log('opening the app');
  const address = `${server.address}?temperature=0&max_tokens=60#/`;
  await page.goto(address);
  await page.locator('.chats li').first().waitFor();
  await page.getByText(/Runs on/).waitFor();
  // The second start: the browser keeps compiled script of the first.
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('.chats li').first().waitFor();
  const listMs = await page.evaluate(() => {
    const at = (/** @type {string} */ name) => performance.getEntriesByName(name)[0]?.startTime ?? NaN;
    return at('chats:listed') - at('chats:read');
  });
  const listRows = await page.locator('.chats li').count();
  await page.getByText(/Runs on/).waitFor();

  log('reading all for search');
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox');
  await field.fill('ba');
  await page.locator('.palette-foot', { hasText: /\d/ }).waitFor();
  await page.waitForFunction(
    () => !/reading/.test(document.querySelector('.palette-foot')?.textContent ?? ''),
  );
  await field.fill('');
  await page.evaluate(() => performance.clearMeasures());
  for (const key of 'bade figo lu') {
    await page.keyboard.type(key);
    await page.waitForTimeout(250);
  }
  const keys = await page.evaluate(() =>
    performance.getEntriesByName('chats:search-key').map(({ duration }) => duration),
  );
  await page.keyboard.press('Escape');

  log('opening the long chat');
  const openLongMs = await page.evaluate(async () => {
    const from = performance.now();
    location.hash = '#/chat/long';
    for (;;) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const shown = document.querySelectorAll('[role=log] article');
      const last = shown[shown.length - 1];
      if (last && last.querySelector('table') && last.getBoundingClientRect().top < innerHeight)
        return performance.now() - from;
      if (performance.now() - from > 60_000) return NaN;
    }
  });
  await page.waitForTimeout(1500);

  log('sending in it');
  await page.getByRole('textbox', { name: 'Message' }).fill('What is Phield?');
  const session = await context.newCDPSession(page);
  const { longestMs, byClockMs } = await longestTask(session, async () => {
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'hidden' });
  });
  const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;
  const report = {
    ...sizes,
    listMs: round(listMs),
    listRows,
    searchKeyMs: round(Math.max(...keys)),
    searchKeys: keys.map(round),
    openLongMs: round(openLongMs),
    longestSendTaskMs: round(longestMs),
    longestSendTaskByClockMs: round(byClockMs),
    load: round(loadavg()[0] ?? 0),
  };
  console.log(values.json ? JSON.stringify(report) : report);
} finally {
  await context.close();
  await server.close();
  await removeProfile(profile);
}

/**
 * The longest task of the page's main thread, by the processor time it took: other programs of the machine do not count.
 * @param {import('@playwright/test').CDPSession} session @param {() => Promise<void>} act
 */
async function longestTask(session, act) {
  /** @type {{ name: string, ph: string, pid: number, tid: number, dur?: number, tdur?: number, args?: { name?: string } }[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) =>
    events.push(.../** @type {typeof events} */ (/** @type {unknown} */ (value))),
  );
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', '__metadata'] },
  });
  await act();
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && /RunTask$/.test(name) && mains.has(`${pid}/${tid}`),
  );
  const longest = (/** @type {'dur' | 'tdur'} */ field) =>
    tasks.reduce((most, task) => Math.max(most, (task[field] ?? 0) / 1000), 0);
  return { longestMs: longest('tdur'), byClockMs: longest('dur') };
}
