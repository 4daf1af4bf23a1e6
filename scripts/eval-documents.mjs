// npm run eval:documents -- [--json]
// Whether questions about documents find the passages that answer them, and whether citations open what they stand for.
// Fails under the goals: hit@3 of 0.9, every citation right.
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { root } from './app.mjs';
import { withModule } from './modules.mjs';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const result = await withModule('/bench/documents/eval-documents.ts', ({ evalDocuments }) =>
  evalDocuments(join(root, 'bench/documents')),
);
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));
if (result.hitAt3 < 0.9 || result.citationsRight < 1) process.exitCode = 1;
