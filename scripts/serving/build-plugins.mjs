// What the build adds for those who serve it: the page's policy as a <meta>, compressed copies of what compresses,
// and the headers in the form that Netlify and Cloudflare Pages read out of the folder itself.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { embedMeta, eraseMeta, pageMeta, remoteMeta } from './headers.mjs';
import { netlifyHeaders } from './snippets.mjs';

/** @type {Record<string, string>} */
const metas = { 'embed.html': embedMeta, 'remote.html': remoteMeta, 'erase.html': eraseMeta };

/** Only in the build: the development server injects scripts of its own into the page. @returns {import('vite').Plugin} */
export function policyMeta() {
  return {
    name: 'phield-policy-meta',
    apply: 'build',
    transformIndexHtml: (_, { filename }) => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: metas[basename(filename)] ?? pageMeta },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** After every other plugin has written its files. @returns {import('vite').Plugin} */
export function forHosts() {
  let folder = 'dist';
  return {
    name: 'phield-for-hosts',
    apply: 'build',
    enforce: 'post',
    configResolved: (config) => {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler: () => {
        const files = filesOf(folder);
        writeFileSync(join(folder, '_headers'), netlifyHeaders({ files }));
        for (const file of files) compress(join(folder, file));
      },
    },
  };
}

/** @param {string} folder @returns {string[]} paths below it, with `/` */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name) && entry.name !== '_headers')
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

const leastBytes = 1024;
/** From here on the last per cent of size would take most of the build's time. */
const bigBytes = 2 ** 20;

/** Weights do not get smaller; and a model's files are fetched in ranges of their bytes. @param {string} path */
function compress(path) {
  if (!/\.(js|css|html|svg|wasm|webmanifest)$/.test(path)) return;
  const bytes = readFileSync(path);
  if (bytes.byteLength < leastBytes) return;
  const quality = bytes.byteLength < bigBytes ? 11 : 8;
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    },
  });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
