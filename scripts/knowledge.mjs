// npm run knowledge -- DIR_OR_SITEMAP [--base https://example.org/] [--out help.json]: a site's pages as knowledge for the
// chat in it. A folder of HTML (and Markdown or text), or the address of a sitemap.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { withModule } from './modules.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { base: { type: 'string' }, out: { type: 'string' } },
});
const [source] = positionals;
if (source === undefined || positionals.length > 1) {
  console.error(
    'Say which site: npm run knowledge -- FOLDER, or npm run knowledge -- https://example.org/sitemap.xml',
  );
  process.exit(1);
}

const mostPages = 2_000;
await withModule('/src/widget/knowledge/site-knowledge.ts', async ({ knowledgeOf, sitemapAddresses }) => {
  const pages = /^https?:/.test(source)
    ? await fromSitemap(source, sitemapAddresses)
    : await fromFolder(source);
  const entries = [];
  let left = 0;
  for (const page of pages) {
    try {
      entries.push(...(await knowledgeOf([page])));
    } catch {
      left++;
      console.error(`left out, no text in it: ${page.url ?? page.name}`);
    }
  }
  const once = [...new Map(entries.map((entry) => [entry.answer, entry])).values()];
  const text = `${JSON.stringify(once, undefined, 2)}\n`;
  if (values.out === undefined) process.stdout.write(text);
  else await writeFile(values.out, text);
  console.error(`${once.length} passages of ${pages.length - left} pages`);
  if (once.length === 0) process.exitCode = 1;
});

/** @param {string} folder */
async function fromFolder(folder) {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => /\.(html?|md|markdown|txt)$/i.test(name)).sort();
  return Promise.all(
    files.slice(0, mostPages).map(async (name) => {
      const path = join(folder, name);
      const below = relative(folder, path).split(sep).join('/');
      const url = values.base === undefined ? undefined : new URL(below, values.base).href;
      return { name: below, bytes: new Uint8Array(await readFile(path)), url };
    }),
  );
}

/**
 * Pages of the sitemap's own site, one after the other.
 * @param {string} address @param {(xml: string) => readonly string[]} addressesOf
 */
async function fromSitemap(address, addressesOf) {
  const { origin } = new URL(address);
  const wanted = [address];
  const seen = new Set();
  const pages = [];
  for (let next = wanted.shift(); next !== undefined && pages.length < mostPages; next = wanted.shift()) {
    if (seen.has(next) || !URL.canParse(next) || new URL(next).origin !== origin) continue;
    seen.add(next);
    const response = await fetch(next);
    if (!response.ok) {
      console.error(`left out, ${response.status}: ${next}`);
      continue;
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (/\.xml$/.test(new URL(next).pathname)) wanted.push(...addressesOf(new TextDecoder().decode(bytes)));
    else pages.push({ name: 'page.html', bytes, url: next });
  }
  return pages;
}
