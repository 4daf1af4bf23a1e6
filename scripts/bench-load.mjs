// `npm run bench:load -- [--json] [--bytes N] [--rounds N] [--cold] [--only NAME]
// [--storage files|indexeddb] [--first]`: warm start from local storage to
// the GPU, ours against WebLLM's own loader on each of its backends. docs/loading.md says how to read the figures.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { runLoadBench } from '../bench/load/load-bench.mjs';
import { asStorageWay } from './storage-way.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    bytes: { type: 'string', default: String(2 ** 30) },
    rounds: { type: 'string', default: '3' },
    /** Drop the profile's files from the page cache before each load. */
    cold: { type: 'boolean', default: false },
    /** Where ours keeps the bytes. */
    storage: { type: 'string', default: 'files' },
    /** The first load alone: from a server on this machine to storage and the GPU, and what it holds. */
    first: { type: 'boolean', default: false },
    /** Beside ours; may be given several times. `--only ours`: nothing beside it. */
    only: { type: 'string', multiple: true },
  },
});

const storage = asStorageWay(values.storage);
const { bytes, adapter, figures, firstLoads } = await runLoadBench({
  bytes: Number(values.bytes),
  rounds: values.first ? 0 : Number(values.rounds),
  cold: values.cold,
  log: (line) => console.error(line),
  entrants: (base) =>
    [
      { name: 'ours', call: { op: /** @type {const} */ ('ours'), base, storage } },
      .../** @type {const} */ (['cache', 'opfs', 'opfsSync', 'indexeddb']).map((backend) => ({
        name: backend,
        call: { op: /** @type {const} */ ('webllm'), base, backend },
      })),
    ].filter(({ name }) => name === 'ours' || !values.only || values.only.includes(name)),
});
if (values.first) {
  const report = { bytes, adapter, load: loadavg()[0], storage, firstLoads };
  console.log(values.json ? JSON.stringify(report) : report);
  process.exit(0);
}
const { ours, ...webllm } = figures;
if (!ours) throw new Error('There is no figure of ours.');
const ratios = Object.fromEntries(
  Object.entries(webllm).map(([name, figure]) => [
    name,
    Math.round((ours.bytesPerSecond / figure.bytesPerSecond) * 100) / 100,
  ]),
);
const report = {
  bytes,
  adapter,
  load: loadavg()[0],
  cold: values.cold,
  storage,
  ours,
  webllm,
  ratios,
  firstLoads,
};
console.log(values.json ? JSON.stringify(report) : report);
