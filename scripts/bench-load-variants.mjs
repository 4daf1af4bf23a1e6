// `node scripts/bench-load-variants.mjs [--bytes N] [--rounds N] [--cold]`: the ways of loading that were tried,
// turn by turn in one run; docs/loading.md has the figures and the choice.
import { parseArgs } from 'node:util';
import { runLoadBench, shipped } from '../bench/load/load-bench.mjs';

const { values } = parseArgs({
  options: {
    bytes: { type: 'string', default: String(2 ** 29) },
    rounds: { type: 'string', default: '3' },
    cold: { type: 'boolean', default: false },
    /** Names of variants, comma-separated; all of them by default. */
    only: { type: 'string', default: '' },
  },
});

const only = values.only.split(',').filter(Boolean);

/** @type {Record<string, Partial<import('../bench/load/load-bench.mjs').OursOptions>>} */
const variants = {
  shipped: {},
  tensor1: { readers: 1 },
  tensor2: { readers: 2 },
  tensor6: { readers: 6 },
  tensorMapped: { upload: 'mapped' },
  tensorWide: { windowBytes: 256 * 2 ** 20 },
  shard1: { unit: 'shard', readers: 1 },
  shard2: { unit: 'shard', readers: 2 },
  shard2Mapped: { unit: 'shard', readers: 2, upload: 'mapped' },
  handle: { unit: 'handle' },
  handleMapped: { unit: 'handle', upload: 'mapped' },
};

const { figures } = await runLoadBench({
  bytes: Number(values.bytes),
  rounds: Number(values.rounds),
  cold: values.cold,
  log: (line) => console.error(line),
  entrants: (base) => [
    ...Object.entries(variants)
      .filter(([name]) => only.length === 0 || only.includes(name))
      .map(([name, options]) => ({
        name,
        call: /** @type {const} */ ({ op: 'ours', base, options: { ...shipped, ...options }, fill: false }),
      })),
    { name: 'webllm indexeddb', call: /** @type {const} */ ({ op: 'webllm', base, backend: 'indexeddb' }) },
    { name: 'webllm opfs', call: /** @type {const} */ ({ op: 'webllm', base, backend: 'opfs' }) },
    { name: 'webllm opfsSync', call: /** @type {const} */ ({ op: 'webllm', base, backend: 'opfsSync' }) },
    { name: 'webllm cache', call: /** @type {const} */ ({ op: 'webllm', base, backend: 'cache' }) },
  ],
});
for (const [name, figure] of Object.entries(figures).sort(
  (a, b) => b[1].bytesPerSecond - a[1].bytesPerSecond,
)) {
  const speeds = figure.runs.map((run) => Math.round(run / 2 ** 20)).join(', ');
  console.log(
    `${name}: ${Math.round(figure.bytesPerSecond / 2 ** 20)} MiB/s (${speeds}), +${Math.round(figure.peakExtraBytes / 2 ** 20)} MiB, ${figure.cpuSeconds.toFixed(1)} s of processor`,
  );
}
