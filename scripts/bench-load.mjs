// `npm run bench:load -- [--json] [--bytes N] [--rounds N] [--cold] [--only NAME]`: warm start from local storage to
// the GPU, ours against WebLLM's own loader on each of its backends. docs/loading.md says how to read the figures.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { runLoadBench } from '../bench/load/load-bench.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    bytes: { type: 'string', default: String(2 ** 30) },
    rounds: { type: 'string', default: '3' },
    /** Drop the profile's files from the page cache before each load. */
    cold: { type: 'boolean', default: false },
    /** Beside ours; may be given several times. `--only ours`: nothing beside it. */
    only: { type: 'string', multiple: true },
  },
});

const { bytes, adapter, figures, firstLoads } = await runLoadBench({
  bytes: Number(values.bytes),
  rounds: Number(values.rounds),
  cold: values.cold,
  log: (line) => console.error(line),
  entrants: (base) =>
    [
      { name: 'ours', call: { op: /** @type {const} */ ('ours'), base } },
      .../** @type {const} */ (['cache', 'opfs', 'opfsSync', 'indexeddb']).map((backend) => ({
        name: backend,
        call: { op: /** @type {const} */ ('webllm'), base, backend },
      })),
    ].filter(({ name }) => name === 'ours' || !values.only || values.only.includes(name)),
});
const { ours, ...webllm } = figures;
if (!ours) throw new Error('There is no figure of ours.');
const ratios = Object.fromEntries(
  Object.entries(webllm).map(([name, figure]) => [
    name,
    Math.round((ours.bytesPerSecond / figure.bytesPerSecond) * 100) / 100,
  ]),
);
const report = { bytes, adapter, load: loadavg()[0], cold: values.cold, ours, webllm, ratios, firstLoads };
console.log(values.json ? JSON.stringify(report) : report);
