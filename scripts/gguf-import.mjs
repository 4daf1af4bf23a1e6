// `npm run test:gguf -- [--json] [--layers N] [--kills N] [--seed S] [--no-load]`: a file of Phi-3-mini's size in Q4_K_M (2.3 GB,
// seeded weights) goes through the built app in headless Chromium: imported with its peak of memory, loaded onto the software
// adapter, and imported again with the browser killed in the middle, again and again. Exits with 1 when something half done is
// left, or the file does not come in whole at last.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MeasuredBrowser } from '../bench/load/browser.mjs';
import { mulberry } from '../e2e/faults/random.mjs';
import { buildIfNeeded, serveApp } from './app.mjs';
import { withModule } from './modules.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    layers: { type: 'string', default: '32' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    'no-load': { type: 'boolean', default: false },
  },
});
const name = 'phi-3-mini.Q4_K_M.gguf';
const MiB = 1024 * 1024;
const patience = { timeout: 280_000 };
const log = (/** @type {string} */ line) => console.error(line);

await buildIfNeeded();
const folder = mkdtempSync(join(tmpdir(), 'phield-gguf-'));
const file = join(folder, name);
const server = await serveApp();
/** @type {MeasuredBrowser | undefined} */
let browser;
try {
  log('writing the file');
  const bytes = await withModule('/bench/load/phi3-gguf.ts', ({ writePhi3Gguf }) =>
    writePhi3Gguf(file, Number(values.layers)),
  );

  log('importing it');
  const whole = join(folder, 'whole');
  browser = await MeasuredBrowser.start(whole);
  let page = await storagePage(browser);
  const found = await choose(page);
  const measured = await browser.withMemory(() => importIt(page));
  const imported = { ...found, ms: measured.result, ...memory(measured) };
  await browser.close();

  let loaded;
  if (!values['no-load']) {
    log('loading it onto the adapter');
    browser = await MeasuredBrowser.start(whole);
    page = await browser.open(`${server.address}?lang=en&model=imported:/${name}/#/`);
    const from = performance.now();
    const load = await browser.withMemory(() => page.getByText(/Runs on/).waitFor(patience));
    loaded = { ms: Math.round(performance.now() - from), ...memory(load) };
    await browser.close();
  }
  rmSync(whole, { recursive: true, force: true });

  log('killing imports');
  const next = mulberry(Number(values.seed));
  const killed = join(folder, 'killed');
  let listed = 0;
  let left = 0;
  for (let i = 0; i < Number(values.kills); i++) {
    browser = await MeasuredBrowser.start(killed);
    page = await storagePage(browser);
    await choose(page);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('progressbar').first().waitFor();
    await new Promise((resolve) => setTimeout(resolve, next() * 0.9 * imported.ms));
    await browser.kill();
    // What the killed one wrote goes at the next start, in idle time.
    browser = await MeasuredBrowser.start(killed);
    page = await storagePage(browser);
    if ((await page.getByText(name).count()) > 0) listed++;
    const until = Date.now() + 60_000;
    while (storedBytes(killed) > bytes / 100 && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 500));
    if (storedBytes(killed) > bytes / 100) left++;
    log(`kill ${i + 1}: ${Math.round(storedBytes(killed) / MiB)} MiB left`);
    await browser.close();
  }
  browser = await MeasuredBrowser.start(killed);
  page = await storagePage(browser);
  await choose(page);
  const after = await importIt(page);
  await page
    .getByRole('button', { name: /^Verify/ })
    .first()
    .click();
  await page.getByText(/is whole: every file is as it arrived/).waitFor(patience);
  await browser.close();

  const report = {
    bytes,
    imported,
    ...(loaded && { loaded }),
    kills: { runs: Number(values.kills), listed, left, importedAfterwardsMs: after },
  };
  console.log(values.json ? JSON.stringify(report) : report);
  if (listed > 0 || left > 0) process.exitCode = 1;
} finally {
  await browser?.kill();
  await server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** @param {MeasuredBrowser} browser */
async function storagePage(browser) {
  const page = await browser.open(`${server.address}?lang=en#/storage`);
  await page.getByRole('heading', { name: 'Import a model' }).waitFor(patience);
  return page;
}

/** @param {Page} page what the page says of the file before it stores anything */
async function choose(page) {
  const from = performance.now();
  // By the DevTools protocol: what drives the browser would carry the bytes over otherwise.
  const session = await page.context().newCDPSession(page);
  const { result } = await session.send('Runtime.evaluate', {
    expression: 'document.querySelector(\'input[type=file][multiple][aria-label="Import files"]\')',
  });
  await session.send('DOM.setFileInputFiles', { files: [file], objectId: String(result.objectId) });
  await page.getByText(/Found “phi-3-mini/).waitFor(patience);
  return { lookMs: Math.round(performance.now() - from) };
}

/** @param {Page} page @returns {Promise<number>} ms */
async function importIt(page) {
  const from = performance.now();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText(/is imported and complete/).waitFor(patience);
  return Math.round(performance.now() - from);
}

/** @param {{ rendererBytes: number, jsBytes: number }} of */
function memory({ rendererBytes, jsBytes }) {
  return { peakMiB: Math.round(rendererBytes / MiB), peakJsMiB: Math.round(jsBytes / MiB) };
}

/** @param {string} profile bytes of its private files, as they lie on the disk */
function storedBytes(profile) {
  let sum = 0;
  const at = join(profile, 'Default', 'File System');
  for (const entry of readdirSync(at, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    try {
      sum += statSync(join(entry.parentPath, entry.name)).size;
    } catch {
      // Gone meanwhile.
    }
  }
  return sum;
}
