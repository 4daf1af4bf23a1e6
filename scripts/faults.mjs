// `npm run test:faults -- [--json] [--runs N] [--seed S] [--mib N] [--storage files|indexeddb]`: downloads of an incompressible model from a
// server that misbehaves by plan, in real Chromium. Exits with 1 when a run is lost.
import { parseArgs } from 'node:util';
import { Lab, serveLab, shortTimes } from '../e2e/faults/lab.mjs';
import { makeModel } from '../e2e/faults/model.mjs';
import { faultRuns } from '../e2e/faults/runs.mjs';
import { asStorageWay } from './storage-way.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    mib: { type: 'string', default: '64' },
    storage: { type: 'string', default: 'files' },
    verbose: { type: 'boolean', default: false },
  },
});

const storage = asStorageWay(values.storage);
const settings = { ...shortTimes, storage };
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const server = await serveLab(makeModel({ totalMiB: Number(values.mib), shardMiB: 8 }));
const lab = new Lab(server);
try {
  const tab = await lab.open(settings);
  const report = await faultRuns(tab, {
    runs: Number(values.runs),
    seed: Number(values.seed),
    settings,
    onRun: (run) => {
      if (run.lost || values.verbose) console.error(JSON.stringify(run));
      else console.error(`${run.seed} ${run.first.split(':')[0]} ${run.ms} ms`);
    },
  });
  const said = { storage, ...report };
  console.log(values.json ? JSON.stringify(said) : said);
  process.exitCode = report.lost === 0 ? 0 : 1;
} finally {
  await lab.close();
  await server.close();
}
