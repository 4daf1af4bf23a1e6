// How much script the first paint takes, from the build in dist: what index.html loads, and what that imports outright.
// Fails above the limit. `--json` prints the figures alone.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const limitBytes = 150_000;
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** @type {Map<string, number>} file -> bytes under gzip */
const files = new Map();

/** @param {string} file */
function add(file) {
  if (files.has(file)) return;
  const text = readFileSync(join(dist, file));
  files.set(file, gzipSync(text, { level: 9 }).length);
  for (const [, from] of text.toString().matchAll(/(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+\.js)["']/g))
    add(join(dirname(file), from ?? ''));
}

const html = readFileSync(join(dist, 'index.html'), 'utf8');
for (const [, source] of html.matchAll(/<script[^>]+src="\.?\/?([^"]+\.js)"/g)) add(source ?? '');
const bytes = [...files.values()].reduce((sum, one) => sum + one, 0);

if (process.argv.includes('--json'))
  console.log(
    JSON.stringify({ firstPaintScriptGzipBytes: bytes, limitBytes, files: Object.fromEntries(files) }),
  );
else {
  for (const [file, size] of files) console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${file}`);
  console.log(
    `${(bytes / 1000).toFixed(1).padStart(7)} kB  script before the first paint, of ${limitBytes / 1000} kB`,
  );
}
if (files.size === 0 || bytes > limitBytes) process.exit(1);
