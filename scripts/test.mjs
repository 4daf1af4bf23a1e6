// npm test [-- --only TIER[,TIER]]: everything CI runs. Every tier is counted; a tier that ran nothing has
// failed, unless it prints why it cannot run here. Three jobs run at a time, and what measures time runs by itself.
// The last line is `N passed, N failed`.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './app.mjs';
import { ensureBrowser, whyNoFirefox, whyNoWebKit } from './browser.mjs';
import { runJobs } from './jobs.mjs';
import { ofPlaywright, ofVitest } from './reports.mjs';
import { realms, typesOf } from './types.mjs';

/** @typedef {import('./jobs.mjs').Job} Job @typedef {import('./jobs.mjs').Run} Run @typedef {import('./reports.mjs').Outcome} Outcome */

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
/** @type {string[]} */
const failures = [];

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

/**
 * @param {Run} run @param {string} name @param {string} project @param {Record<string, string>} [env]
 * @param {string} [node]
 */
async function vitest(run, name, project, env = {}, node = process.execPath) {
  const report = join(reports, `${name}.json`);
  const entry = join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const ok = await run(node, [entry, 'run', '--project', project, ...reporters], env);
  tally(name, ok, ofVitest(read(report), name, root));
}

/** @param {string} report @returns {unknown} */
const read = (report) => (existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined);

/** @param {string} name @param {boolean} ok @param {Outcome} outcome */
function tally(name, ok, outcome) {
  passed += outcome.passed;
  // A runner that failed without a failing test (a file that does not load, say) counts as one failure.
  const bad = outcome.failed || (ok && outcome.passed > 0 ? 0 : 1);
  failed += bad;
  durations.push(...outcome.durations);
  failures.push(...outcome.failures);
  if (bad) notes.push(`failed: ${name} (${bad})`);
  if (outcome.skipped) notes.push(`skipped: ${name} (${outcome.skipped}); the reason is printed above`);
}

/** @returns {Job[]} */
function kernels() {
  // What compiles here is given to Firefox's compiler by e2e/firefox/wgsl.spec.ts.
  const record = { PHIELD_RECORD_WGSL: shaders };
  /** @type {(name: string, env: Record<string, string>, node?: string) => Job} */
  const on = (name, env, node) => ({
    name,
    // The browsers wait for the build too and take longer: they are first in the row.
    after: ['dawn', 'build'],
    act: (run) => vitest(run, name, 'kernels', { ...record, ...env }, node),
  });
  /** @type {Job[]} */
  const jobs = [
    {
      name: 'dawn',
      async act(run) {
        ensureBrowser(); // SwiftShader comes with it.
        const ok = await run(process.execPath, [join(root, 'bench/dawn/ensure.mjs')]);
        if (!ok) count('install of Dawn for Node', false);
      },
    },
  ];
  const lavapipe = { PHIELD_ADAPTER: 'lavapipe' };
  const newer = process.env['PHIELD_MESA'];
  // Where lavapipe is certain, SwiftShader leaves to it what takes it minutes (docs/adr/0021-tests-side-by-side.md).
  const both = newer || process.env['REQUIRE_F16'] === '1' ? { PHIELD_LAVAPIPE_TOO: '1' } : {};
  jobs.push(on('kernels-swiftshader', { PHIELD_ADAPTER: 'swiftshader', ...both }));
  if (newer) {
    const env = { ...lavapipe, REQUIRE_F16: '1', LD_LIBRARY_PATH: join(newer, 'lib') };
    return [...jobs, on('kernels-lavapipe', env, join(newer, 'node'))];
  }
  const make = 'PHIELD_MESA=$(scripts/newer-mesa.sh) brings one';
  if (process.env['REQUIRE_F16'] === '1' || existsSync('/usr/share/vulkan/icd.d/lvp_icd.json')) {
    notes.push(`on the lavapipe of this machine, which may lack subgroup matrices: ${make} that has them`);
    return [...jobs, on('kernels-lavapipe', lavapipe)];
  }
  notes.push(`not run: kernels on lavapipe (no lvp_icd.json: ${make})`);
  return jobs;
}

/** Measure time, or look at what the other jobs have left: they run last and by themselves. */
const alone = '@alone';

/** Playwright reads whatever it may run, which takes longer than a few tests. */
const filesAlone = () =>
  readdirSync(join(root, 'e2e'), { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => file.endsWith('.spec.ts') && readFileSync(join(root, 'e2e', file), 'utf8').includes(alone),
    )
    .map((file) => `e2e/${file}`);

/** @returns {Job[]} */
function e2e() {
  const missing = whyNoFirefox();
  if (missing) {
    if (process.env['REQUIRE_FIREFOX'] === '1') count(`Firefox: ${missing}`, false);
    else notes.push(`not run: e2e in Firefox, everything in Chromium instead (${missing})`);
  }
  /** @type {(name: string, projects: readonly string[], which: string[], more?: Partial<Job>) => Job} */
  const of = (name, projects, which, more = {}) => ({
    name,
    after: ['build'],
    act: (run) => {
      const args = [...which, ...projects.map((project) => `--project=${project}`)];
      return playwright(run, name, args, missing ? {} : { PHIELD_FIREFOX_TOO: '1' });
    },
    ...more,
  });
  const browsers = missing ? ['chromium'] : ['chromium', 'firefox'];
  const noWebKit = whyNoWebKit();
  if (noWebKit) {
    if (process.env['REQUIRE_WEBKIT'] === '1') count(`WebKit: ${noWebKit}`, false);
    else notes.push(`not run: e2e in WebKit, which has no WebGPU (${noWebKit})`);
  }
  return [
    ...[...browsers, ...(noWebKit ? [] : ['webkit'])].map((browser) =>
      of(`e2e-${browser}`, [browser], [browser === 'webkit' ? 'e2e/webkit' : 'e2e', '--grep-invert', alone]),
    ),
    of('e2e-alone', browsers, [...filesAlone(), '--grep', alone], {
      after: ['build', 'kernels-swiftshader', 'kernels-lavapipe'],
      alone: true,
    }),
  ];
}

/** By tier, in the order in which they are begun: what takes longest first. @type {Record<string, () => Job[]>} */
const tiers = {
  types: () => [
    {
      name: 'types',
      async act(run) {
        for (const realm of realms) count(`types of realm ${realm}`, await run(...typesOf(realm)));
      },
    },
  ],
  build: () => [
    {
      name: 'build',
      act: async (run) => count('build', await run(bin('vite'), ['build', '--logLevel', 'warn'])),
    },
  ],
  e2e,
  kernels,
  // Not before what takes longer and waits for the build.
  unit: () => [{ name: 'unit', after: ['build'], act: (run) => vitest(run, 'unit', 'unit-*') }],
  lint: () => [
    {
      name: 'lint',
      async act(run) {
        // Types are read by a program in Go, which collecting garbage costs a sixth of its time and saves little memory.
        count('oxlint', await run(bin('oxlint'), [], { GOGC: 'off' }));
        count('oxfmt', await run(bin('oxfmt'), ['--check']));
      },
    },
  ],
};

/** @param {Run} run @param {string} name @param {string[]} args @param {Record<string, string>} env */
async function playwright(run, name, args, env) {
  const report = join(reports, `${name}.json`);
  const output = join(reports, name);
  const ok = await run(bin('playwright'), ['test', '--reporter=list,json', '--output', output, ...args], {
    ...env,
    PHIELD_BROWSER: ensureBrowser(),
    PHIELD_RECORD_WGSL: shaders,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  tally(name, ok, ofPlaywright(read(report)));
}

const chosen = values.only?.split(',') ?? Object.keys(tiers);
const unknown = chosen.find((name) => !tiers[name]);
if (unknown !== undefined) {
  console.error(`No tier "${unknown}": there are ${Object.keys(tiers).join(', ')}.`);
  process.exit(2);
}
const startMs = Date.now();
const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(1).padStart(8)} s`;
const times = await runJobs(
  chosen.flatMap((name) => tiers[name]?.() ?? []),
  { atOnce: 3, cwd: root },
);

const slowest = durations.sort((a, b) => b.ms - a.ms).slice(0, 10);
if (slowest.length) console.log('\nthe slowest files:');
for (const { ms, what } of slowest) console.log(`${seconds(ms)}  ${what}`);
console.log('\nthe jobs, three at a time:');
for (const { name, ms } of times) console.log(`${seconds(ms)}  ${name}`);
console.log(`${seconds(Date.now() - startMs)}  in all`);
if (notes.length) console.log(`\n${notes.join('\n')}`);
// Last, where the end is all that somebody has of it.
if (failures.length) console.log(`\nwhat failed:\n${failures.join('\n')}`);
process.exitCode = failed ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);
