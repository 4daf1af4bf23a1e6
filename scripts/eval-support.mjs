// npm run eval:support -- [--json]: the demo shop's support bot against its labelled questions.
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { root } from './app.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
try {
  const module = await server.ssrLoadModule('/src/widget/testing/eval-support.ts');
  const { missed, ...report } = module.evaluateSupport();
  console.log(JSON.stringify(report));
  if (report.rightPassage < 36 || report.saidUnknown < 18) process.exitCode = 1;
  if (!values.json) for (const line of missed) console.log(`missed: ${line}`);
} finally {
  await server.close();
}
