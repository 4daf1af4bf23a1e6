// The load bench: the same bytes from local storage to GPU buffers, by our store and by WebLLM's own loader on
// each of its backends, in fresh browser processes, turn by turn.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleScript } from '../../scripts/bundle-script.mjs';
import { MeasuredBrowser } from './browser.mjs';
import { phi3Files } from './phi3-files.mjs';
import { removeProfile } from '../../scripts/browser.mjs';

/** @typedef {import('./load-worker').LoadCall} LoadCall */
/** @typedef {{ name: string, call: LoadCall }} Entrant */
/** @typedef {{ bytesPerSecond: number, peakExtraBytes: number, peakExtraBytesAllProcesses: number, peakJsBytes: number, cpuSeconds: number, runs: number[] }} Figure */

const page = `<!doctype html><meta charset="utf-8"><title>load bench</title><script type="module">
const worker = new Worker('/worker.js', { type: 'module' });
// As the app's page does: in a thread of their own.
const { port1, port2 } = new MessageChannel();
new Worker('/hashes.js', { type: 'module' }).postMessage({}, [port1]);
worker.postMessage({}, [port2]);
const waiting = new Map();
let lastId = 0;
worker.onmessage = ({ data }) => {
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  if ('error' in data) reject(new Error(data.error));
  else resolve(data.result);
};
globalThis.bench = (call) => new Promise((resolve, reject) => {
  waiting.set(++lastId, { resolve, reject });
  worker.postMessage({ id: lastId, call });
});
</script>`;

/** WebLLM's bundle as published, with its runtime named for import: it is not exported otherwise. */
function webllmSource() {
  const path = createRequire(import.meta.url).resolve('@mlc-ai/web-llm');
  return `${readFileSync(path, 'utf8')}\nexport { libExports$2 as runtime };\n`;
}

/** @param {Map<string, Buffer>} files */
async function serve(files) {
  /** @param {string} path @param {string} from */
  const bundled = (path, from) => bundleScript(fileURLToPath(new URL(from, import.meta.url)), path);
  const scripts = new Map([
    ...(await bundled('/worker.js', 'load-worker.ts')),
    ...(await bundled('/hashes.js', '../../src/store/download/hash-worker.ts')),
    ['/web-llm.js', webllmSource()],
  ]);
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const script = scripts.get(path);
    const file = files.get(path.slice('/model/'.length));
    if (path === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    else if (script) response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    else if (file) {
      const type = path.endsWith('.json') ? 'application/json' : 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-length': file.length }).end(file);
    } else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The server has no port.');
  return { origin: `http://localhost:${address.port}`, close: () => server.close() };
}

/**
 * @param {{ bytes: number, rounds: number, entrants: (base: string) => Entrant[], cold: boolean, log: (line: string) => void }} options
 * @returns {Promise<{ bytes: number, adapter: string, figures: Record<string, Figure>, firstLoads: Record<string, { bytesPerSecond: number, peakExtraBytes: number, peakJsBytes: number }> }>}
 *   `firstLoads`: from the server on this machine to storage and the GPU, once each
 */
export async function runLoadBench({ bytes, rounds, entrants, cold, log }) {
  const { totalBytes, files } = phi3Files(bytes);
  const server = await serve(files);
  const profile = mkdtempSync(join(tmpdir(), 'phield-load-'));
  const base = `${server.origin}/model/`;
  const all = entrants(base);
  /** @type {Map<string, { speeds: number[], renderer: number[], all: number[], js: number[], cpu: number[] }>} */
  const samples = new Map(
    all.map(({ name }) => [name, { speeds: [], renderer: [], all: [], js: [], cpu: [] }]),
  );
  let adapter = '';
  /** @type {Record<string, { bytesPerSecond: number, peakExtraBytes: number, peakJsBytes: number }>} */
  const firstLoads = {};
  try {
    for (const call of fills(all, base)) {
      const run = await once(profile, server.origin, call);
      const { bytes, elapsedMs, rendererBytes, jsBytes } = run;
      adapter = run.adapter;
      firstLoads[call.op === 'webllm' ? call.backend : 'ours'] = {
        bytesPerSecond: Math.round((bytes * 1000) / elapsedMs),
        peakExtraBytes: rendererBytes,
        peakJsBytes: jsBytes,
      };
    }
    log(`stored ${totalBytes} bytes for each backend`);
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < all.length; turn++) {
        const entrant = all[(turn + round) % all.length];
        if (!entrant) continue;
        if (cold) dropFromPageCache(profile);
        const run = await once(profile, server.origin, entrant.call);
        adapter = run.adapter;
        if (run.bytes !== totalBytes)
          throw new Error(`${entrant.name} loaded ${run.bytes} of ${totalBytes} bytes.`);
        const sample = samples.get(entrant.name);
        sample?.speeds.push((run.bytes * 1000) / run.elapsedMs);
        sample?.renderer.push(run.rendererBytes);
        sample?.all.push(run.allBytes);
        sample?.js.push(run.jsBytes);
        sample?.cpu.push(run.cpuSeconds);
        log(
          `${round} ${entrant.name}: ${Math.round(run.elapsedMs)} ms, ${mib((run.bytes * 1000) / run.elapsedMs)} MiB/s, ` +
            `+${mib(run.rendererBytes)} MiB in the page's process, +${mib(run.allBytes)} MiB in all, ${run.cpuSeconds.toFixed(1)} s of processor`,
        );
      }
    }
  } finally {
    server.close();
    await removeProfile(profile);
  }
  const figures = Object.fromEntries(
    [...samples].map(([name, { speeds, renderer, all, js, cpu }]) => [
      name,
      {
        bytesPerSecond: Math.round(median(speeds)),
        peakExtraBytes: Math.max(...renderer),
        peakExtraBytesAllProcesses: Math.max(...all),
        peakJsBytes: Math.max(...js),
        cpuSeconds: median(cpu),
        runs: speeds.map(Math.round),
      },
    ]),
  );
  return { bytes: totalBytes, adapter, figures, firstLoads };
}

/** Each backend is filled by its own code. @param {Entrant[]} all @param {string} base @returns {LoadCall[]} */
function fills(all, base) {
  /** @type {LoadCall[]} */
  const calls = [];
  if (all.some(({ call }) => call.op === 'ours'))
    calls.push(...all.flatMap(({ call }) => (call.op === 'ours' ? [call] : [])));
  const backends = new Set(
    all.flatMap(({ call }) =>
      call.op === 'webllm' ? [call.backend === 'opfsSync' ? 'opfs' : call.backend] : [],
    ),
  );
  for (const backend of backends) {
    calls.push({
      op: 'webllm',
      base,
      backend: /** @type {import('./load-worker').WebllmBackend} */ (backend),
    });
  }
  return calls;
}

/** @param {string} profile @param {string} origin @param {LoadCall} call */
async function once(profile, origin, call) {
  const browser = await MeasuredBrowser.start(profile);
  try {
    const page = await browser.open(origin);
    /** @param {LoadCall} call @returns {Promise<any>} */
    const ask = (call) => page.evaluate((call) => /** @type {any} */ (globalThis).bench(call), call);
    const adapter = String(await ask({ op: 'ready' }));
    const { result, ...cost } = await browser.withMemory(() => ask(call));
    return { adapter, bytes: result.bytes, elapsedMs: result.elapsedMs, ...cost };
  } finally {
    await browser.close();
  }
}

/** Of this profile's files alone. @param {string} folder */
function dropFromPageCache(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    spawnSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none']);
  }
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** @param {number} bytes */
function mib(bytes) {
  return Math.round(bytes / 2 ** 20);
}
