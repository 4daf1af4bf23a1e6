// npm run ask -- [--json] [--model ID_OR_URL] [--temperature T] [--max-tokens N] [--seed S] "prompt"
// One prompt through the built app in headless Chromium: types it, presses Send, prints the answer as it
// streams. What is printed is read off the wire between the app's page and its worker.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { buildIfNeeded, serveApp } from './app.mjs';
import { browserFlags, ensureBrowser } from './browser.mjs';

const usageLine =
  'usage: npm run ask -- [--json] [--model ID_OR_URL] [--temperature T] [--max-tokens N] [--seed S] "prompt"';

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}

const { values, prompt } = read();
function read() {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        model: { type: 'string', default: 'phield-tiny' },
        temperature: { type: 'string' },
        'max-tokens': { type: 'string' },
        seed: { type: 'string' },
      },
    });
    const text = parsed.positionals.join(' ');
    if (!text.trim()) fail(usageLine);
    return { values: parsed.values, prompt: text };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : 'Unreadable options.'}\n${usageLine}`);
  }
}

await buildIfNeeded();
const app = await serveApp();
const profile = await mkdtemp(join(tmpdir(), 'phield-ask-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: ensureBrowser(),
  args: browserFlags,
});
const end = async () => {
  await context.close();
  await rm(profile, { recursive: true, force: true });
  await app.close();
};

try {
  const address = new URL(app.address);
  address.searchParams.set('model', values.model);
  address.searchParams.set('lang', 'en');
  for (const [option, parameter] of /** @type {const} */ ([
    ['temperature', 'temperature'],
    ['max-tokens', 'max_tokens'],
    ['seed', 'seed'],
  ])) {
    const value = values[option];
    if (value === undefined) continue;
    if (!Number.isFinite(Number(value))) fail(`--${option} takes a number, not "${value}".`);
    address.searchParams.set(parameter, value);
  }
  console.log = values.json ? () => {} : console.log;

  const page = context.pages()[0] ?? (await context.newPage());
  /** @type {{ text: string, tokenIds: number[] }} */
  const answer = { text: '', tokenIds: [] };
  /** @type {{ engine?: string, adapter?: unknown }} */
  let model = {};
  /** @type {Record<string, number> | undefined} */
  let usage;
  /** @type {{ promise: Promise<void>, resolve(): void, reject(error: Error): void }} */
  const { promise: finished, resolve, reject } = deferred();

  await page.exposeFunction(
    'phieldWire',
    (/** @type {import('../src/protocol/rpc').FromWorker} */ message) => {
      if (message.k === 'err') return reject(new Error(`${message.error.code}: ${message.error.message}`));
      if (message.k === 'ok' && isModelInfo(message.body)) model = message.body;
      if (message.k !== 'event' || !Array.isArray(message.body)) return;
      for (const event of message.body) {
        if (event.type === 'token') {
          answer.text += event.text;
          answer.tokenIds.push(...event.tokenIds);
          if (!values.json) process.stdout.write(event.text);
        } else if (event.type === 'usage') usage = event.usage;
        else if (event.type === 'done') resolve();
      }
    },
  );
  await page.addInitScript(() => {
    const Native = window.Worker;
    window.Worker = class extends Native {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        const wire = /** @type {{ phieldWire(message: unknown): void }} */ (/** @type {unknown} */ (window));
        this.addEventListener('message', (event) => wire.phieldWire(event.data));
      }
    };
  });

  await page.goto(address.href);
  const composer = page.getByRole('textbox', { name: 'Message' });
  await Promise.race([composer.fill(prompt, { timeout: 60_000 }), finished]);
  await Promise.race([page.getByRole('button', { name: 'Send' }).click({ timeout: 600_000 }), finished]);
  await finished;

  if (values.json) {
    const { engine, adapter } = model;
    const { prompt_tokens, completion_tokens, ttft_ms, decode_tokens_per_s } = usage ?? {};
    const counts = { prompt_tokens, completion_tokens, ttft_ms, decode_tokens_per_s };
    process.stdout.write(`${JSON.stringify({ ...answer, engine, adapter, usage: counts })}\n`);
  } else process.stdout.write('\n');
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
} finally {
  await end();
}

/** @param {unknown} body @returns {body is { engine: string, adapter: unknown }} */
function isModelInfo(body) {
  return typeof body === 'object' && body !== null && 'engine' in body && 'adapter' in body;
}

// Promise.withResolvers arrives with Node 22.
function deferred() {
  /** @type {{ promise: Promise<void>, resolve(): void, reject(error: Error): void }} */
  const out = { promise: Promise.resolve(), resolve() {}, reject() {} };
  out.promise = new Promise((resolve, reject) => Object.assign(out, { resolve, reject }));
  // A failure is reported by whoever waits; one that nobody waits for yet must not end the process.
  out.promise.catch(() => {});
  return out;
}
