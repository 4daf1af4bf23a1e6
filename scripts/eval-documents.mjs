// npm run eval:documents -- [--json]
// Whether questions about documents find the passages that answer them, and whether citations open what they stand for.
// Fails under the goals: hit@3 of 0.9, every citation right.
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { createServer } from 'vite';
import { root } from './app.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const vite = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
});
try {
  const { evalDocuments } = await vite.ssrLoadModule('/bench/documents/eval-documents.ts');
  const result = await evalDocuments(join(root, 'bench/documents'));
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));
  if (result.hitAt3 < 0.9 || result.citationsRight < 1) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
} finally {
  await vite.close();
}
