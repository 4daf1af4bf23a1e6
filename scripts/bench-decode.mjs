// npm run bench:decode -- [--json] [--model phi-3-mini] [--format q4f16_1|q4_k_m] [--layers N] [--context N[,N]] [--prompts N[,N]]
//   [--kv f32|f16|int8] [--counts-only] [--sweep [--kernels KERNEL,...]] [--browser]
// Runs bench/decode.ts in Node on Dawn, where PHIELD_ADAPTER chooses the adapter (swiftshader, lavapipe, system); with
// --browser in headless Chromium, where PHIELD_GPU=real leaves the adapter to the browser. --sweep times every way of
// every kernel, or of those named: qkv, out, gateUp, down, logits, split, prefillGateUp, prefillDown, prefillQkv,
// prefillOut, flash.
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { ensureDawn } from '../bench/dawn/ensure.mjs';
import { browserFlags, ensureBrowser } from './browser.mjs';
import { withModule } from './modules.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: 'phi-3-mini' },
    format: { type: 'string', default: 'q4f16_1' },
    layers: { type: 'string' },
    context: { type: 'string', default: '256' },
    prompts: { type: 'string' },
    kv: { type: 'string' },
    'counts-only': { type: 'boolean', default: false },
    sweep: { type: 'boolean', default: false },
    kernels: { type: 'string' },
    browser: { type: 'boolean', default: false },
  },
});

if (values.kv !== undefined && !['f32', 'f16', 'int8'].includes(values.kv)) {
  console.error(`--kv ${values.kv} is not one of f32, f16, int8`);
  process.exit(1);
}
if (!['q4f16_1', 'q4_k_m'].includes(values.format)) {
  console.error(`--format ${values.format} is not one of q4f16_1, q4_k_m`);
  process.exit(1);
}
/** @param {string} name @param {string} list */
function numbers(name, list) {
  const all = list.split(',').map(Number);
  if (all.every((n) => Number.isInteger(n) && n > 0)) return all;
  console.error(`--${name} ${list} is no list of whole numbers, such as 256,2048`);
  process.exit(1);
}
const log = console.log;
// Standard output is the result's alone.
console.log = console.error;
const options = {
  model: values.model,
  format: values.format,
  ...(values.layers === undefined ? {} : { layers: Number(values.layers) }),
  contexts: numbers('context', values.context),
  ...(values.prompts === undefined ? {} : { prompts: numbers('prompts', values.prompts) }),
  ...(values.kv === undefined ? {} : { kvFormat: values.kv }),
  countsOnly: values['counts-only'],
  sweep: values.sweep,
  ...(values.kernels === undefined ? {} : { kernels: values.kernels.split(',') }),
};
/** @type {import('vite').InlineConfig} */
const config = { configFile: false, logLevel: 'error', optimizeDeps: { noDiscovery: true } };

/** @returns {Promise<import('../bench/decode').DecodeBenchResult>} */
async function inNode() {
  if (!ensureDawn()) process.exit(1);
  return withModule('/bench/decode-node.ts', ({ benchInNode }) => benchInNode(options));
}

/** @returns {Promise<import('../bench/decode').DecodeBenchResult>} */
async function inBrowser() {
  const vite = await createServer({ ...config, appType: 'mpa', server: { watch: null, host: '127.0.0.1' } });
  await vite.listen(0);
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: browserFlags });
  try {
    const page = await browser.newPage();
    await page.goto(`${vite.resolvedUrls?.local[0] ?? ''}bench/decode.html`);
    await page.waitForFunction(() => 'benchInPage' in globalThis);
    // @ts-expect-error: of the page's realm, see bench/decode-page.ts
    return await page.evaluate((given) => globalThis.benchInPage(given), options);
  } finally {
    await browser.close();
    await vite.close();
  }
}

/** @param {import('../bench/decode').DecodeBenchResult} result */
function print({ sweep, ...result }) {
  for (const [name, value] of Object.entries(result)) log(`${name}: ${JSON.stringify(value)}`);
  for (const { kernel, bytes, products, winner, results } of sweep ?? []) {
    log(
      `${kernel} (${(bytes / 1e6).toFixed(1)} MB, ${(products / 1e6).toFixed(0)} M products), fastest: ${winner}`,
    );
    for (const { name, outcome, ms } of results) {
      const rates = ms
        ? [`${(bytes / ms / 1e6).toFixed(1)} GB/s`, `${((2 * products) / ms / 1e6).toFixed(0)} GFLOP/s`]
        : [];
      log(`  ${name.padEnd(32)} ${ms ? [`${ms.toFixed(4)} ms`, ...rates].join(', ') : outcome}`);
    }
  }
}

try {
  const result = await (values.browser ? inBrowser() : inNode());
  if (values.json) log(JSON.stringify(result));
  else print(result);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// Dawn's threads would keep Node alive.
process.exit();
