// `npm run test:kills -- [--json] [--runs N] [--seed S] [--mib N]`: the browser is killed in mid-download, again
// and again. Exits with 1 when a run does not complete, a commit is lost or a committed byte is asked for again.
import { parseArgs } from 'node:util';
import { Lab, serveLab, shortTimes } from '../e2e/faults/lab.mjs';
import { makeModel } from '../e2e/faults/model.mjs';
import { killRuns } from '../e2e/faults/runs.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    mib: { type: 'string', default: '64' },
  },
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const server = await serveLab(makeModel({ totalMiB: Number(values.mib), shardMiB: 8 }));
server.bytesPerSecond = 64 * 1024 * 1024;
const lab = new Lab(server);
try {
  const report = await killRuns(lab, {
    runs: Number(values.runs),
    seed: Number(values.seed),
    settings: { ...shortTimes, stallMs: 5_000 },
    withinMs: 2_500,
    onRun: (run) => {
      if (!values.json) console.error(JSON.stringify(run));
    },
  });
  console.log(values.json ? JSON.stringify(report) : report);
  const held =
    report.complete === report.runs && report.committedBytesAskedAgain === 0 && report.commitsLost === 0;
  process.exitCode = held ? 0 : 1;
} finally {
  await lab.close();
  await server.close();
}
