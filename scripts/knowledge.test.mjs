// The command as it is typed, against a site that really answers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const command = fileURLToPath(new URL('knowledge.mjs', import.meta.url));
const footer = '<footer><p>Open every day from nine to six, except on holidays.</p></footer>';
/** @param {string} body */
const page = (body) => `<!doctype html><html><body>${body}${footer}</body></html>`;

it(
  'reads the pages that a site’s maps list, each once, and none of another site',
  { timeout: 90_000 },
  async () => {
    /** @type {string[]} */
    const asked = [];
    let origin = '';
    /** @type {Record<string, () => string>} */
    const files = {
      '/sitemap.xml': () =>
        `<sitemapindex><sitemap><loc>${origin}/help/sitemap.xml</loc></sitemap></sitemapindex>`,
      '/help/sitemap.xml': () =>
        `<urlset>${[
          `${origin}/help/shipping?a=1&amp;b=2`,
          `${origin}/help/returns`,
          `${origin}/help/returns`,
          `${origin}/help/gone`,
          'http://localhost:9/elsewhere',
        ]
          .map((address) => `<url><loc>${address}</loc></url>`)
          .join('')}</urlset>`,
      '/help/shipping?a=1&b=2': () =>
        page('<h1>Help</h1><h2>Shipping</h2><p>Shipping costs 12 reais in the whole country.</p>'),
      '/help/returns': () => page('<h1>Returns</h1><p>You may send things back within 30 days.</p>'),
    };
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const file = files[request.url ?? ''];
      response.writeHead(file ? 200 : 404).end(file?.());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    origin = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
    const folder = await mkdtemp(join(tmpdir(), 'phield-knowledge-'));
    const out = join(folder, 'help.json');
    try {
      const run = spawn(process.execPath, [command, `${origin}/sitemap.xml`, '--out', out]);
      let told = '';
      run.stderr.on('data', (text) => (told += text));
      const [code] = await once(run, 'close');
      expect(told).toContain(`left out, 404: ${origin}/help/gone`);
      expect(code).toBe(0);
      /** @type {{ question: string, answer: string, url?: string }[]} */
      const entries = JSON.parse(await readFile(out, 'utf8'));
      expect(entries).toContainEqual(
        expect.objectContaining({
          question: 'Help: Shipping',
          answer: expect.stringContaining('Shipping costs 12 reais'),
          url: `${origin}/help/shipping?a=1&b=2`,
        }),
      );
      expect(entries.filter(({ answer }) => answer.includes('send things back'))).toHaveLength(1);
      expect(new Set(asked).size).toBe(asked.length);
    } finally {
      server.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
