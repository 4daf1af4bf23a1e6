// npm run eval:json -- [--json] [--schemas N] [--keep FILE]
// Seeded JSON schemas on our own engine with phield-tiny, on the adapter that PHIELD_ADAPTER names; bench/json says what
// is counted. Fails where an answer is not valid or does not end, or where the grammar makes answers slower than twice.
// With --keep a run that was stopped goes on where it was: the file has a line for each schema that was answered.
import { parseArgs } from 'node:util';
import { ensureDawn } from '../bench/dawn/ensure.mjs';
import { withModule } from './modules.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    schemas: { type: 'string', default: '200' },
    keep: { type: 'string' },
  },
});
const count = Number(values.schemas);
if (!Number.isSafeInteger(count) || count < 1) {
  console.error(`--schemas ${values.schemas} is no number of schemas`);
  process.exit(1);
}
if (!ensureDawn()) process.exit(1);
try {
  const figures = await withModule('/bench/json/eval-json.ts', ({ evalJson }) =>
    evalJson(count, values.keep),
  );
  console.log(values.json ? JSON.stringify(figures) : figures);
  const { valid, ended, slowdown } = figures;
  if (valid < count || ended < count || slowdown > 2) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
}
// Dawn's threads would keep the process.
process.exit();
