// npm run eval:router -- [--json] [--train] [--surety [--model ID] [--tokens N]]: the router against 200 labelled requests,
// of which 100 are kept from training. --train makes its weights anew from the other hundred. --surety has a model of
// public/models answer them on a software adapter in Node, and tells whether how sure it was of its words tells them apart.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './app.mjs';
import { withModule } from './modules.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    train: { type: 'boolean', default: false },
    surety: { type: 'boolean', default: false },
    model: { type: 'string', default: 'phield-tiny' },
    tokens: { type: 'string', default: '24' },
  },
});
if (values.surety) await surety();
else await judge();

async function surety() {
  const report = await withModule('/src/remote/testing/eval-surety.ts', ({ measureSurety }) =>
    measureSurety(
      values.model,
      Number(values.tokens),
      /** @param {object} row */ (row) => {
        if (!values.json) console.log(JSON.stringify(row));
      },
    ),
  );
  console.log(JSON.stringify(report));
}

async function judge() {
  const path = '/src/remote/testing/eval-router.ts';
  if (values.train) {
    const weights = await withModule(path, ({ train }) => train());
    writeFileSync(join(root, 'src/remote/router-weights.json'), `${JSON.stringify(weights, undefined, 2)}\n`);
  }
  const { wrong, ...report } = await withModule(path, ({ evaluateRouter }) => evaluateRouter());
  console.log(JSON.stringify(report));
  if (!values.json) for (const line of wrong) console.log(line);
  if (report.right < 0.9 || report.privateSuggested > 0.05 || report.sentWithoutConsent > 0)
    process.exitCode = 1;
}
