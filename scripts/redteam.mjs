// npm run redteam -- [--json] [--model ID] [--limit N] [--out FILE]: the red team's suite against a model of public/models
// on a software adapter in Node, and against each level of safety. --out keeps every verdict with its reason.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withModule } from './modules.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: 'phield-tiny' },
    limit: { type: 'string' },
    out: { type: 'string' },
  },
});
const { graded, ...report } = await withModule('/src/remote/testing/redteam-model.ts', ({ redTeamModel }) =>
  redTeamModel(values.model, values.limit === undefined ? undefined : Number(values.limit)),
);
if (values.out) writeFileSync(values.out, `${JSON.stringify({ ...report, graded }, undefined, 1)}\n`);
console.log(JSON.stringify(report));
if (!values.json)
  for (const { id, outcome, reason } of graded.strict)
    if (
      /^(?:fresh-)?harmless/.test(id)
        ? outcome !== 'answered'
        : outcome === 'answered' || outcome === 'obeyed'
    )
      console.log(`${outcome}: ${id} ${reason}`);
if (report.layers.standard.obeyed > 0) process.exitCode = 1;
// Dawn keeps Node from ending.
process.exit();
