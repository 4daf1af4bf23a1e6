// `npm run lighthouse -- [--json] [--only desktop|mobile] [--runs N]`: Lighthouse over the built app as `npm start`
// serves it, each run in a browser with an empty profile. The figures count with WebGPU as this machine has it; where
// that is a software adapter, the model's start takes the processor that the page is measured on, so the page is
// measured once more in a browser without WebGPU. Exits with 1 where a goal is missed, and names what cost it.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import lighthouse, { desktopConfig } from 'lighthouse';
import { computeMedianRun } from 'lighthouse/core/lib/median-run.js';
import { buildIfNeeded, serveApp } from './app.mjs';
import { browserFlags, ensureBrowser, removeProfile } from './browser.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    /** Of each kind; the one in the middle is printed. */
    runs: { type: 'string', default: '3' },
  },
});
const runs = Math.max(1, Math.trunc(Number(values.runs)) || 1);

/** Of 100. @type {Record<'desktop' | 'mobile', Record<string, number>>} */
const goals = {
  desktop: { performance: 95, accessibility: 95, bestPractices: 95, seo: 95 },
  mobile: { performance: 85 },
};
const shown = /** @type {const} */ ([
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
  'speed-index',
]);

/**
 * @typedef {object} Figures
 * @property {Record<string, number>} scores of 100
 * @property {Record<string, string>} figures what the performance is made of
 * @property {string[]} cost what counts and is not full
 */

await buildIfNeeded();
const app = await serveApp();
/** @type {Record<string, Record<string, number | Figures>>} */
const report = {};
let held = true;
try {
  for (const form of /** @type {const} */ (['desktop', 'mobile'])) {
    if (values.only && values.only !== form) continue;
    const here = await median(form, browserFlags);
    const without = await median(form, withoutWebGpu());
    report[form] = { ...here.scores, detail: here, withoutWebGpu: without };
    for (const [category, goal] of Object.entries(goals[form]))
      if ((here.scores[category] ?? 0) < goal) held = false;
  }
} finally {
  await app.close();
}
const all = { ...report, runs, load: Math.round((loadavg()[0] ?? 0) * 10) / 10 };
if (values.json) console.log(JSON.stringify(all));
else console.dir(all, { depth: null });
process.exitCode = held ? 0 : 1;

function withoutWebGpu() {
  const own = browserFlags.filter((flag) => !flag.includes('webgpu'));
  return [...own, '--disable-features=WebGPU', '--disable-blink-features=WebGPU'];
}

/** @param {'desktop' | 'mobile'} form @param {readonly string[]} flags @returns {Promise<Figures>} */
async function median(form, flags) {
  /** @type {import('lighthouse').Result[]} */
  const results = [];
  while (results.length < runs) {
    results.push(await once(form, flags));
    console.error(`${form} ${results.length}/${runs}: ${results.at(-1)?.categories['performance']?.score}`);
  }
  /** @type {import('lighthouse').Result} */
  const { categories, audits } = computeMedianRun(results);
  return {
    scores: Object.fromEntries(
      Object.entries(categories).map(([id, { score }]) => [
        id.replace(/-(.)/, (_, letter) => letter.toUpperCase()),
        Math.round((score ?? 0) * 100),
      ]),
    ),
    figures: Object.fromEntries(shown.map((id) => [id, audits[id]?.displayValue ?? ''])),
    cost: Object.values(categories).flatMap(({ auditRefs }) =>
      auditRefs.flatMap(({ id, weight }) => {
        const audit = audits[id];
        if (!audit || weight === 0 || audit.score === null || audit.score >= 0.95) return [];
        return [`${id} ${audit.score}: ${audit.displayValue ?? audit.title}`];
      }),
    ),
  };
}

/** @param {'desktop' | 'mobile'} form @param {readonly string[]} flags */
async function once(form, flags) {
  const profile = mkdtempSync(join(tmpdir(), 'phield-lighthouse-'));
  const browser = spawn(
    ensureBrowser(),
    ['--headless', ...flags, `--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    const result = await lighthouse(
      app.address,
      { port: await debuggingPort(browser), logLevel: 'error', output: 'json' },
      form === 'desktop' ? desktopConfig : undefined,
    );
    if (!result) throw new Error('Lighthouse said nothing.');
    const { runtimeError } = result.lhr;
    if (runtimeError) throw new Error(`${runtimeError.code}: ${runtimeError.message}`);
    return result.lhr;
  } finally {
    const ended = new Promise((resolve) => browser.once('exit', resolve));
    browser.kill();
    await ended;
    await removeProfile(profile);
  }
}

/** @param {import('node:child_process').ChildProcessByStdio<null, null, import('node:stream').Readable>} browser */
function debuggingPort(browser) {
  return new Promise((resolve, reject) => {
    let text = '';
    browser.stderr.on('data', (data) => {
      text += String(data);
      const found = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(text);
      if (found) resolve(Number(found[1]));
    });
    browser.once('exit', () => reject(new Error(`The browser ended: ${text.slice(-500)}`)));
  });
}
