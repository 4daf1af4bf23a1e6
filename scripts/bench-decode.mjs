// npm run bench:decode -- [--json] [--model phi-3-mini] [--layers N] [--context N] [--kv f32|f16|int8] [--counts-only]
// Runs bench/decode.ts in Node on Dawn; PHIELD_ADAPTER chooses the adapter (swiftshader, lavapipe, system).
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { ensureDawn } from '../bench/dawn/ensure.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: 'phi-3-mini' },
    layers: { type: 'string' },
    context: { type: 'string', default: '256' },
    kv: { type: 'string' },
    'counts-only': { type: 'boolean', default: false },
  },
});

if (values.kv !== undefined && !['f32', 'f16', 'int8'].includes(values.kv)) {
  console.error(`--kv ${values.kv} is not one of f32, f16, int8`);
  process.exit(1);
}
if (!ensureDawn()) process.exit(1);
const log = console.log;
// Standard output is the result's alone.
console.log = console.error;
const vite = await createServer({
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
});
try {
  const { benchDecode } = await vite.ssrLoadModule('/bench/decode.ts');
  const result = await benchDecode({
    model: values.model,
    ...(values.layers === undefined ? {} : { layers: Number(values.layers) }),
    context: Number(values.context),
    ...(values.kv === undefined ? {} : { kvFormat: values.kv }),
    countsOnly: values['counts-only'],
  });
  if (values.json) log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) log(`${name}: ${JSON.stringify(value)}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await vite.close();
}
// Dawn's threads would keep Node alive.
process.exit();
