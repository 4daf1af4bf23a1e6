// `npm run test:kills -- [--json] [--runs N] [--seed S] [--mib N] [--storage files|indexeddb]`: the browser is
// killed in mid-download, again and again; with `--moves` in the middle of moving a stored model to the other place. Exits with 1 when a run does not complete, a commit is lost or a committed byte is asked for again.
import { parseArgs } from 'node:util';
import { Lab, serveLab, shortTimes } from '../e2e/faults/lab.mjs';
import { makeModel } from '../e2e/faults/model.mjs';
import { killRuns, moveKillRuns } from '../e2e/faults/runs.mjs';
import { asStorageWay } from './storage-way.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    mib: { type: 'string', default: '64' },
    storage: { type: 'string', default: 'files' },
    moves: { type: 'boolean', default: false },
  },
});

const storage = asStorageWay(values.storage);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const server = await serveLab(makeModel({ totalMiB: Number(values.mib), shardMiB: 8 }));
server.bytesPerSecond = 64 * 1024 * 1024;
const lab = new Lab(server);
try {
  const options = {
    runs: Number(values.runs),
    seed: Number(values.seed),
    settings: { ...shortTimes, stallMs: 5_000, storage },
    /** @param {object} run */
    onRun: (run) => {
      if (!values.json) console.error(JSON.stringify(run));
    },
  };
  /** @param {object} report @param {boolean} held */
  const say = (report, held) => {
    console.log(values.json ? JSON.stringify(report) : report);
    process.exitCode = held ? 0 : 1;
  };
  if (values.moves) {
    server.bytesPerSecond = Infinity;
    const report = await moveKillRuns(lab, options);
    const { runs, whole, moved, interrupted, bytesAskedAgain } = report;
    say(report, whole === runs && moved === runs && interrupted > 0 && bytesAskedAgain === 0);
  } else {
    const report = await killRuns(lab, { ...options, withinMs: 2_500 });
    const { runs, complete, committedBytesAskedAgain, commitsLost } = report;
    say({ storage, ...report }, complete === runs && committedBytesAskedAgain === 0 && commitsLost === 0);
  }
} finally {
  await lab.close();
  await server.close();
}
