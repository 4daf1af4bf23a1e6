// How much script the first paint takes, from the build in dist: what index.html (the app) and embed.html (the chat in a
// frame) load, and what that imports outright; and the loaders that other sites load. Fails above a limit. A frame can be typed into from the first paint on;
// what it loads behind, until it can answer, is printed too. `--json` prints the figures alone.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const pages = [
  { page: 'index.html', limitBytes: 150_000 },
  { page: 'embed.html', limitBytes: 90_000, behind: /^frame-chat-.*\.js$/ },
];
const loaders = ['embed.js', 'embed.mjs', 'ai-sdk.mjs'];
const loaderLimitBytes = 4_000;
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/**
 * What these files and all that they import take: file -> bytes under gzip.
 * @param {readonly string[]} starts
 */
function filesOf(starts) {
  /** @type {Map<string, number>} */
  const files = new Map();
  /** @param {string} file */
  const add = (file) => {
    if (files.has(file)) return;
    const text = readFileSync(join(dist, file));
    files.set(file, gzipSync(text, { level: 9 }).length);
    for (const [, from] of text.toString().matchAll(/(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+\.js)["']/g))
      add(join(dirname(file), from ?? ''));
  };
  starts.forEach(add);
  return files;
}

/** @param {Map<string, number>} files */
const total = (files) => [...files.values()].reduce((sum, one) => sum + one, 0);

const measured = pages.map(({ page, limitBytes, behind }) => {
  const html = readFileSync(join(dist, page), 'utf8');
  const starts = [...html.matchAll(/<script[^>]+src="\.?\/?([^"]+\.js)"/g)].map(([, source]) => source ?? '');
  const files = filesOf(starts);
  const later = readdirSync(join(dist, 'assets')).filter((name) => behind?.test(name));
  const all = filesOf([...starts, ...later.map((name) => `assets/${name}`)]);
  return {
    page,
    firstPaintScriptGzipBytes: total(files),
    limitBytes,
    ...(behind && { behindScriptGzipBytes: total(all) - total(files) }),
    files: Object.fromEntries(files),
  };
});

const loaded = loaders.map((file) => ({
  file,
  gzipBytes: total(filesOf([file])),
  limitBytes: loaderLimitBytes,
}));

/** @param {number} bytes */
const kB = (bytes) => `${(bytes / 1000).toFixed(1).padStart(7)} kB `;

if (process.argv.includes('--json')) console.log(JSON.stringify([...measured, ...loaded]));
else {
  for (const { page, firstPaintScriptGzipBytes, limitBytes, behindScriptGzipBytes, files } of measured) {
    for (const [file, size] of Object.entries(files)) console.log(kB(size), file);
    const limit = `of ${limitBytes / 1000} kB`;
    console.log(kB(firstPaintScriptGzipBytes), `script before the first paint of ${page}, ${limit}`);
    if (behindScriptGzipBytes !== undefined) console.log(kB(behindScriptGzipBytes), `behind it`);
  }
}
for (const { file, gzipBytes, limitBytes } of loaded)
  if (!process.argv.includes('--json')) console.log(kB(gzipBytes), `${file}, of ${limitBytes / 1000} kB`);
if (loaded.some(({ gzipBytes, limitBytes }) => gzipBytes > limitBytes)) process.exit(1);
if (measured.some(({ firstPaintScriptGzipBytes: bytes, limitBytes }) => bytes === 0 || bytes > limitBytes))
  process.exit(1);
