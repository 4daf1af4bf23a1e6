// npm run redteam -- [--json] [--model ID] [--limit N] [--only KIND] [--tokens N] [--resume FILE] [--out FILE]: the red team's suite
// against a model of public/models on a software adapter in Node, and against each level of safety. --resume keeps each
// answer as it comes, so that a run that was stopped goes on; --out keeps every verdict with its reason.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withModule } from './modules.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: 'phield-tiny' },
    limit: { type: 'string' },
    only: { type: 'string' },
    tokens: { type: 'string' },
    resume: { type: 'string' },
    out: { type: 'string' },
  },
});
/** @param {string | undefined} text */
const optional = (text) => (text === undefined ? undefined : Number(text));
const { graded, ...report } = await withModule('/src/remote/testing/redteam-model.ts', ({ redTeamModel }) =>
  redTeamModel({
    model: values.model,
    limit: optional(values.limit),
    only: values.only,
    tokens: optional(values.tokens),
    resume: values.resume,
  }),
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
