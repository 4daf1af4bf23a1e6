// npm run ask -- [--json] [--model ID_OR_URL] [--system TEXT] [--temperature T] [--max-tokens N] [--seed S] [--fresh] "prompt"
// One prompt through the built app in headless Chromium: types it, presses Send, prints the answer as it
// streams. What is printed is read off the wire between the app's page and its worker. Another model than the
// embedded one is downloaded into a profile that is kept, and so only once; --fresh takes a new profile.
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { buildIfNeeded, root, serveApp } from './app.mjs';
import { browserFlags, ensureBrowser, removeProfile } from './browser.mjs';
import { tapWorkers } from './wire-tap.mjs';

const usageLine =
  'usage: npm run ask -- [--json] [--model ID_OR_URL] [--system TEXT] [--temperature T] [--max-tokens N] [--seed S] [--fresh] "prompt"';

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
        system: { type: 'string' },
        fresh: { type: 'boolean', default: false },
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
const isEmbedded = values.model === 'phield-tiny';
const { context, app, end } = (!isEmbedded && !values.fresh && (await openKept())) || (await openFresh());

/** What is stored belongs to an address, so the port is kept with the profile. */
async function openKept() {
  const kept = join(root, 'node_modules/.cache/phield-ask');
  const portFile = join(kept, 'port');
  await mkdir(kept, { recursive: true });
  const port = Number(await readFile(portFile, 'utf8').catch(() => '0'));
  // Another program may have that port, another ask the profile: then this one does without what is kept.
  const app = await serveApp({ port, strictPort: port !== 0 }).catch(() => undefined);
  if (!app) return undefined;
  try {
    const context = await launch(join(kept, 'profile'));
    await writeFile(portFile, String(app.port));
    return { context, app, end: () => context.close().then(() => app.close()) };
  } catch {
    await app.close();
    return undefined;
  }
}

async function openFresh() {
  const app = await serveApp();
  const profile = await mkdtemp(join(tmpdir(), 'phield-ask-'));
  const context = await launch(profile);
  const end = async () => {
    await context.close();
    await removeProfile(profile);
    await app.close();
  };
  return { context, app, end };
}

/** @param {string} profile */
function launch(profile) {
  return chromium.launchPersistentContext(profile, { executablePath: ensureBrowser(), args: browserFlags });
}

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
  if (values.system !== undefined) address.searchParams.set('system', values.system);
  console.log = values.json ? () => {} : console.log;

  const page = context.pages()[0] ?? (await context.newPage());
  /** @type {{ text: string, tokenIds: number[] }} */
  const answer = { text: '', tokenIds: [] };
  /** @type {{ engine?: string, adapter?: unknown }} */
  let model = {};
  /** @type {Record<string, number> | undefined} */
  let usage;
  /** Milliseconds from opening the page: when loading came to a phase first, and when the first token was there. */
  /** @type {Record<string, number>} */
  const startMs = {};
  let openedMs = 0;
  const reached = (/** @type {string} */ what) =>
    (startMs[what] ??= Math.round(performance.now() - openedMs));
  /** @type {{ promise: Promise<void>, resolve(): void, reject(error: Error): void }} */
  const { promise: finished, resolve, reject } = deferred();

  await page.exposeFunction(
    'phieldWire',
    (/** @type {import('../src/protocol/rpc').FromWorker} */ message) => {
      // Whoever names a model here has said yes to its download.
      if (message.k === 'err' && message.error.code === 'run/needs-consent') return agree();
      if (message.k === 'err') return reject(new Error(`${message.error.code}: ${message.error.message}`));
      if (message.k === 'ok' && isModelInfo(message.body)) model = message.body;
      if (message.k === 'event' && isProgress(message.body)) reached(message.body.phase);
      if (message.k !== 'event' || !Array.isArray(message.body)) return;
      for (const event of message.body) {
        if (event.type === 'token') {
          reached('firstToken');
          answer.text += event.text;
          answer.tokenIds.push(...event.tokenIds);
          if (!values.json) process.stdout.write(event.text);
        } else if (event.type === 'usage') usage = event.usage;
        else if (event.type === 'done') resolve();
      }
    },
  );
  function agree() {
    page.getByRole('button', { name: 'Download and use' }).click().catch(reject);
  }
  await page.addInitScript(tapWorkers);

  openedMs = performance.now();
  await page.goto(address.href, { waitUntil: 'commit' });
  const composer = page.getByRole('textbox', { name: 'Message' });
  await Promise.race([composer.fill(prompt, { timeout: 60_000 }), finished]);
  await Promise.race([page.getByRole('button', { name: 'Send' }).click({ timeout: 600_000 }), finished]);
  await finished;

  if (values.json) {
    const { engine, adapter } = model;
    const { prompt_tokens, completion_tokens, ttft_ms, decode_tokens_per_s, pipelines } = usage ?? {};
    const counts = { prompt_tokens, completion_tokens, ttft_ms, decode_tokens_per_s, pipelines };
    process.stdout.write(`${JSON.stringify({ ...answer, engine, adapter, usage: counts, startMs })}\n`);
  } else process.stdout.write('\n');
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof Error ? error.message : error);
} finally {
  await end();
}

/** @param {unknown} body @returns {body is import('../src/protocol/chat').LoadProgress} */
function isProgress(body) {
  return typeof body === 'object' && body !== null && 'phase' in body;
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
