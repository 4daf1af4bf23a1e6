// npm run eval:support -- [--json]: the demo shop's support bot against its labelled questions.
import { parseArgs } from 'node:util';
import { withModule } from './modules.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const { missed, ...report } = await withModule('/src/widget/testing/eval-support.ts', ({ evaluateSupport }) =>
  evaluateSupport(),
);
console.log(JSON.stringify(report));
if (report.rightPassage < 36 || report.saidUnknown < 18) process.exitCode = 1;
if (!values.json) for (const line of missed) console.log(`missed: ${line}`);
