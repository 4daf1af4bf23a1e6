// npm run check:full -- [--json] [--model phi-3-mini] [--format q4f16_1|q4_k_m] [--layers N] [--seed N] [--kv f32|f16|int8]
// Runs bench/full/check-full.ts in Node on Dawn: the engine at full size against the f64 twin. Minutes, both cores and
// 5 GB of memory; PHIELD_ADAPTER chooses the adapter (lavapipe if not set). Fails when the two disagree.
import { parseArgs } from 'node:util';
import { ensureDawn } from '../bench/dawn/ensure.mjs';
import { withModule } from './modules.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: 'phi-3-mini' },
    format: { type: 'string', default: 'q4f16_1' },
    layers: { type: 'string' },
    seed: { type: 'string', default: '1' },
    kv: { type: 'string' },
  },
});

if (values.kv !== undefined && !['f32', 'f16', 'int8'].includes(values.kv)) {
  console.error(`--kv ${values.kv} is not one of f32, f16, int8`);
  process.exit(1);
}
if (!['q4f16_1', 'q4_k_m'].includes(values.format)) {
  console.error(`--format ${values.format} is not one of q4f16_1, q4_k_m`);
  process.exit(1);
}
if (!ensureDawn()) process.exit(1);
process.env['PHIELD_ADAPTER'] ??= 'lavapipe';
const log = console.log;
// Standard output is the result's alone.
console.log = console.error;
try {
  const result = await withModule('/bench/full/check-full.ts', ({ checkFull }) =>
    checkFull({
      model: values.model,
      format: values.format,
      ...(values.layers === undefined ? {} : { layers: Number(values.layers) }),
      seed: Number(values.seed),
      ...(values.kv === undefined ? {} : { kvFormat: values.kv }),
      log: (/** @type {string} */ line) => console.error(line),
    }),
  );
  log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));
  if (!result.pass) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
}
// Dawn's threads would keep Node alive.
process.exit();
