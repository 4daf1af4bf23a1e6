// npm test [-- --only TIER[,TIER]]: everything CI runs. Every tier is counted; a tier that ran nothing has
// failed, unless it prints why it cannot run here. The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './app.mjs';
import { ensureBrowser, whyNoFirefox } from './browser.mjs';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const reports = join(root, 'test-results');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const shaders = join(reports, 'wgsl');

let passed = 0;
let failed = 0;
/** @type {string[]} */
const notes = [];
/** @type {{ ms: number, what: string }[]} */
const durations = [];

/** @param {string} command @param {string[]} args @param {Record<string, string>} [env] @returns {boolean} */
function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (error) console.error(error.message);
  return status === 0;
}

/** @param {string} name @param {boolean} ok */
function count(name, ok) {
  if (ok) passed++;
  else {
    failed++;
    notes.push(`failed: ${name}`);
  }
}

/** @param {string} tool */
const bin = (tool) => join(root, 'node_modules/.bin', tool);

/** @param {string} name @param {string} project @param {Record<string, string>} [env] @param {string} [node] */
function vitest(name, project, env = {}, node = process.execPath) {
  const report = join(reports, `${name}.json`);
  const entry = join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const ok = run(node, [entry, 'run', '--project', project, ...reporters], env);
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  for (const file of result?.testResults ?? []) {
    durations.push({ ms: file.endTime - file.startTime, what: `${relative(root, file.name)} (${name})` });
  }
  tally(name, ok, result?.numPassedTests ?? 0, result?.numFailedTests ?? 0, result?.numPendingTests ?? 0);
}

/** @param {string} name @param {boolean} ok @param {number} good @param {number} bad @param {number} skipped */
function tally(name, ok, good, bad, skipped) {
  passed += good;
  // A runner that failed without a failing test (a file that does not load, say) counts as one failure.
  const failures = bad > 0 ? bad : ok && good > 0 ? 0 : 1;
  failed += failures;
  if (failures) notes.push(`failed: ${name} (${failures})`);
  if (skipped) notes.push(`skipped: ${name} (${skipped}); the reason is printed above`);
}

/** @type {Record<string, () => void>} */
const tiers = {
  types() {
    for (const realm of ['any', 'worker', 'window', 'sw', 'node'])
      count(`types of realm ${realm}`, run(bin('tsc'), ['-p', `tsconfig.${realm}.json`]));
  },
  lint() {
    count('eslint', run(bin('eslint'), ['--max-warnings', '0', '.']));
    count('prettier', run(bin('prettier'), ['--check', '--log-level', 'warn', '.']));
  },
  unit: () => vitest('unit', 'unit'),
  kernels() {
    ensureBrowser(); // SwiftShader comes with it.
    if (!run(process.execPath, [join(root, 'bench/dawn/ensure.mjs')])) {
      count('install of Dawn for Node', false);
      return;
    }
    // What compiles here is given to Firefox's compiler by e2e/firefox/wgsl.spec.ts.
    const record = { PHIELD_RECORD_WGSL: shaders };
    vitest('kernels-swiftshader', 'kernels', { ...record, PHIELD_ADAPTER: 'swiftshader' });
    const lavapipe = { ...record, PHIELD_ADAPTER: 'lavapipe' };
    const newer = process.env['PHIELD_MESA'];
    if (newer) {
      const env = { ...lavapipe, LD_LIBRARY_PATH: join(newer, 'lib') };
      vitest('kernels-lavapipe', 'kernels', env, join(newer, 'node'));
      return;
    }
    const make = 'PHIELD_MESA=$(scripts/newer-mesa.sh) brings one';
    if (process.env['REQUIRE_F16'] === '1' || existsSync('/usr/share/vulkan/icd.d/lvp_icd.json')) {
      notes.push(`on the lavapipe of this machine, which may lack subgroup matrices: ${make} that has them`);
      vitest('kernels-lavapipe', 'kernels', lavapipe);
    } else notes.push(`not run: kernels on lavapipe (no lvp_icd.json: ${make})`);
  },
  build: () => count('build', run(bin('vite'), ['build', '--logLevel', 'warn'])),
  e2e() {
    const missing = whyNoFirefox();
    if (!missing)
      return playwright('e2e', ['--project=firefox', '--project=chromium'], { PHIELD_FIREFOX_TOO: '1' });
    if (process.env['REQUIRE_FIREFOX'] === '1') count(`Firefox: ${missing}`, false);
    else notes.push(`not run: e2e in Firefox, everything in Chromium instead (${missing})`);
    playwright('e2e', ['--project=chromium']);
  },
};

/**
 * How long one file took in each browser.
 * @param {any} file a suite of Playwright's report @param {string} name @returns {{ ms: number, what: string }[]}
 */
function durationsOf(file, name) {
  /** @type {Map<string, number>} */
  const perBrowser = new Map();
  /** @param {any} suite */
  const visit = (suite) => {
    for (const inner of suite.suites ?? []) visit(inner);
    for (const { tests = [] } of suite.specs ?? []) {
      for (const { projectName, results } of tests) {
        const ms = results.reduce(
          (/** @type {number} */ sum, /** @type {any} */ run) => sum + run.duration,
          0,
        );
        perBrowser.set(projectName, (perBrowser.get(projectName) ?? 0) + ms);
      }
    }
  };
  visit(file);
  return [...perBrowser].map(([browser, ms]) => ({ ms, what: `${name} (${browser})` }));
}

/** @param {string} name @param {string[]} args @param {Record<string, string>} [env] */
function playwright(name, args, env = {}) {
  const report = join(reports, `${name}.json`);
  const ok = run(bin('playwright'), ['test', '--reporter=list,json', ...args], {
    ...env,
    PHIELD_BROWSER: ensureBrowser(),
    PHIELD_RECORD_WGSL: shaders,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  const stats = result?.stats;
  for (const file of result?.suites ?? []) durations.push(...durationsOf(file, `e2e/${file.file}`));
  // A flaky test is a bug: there are no retries, so `flaky` stays 0, and if it ever does not, it fails.
  const bad = (stats?.unexpected ?? 0) + (stats?.flaky ?? 0);
  tally(name, ok, stats?.expected ?? 0, bad, stats?.skipped ?? 0);
}

const chosen = values.only?.split(',') ?? Object.keys(tiers);
for (const name of chosen) {
  const tier = tiers[name];
  if (!tier) {
    console.error(`No tier "${name}": there are ${Object.keys(tiers).join(', ')}.`);
    process.exit(2);
  }
  const startMs = Date.now();
  console.log(`\n== ${name}`);
  tier();
  console.log(`== ${name}: ${((Date.now() - startMs) / 1000).toFixed(1)} s`);
}

const slowest = durations.sort((a, b) => b.ms - a.ms).slice(0, 10);
if (slowest.length) console.log('\nthe slowest files:');
for (const { ms, what } of slowest) console.log(`${(ms / 1000).toFixed(1).padStart(8)} s  ${what}`);
if (notes.length) console.log(`\n${notes.join('\n')}`);
process.exitCode = failed ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);
