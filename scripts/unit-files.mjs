// Which unit tests may share a process, read from their own text. vitest.config.ts makes a project of each kind.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Replaces modules, measures what its process holds, or says that it needs modules which nobody has used before. */
const needsOwnProcess = /\bvi\.(?:mock|doMock|resetModules)\(|\bprocess\.memoryUsage\(|^\/\/ Alone: /m;
const needsPage = /@vitest-environment\s+jsdom\b/;

/** @param {string} text of a test @returns {'alone' | 'page' | 'node'} */
export const kindOf = (text) =>
  needsOwnProcess.test(text) ? 'alone' : needsPage.test(text) ? 'page' : 'node';

/** @param {string} root @returns {{ alone: string[], page: string[] }} paths from there; every other one is of kind `node` */
export function unitFiles(root) {
  /** @type {Record<ReturnType<typeof kindOf>, string[]>} */
  const files = { alone: [], page: [], node: [] };
  for (const folder of ['src', 'scripts']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.test\.(?:tsx?|mjs)$/.test(name)) continue;
      const path = `${folder}/${name.replaceAll('\\', '/')}`;
      files[kindOf(readFileSync(join(root, path), 'utf8'))].push(path);
    }
  }
  return files;
}
