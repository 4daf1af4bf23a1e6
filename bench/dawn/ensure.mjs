// Installs Dawn for Node into this folder when it is missing. Kept out of the root package.json: 132 MB that
// only kernel tests and benches need.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));

/** @returns {boolean} whether Dawn is there afterwards; the reason is printed when not. */
export function ensureDawn() {
  if (existsSync(join(folder, 'node_modules/webgpu/index.js'))) return true;
  console.log('Installing Dawn for Node (132 MB, tests and benches only) ...');
  try {
    execFileSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], { stdio: 'inherit' });
    return true;
  } catch (error) {
    console.error(`Dawn could not be installed: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = ensureDawn() ? 0 : 1;
