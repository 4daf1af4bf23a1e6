// npm run eval:redaction -- [--json]: 300 seeded texts with planted personal data.
import { parseArgs } from 'node:util';
import { withModule } from './modules.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const { missed, wronglyMarked, ...report } = await withModule(
  '/src/remote/testing/redaction-set.ts',
  ({ evaluateRedaction }) => evaluateRedaction(),
);
console.log(JSON.stringify(report));
if (!values.json) {
  for (const line of missed) console.log(`missed: ${line}`);
  for (const line of wronglyMarked) console.log(`marked without need: ${line}`);
}
if (report.falseMarks > 0.02 || report.restoredExactly < report.texts) process.exitCode = 1;
