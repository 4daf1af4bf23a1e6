// The runs behind `npm run test:faults` and `npm run test:kills`, and the quick ones inside `npm test`.
import { mulberry } from './random.mjs';

/** @typedef {import('./lab.mjs').LabTab} LabTab @typedef {import('./lab.mjs').Lab} Lab */

/**
 * @typedef {{ runs: number, complete: number, typedErrors: number, lost: number, refetchedBytesRatio: number }} FaultReport
 * @typedef {{ seed: number, kinds: string[], first: string, healed: string | undefined, lost: boolean, ms: number }} FaultRun
 */

/**
 * Each run ends complete and bit-identical, or in a typed error from which the next try completes; else it is lost.
 * @param {LabTab} tab
 * @param {{ runs: number, seed: number, settings: import('./lab.mjs').LabSettings, onRun?: (run: FaultRun) => void }} options
 * @returns {Promise<FaultReport>}
 */
export async function faultRuns(tab, { runs, seed, settings, onRun }) {
  const { server } = tab.lab;
  /** @type {FaultReport} */
  const report = { runs: 0, complete: 0, typedErrors: 0, lost: 0, refetchedBytesRatio: 0 };
  let sentBytes = 0;
  for (let i = 0; i < runs; i++) {
    const run = `run${seed + i}`;
    const startedMs = Date.now();
    server.plan(run, seed + i);
    const first = await tab.load(run);
    let lost = false;
    /** @type {string | undefined} */
    let healed;
    if (first.error) {
      report.typedErrors++;
      server.heal(run);
      // The short stall limit only makes faults quick to meet; a starved test machine can stall that long itself.
      await tab.call({ op: 'settings', settings: { ...settings, stallMs: 20_000 } });
      const second = await tab.load(run);
      await tab.call({ op: 'settings', settings });
      healed = second.error?.code ?? (second.complete && second.identical ? 'complete' : 'wrong');
      lost = healed !== 'complete' || !isTyped(first.error.code) || second.progressFell;
    } else {
      report.complete++;
      lost = !first.complete || !first.identical;
    }
    lost ||= first.progressFell;
    report.runs++;
    if (lost) report.lost++;
    sentBytes += server.shardBytes(run);
    const kinds = server.log
      .filter((entry) => entry.run === run && entry.fault)
      .map((entry) => entry.fault ?? '');
    server.log = server.log.filter((entry) => entry.run !== run);
    server.heal(run);
    await tab.remove(run);
    onRun?.({
      seed: seed + i,
      kinds: [...new Set(kinds)],
      first: first.error ? `${first.error.code}: ${first.error.message}` : 'complete',
      healed,
      lost,
      ms: Date.now() - startedMs,
    });
  }
  const wantedBytes = runs * server.model.totalBytes;
  report.refetchedBytesRatio = round((sentBytes - wantedBytes) / wantedBytes);
  return report;
}

/** @param {string} code */
function isTyped(code) {
  return /^(network|storage|model)\//.test(code);
}

/**
 * @typedef {{ runs: number, complete: number, committedBytesAskedAgain: number, commitsLost: number,
 *   resentBytesMax: number, resentBytesMean: number, allowedBytes: number }} KillReport
 */

/**
 * The browser dies by SIGKILL at a seeded moment of the download; after the restart the load must complete, ask
 * for no committed byte again, and repeat at most what was under way: one part per connection, and what the
 * sockets held.
 * @param {Lab} lab
 * @param {{ runs: number, seed: number, settings: import('./lab.mjs').LabSettings, withinMs: number, onRun?: (run: object) => void }} options
 * @returns {Promise<KillReport>}
 */
export async function killRuns(lab, { runs, seed, settings, withinMs, onRun }) {
  const { server } = lab;
  const next = mulberry(seed);
  const allowedBytes = settings.connections * settings.partBytes;
  const resent = [];
  let complete = 0;
  let committedBytesAskedAgain = 0;
  let commitsLost = 0;
  for (let i = 0; i < runs; i++) {
    const run = `kill${seed + i}`;
    const tab = await lab.open(settings);
    const ended = tab.load(run).catch(() => undefined);
    const atMs = 50 + next() * withinMs;
    /** @type {import('../../src/store/store').ModelStatus | undefined} */
    let before;
    const watch = (async () => {
      const until = Date.now() + atMs;
      while (Date.now() < until) {
        before = await tab.status(run).catch(() => before);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await watch;
    await lab.kill();
    await ended;
    const sentBefore = server.shardBytes(run);
    const requestsBefore = server.log.length;
    const again = await lab.open(settings);
    const after = await again.status(run);
    commitsLost += Math.max(0, (before?.storedBytes ?? 0) - after.storedBytes);
    const result = await again.load(run);
    if (result.complete && result.identical && !result.progressFell) complete++;
    committedBytesAskedAgain += askedAgain(server.log.slice(requestsBefore), after, server.model);
    const resentBytes = server.shardBytes(run) - server.model.totalBytes;
    resent.push(resentBytes);
    await again.remove(run);
    await again.page.close();
    onRun?.({ run, atMs: Math.round(atMs), sentBefore, storedAtRestart: after.storedBytes, resentBytes });
    server.log = [];
  }
  return {
    runs,
    complete,
    committedBytesAskedAgain,
    commitsLost,
    resentBytesMax: Math.max(...resent),
    resentBytesMean: Math.round(resent.reduce((a, b) => a + b, 0) / resent.length),
    allowedBytes,
  };
}

/**
 * @typedef {{ runs: number, whole: number, moved: number, interrupted: number, bytesAskedAgain: number }} MoveReport
 */

/** What is looked for in a move that goes on meanwhile: a killer that waits for all of it comes too late. */
const mostMoved = 0.6;

/**
 * A stored model is moved to the other place for bytes and the browser dies by SIGKILL in the middle of it, as
 * soon as a seeded share of the bytes lies where it goes;
 * after the restart the model must be whole without a request, and the next move must end, and again be whole.
 * @param {Lab} lab
 * @param {{ runs: number, seed: number, settings: import('./lab.mjs').LabSettings, onRun?: (run: object) => void }} options
 * @returns {Promise<MoveReport>}
 */
export async function moveKillRuns(lab, { runs, seed, settings, onRun }) {
  const { server } = lab;
  const next = mulberry(seed);
  /** @type {MoveReport} */
  const report = { runs, whole: 0, moved: 0, interrupted: 0, bytesAskedAgain: 0 };
  for (let i = 0; i < runs; i++) {
    const run = `move${seed + i}`;
    const from = i % 2 === 0 ? 'files' : 'indexeddb';
    const to = from === 'files' ? 'indexeddb' : 'files';
    const tab = await lab.open({ ...settings, storage: from });
    await tab.load(run);
    const sentBefore = server.shardBytes(run);
    const share = next() * mostMoved;
    let over = false;
    const ended = tab
      .move(run, to)
      .catch(() => undefined)
      .finally(() => (over = true));
    while (!over) {
      const { totalBytes = 0, filesBytes } = await tab.status(run);
      const moved = to === 'files' ? filesBytes : totalBytes - filesBytes;
      if (moved > 0 && moved >= share * totalBytes) break;
    }
    await lab.kill();
    await ended;
    const again = await lab.open(settings);
    const { totalBytes = 0, filesBytes } = await again.status(run);
    if (filesBytes > 0 && filesBytes < totalBytes) report.interrupted++;
    const first = await again.load(run);
    const { damaged } = await again.move(run, to);
    const second = await again.load(run);
    const { filesBytes: after } = await again.status(run);
    if (first.complete && first.identical && second.complete && second.identical) report.whole++;
    if (damaged.length === 0 && after === (to === 'files' ? totalBytes : 0)) report.moved++;
    report.bytesAskedAgain += server.shardBytes(run) - sentBefore;
    await again.remove(run);
    await again.page.close();
    onRun?.({ run, to, share: round(share), inFilesAtRestart: filesBytes, totalBytes });
    server.log = [];
  }
  return report;
}

/**
 * Bytes that were stored, by `status`, and asked for all the same.
 * @param {import('./fault-server.mjs').Sent[]} log @param {import('../../src/store/store').ModelStatus} status
 * @param {import('./model.mjs').Model} model
 */
export function askedAgain(log, status, model) {
  if (status.totalBytes === undefined) return 0;
  let bytes = 0;
  for (const { file, from } of log) {
    if (!model.shards.includes(file)) continue;
    const missing = status.missing.find((shard) => shard.dataPath === file);
    const committed = missing ? missing.storedBytes : (model.files.get(file)?.body.length ?? 0);
    bytes += Math.max(0, committed - from);
  }
  return bytes;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10_000) / 10_000;
}
