// The list of headers against what real servers send: our own, and nginx with the block that docs/deploy.md prints,
// under a sub-path. Both must answer alike.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployDoc, withBlocks } from './deploy-doc.mjs';
import { headerRules, patternSource } from './headers.mjs';
import { hasNginx, startNginx } from './nginx.mjs';
import { createAppServer } from './server.mjs';
import { netlifyHeaders } from './snippets.mjs';

const embedders = ['https://example.org', 'https://shop.example'];
const files = {
  'index.html': '<!doctype html><title>the page</title>',
  'embed.html': '<!doctype html><title>for frames</title>',
  'remote.html': '<!doctype html><title>the way out</title>',
  'embed.js': '// the loader',
  'sw.js': '// the service worker',
  'robots.txt': 'User-agent: *',
  'manifest.webmanifest': '{}',
  'assets/worker-AbC_1-x.js': '// sees words',
  'assets/store-worker-AbC.js': '// has the network',
  'assets/hash-worker-AbC.js': '// hashes',
  'assets/index-AbC.js': `// ${'long enough to be worth compressing '.repeat(50)}`,
  'models/tiny/params_shard_0.bin': 'weights',
};

/** @type {string} */
let root;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'phield-hosts-'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, 'phield', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (name !== 'assets/index-AbC.js') continue;
    writeFileSync(`${path}.gz`, gzipSync(text));
    writeFileSync(`${path}.br`, brotliCompressSync(text));
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What a host must do, whichever it is. @param {() => string} base its address of the app's folder */
function answersAsAsked(base) {
  /** @param {string} path @param {RequestInit} [init] */
  const ask = (path, init) => fetch(`${base()}${path}`, { redirect: 'manual', ...init });
  /** @param {string} path @param {string} name */
  const header = async (path, name) => (await ask(path)).headers.get(name);

  test('the page may reach its own origin and nothing else, and nobody may frame it', async () => {
    for (const path of ['', '?model=phi-3-mini', 'index.html']) {
      const answer = await ask(path);
      expect(await answer.text()).toContain('the page');
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/(^|; )connect-src 'self'(;|$)/);
      expect(policy).toMatch(/(^|; )default-src 'none'(;|$)/);
      expect(policy).toMatch(/(^|; )frame-ancestors 'none'(;|$)/);
      expect(policy).not.toMatch(/unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)/);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    }
  });

  test('the page for frames may be framed by those who were named', async () => {
    for (const path of ['embed', 'embed.html']) {
      const answer = await ask(path);
      expect(await answer.text()).toContain('for frames');
      expect(answer.headers.get('content-security-policy')).toMatch(
        /(^|; )frame-ancestors https:\/\/example.org https:\/\/shop.example$/,
      );
    }
  });

  test('the frame that reaches a larger model may be framed by the app alone, and the page may frame nothing else', async () => {
    for (const path of ['remote', 'remote.html']) {
      const answer = await ask(path);
      expect(await answer.text()).toContain('the way out');
      expect(answer.headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; connect-src https: http:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'self'",
      );
    }
    expect(await header('', 'content-security-policy')).toMatch(/(^|; )frame-src 'self'(;|$)/);
    expect(await header('embed', 'content-security-policy')).not.toMatch(/frame-src/);
  });

  test('each worker has a policy of its own', async () => {
    expect(await header('assets/worker-AbC_1-x.js', 'content-security-policy')).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'; require-trusted-types-for 'script'; trusted-types default",
    );
    expect(await header('assets/hash-worker-AbC.js', 'content-security-policy')).toMatch(
      /connect-src 'none'; require-trusted-types-for 'script'; trusted-types default$/,
    );
    expect(await header('assets/store-worker-AbC.js', 'content-security-policy')).toMatch(
      /; connect-src 'self' https: http:\/\/localhost:\* http:\/\/127\.0\.0\.1:\*; require-trusted-types-for 'script'; trusted-types default$/,
    );
    expect(await header('sw.js', 'content-security-policy')).toMatch(
      /connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'$/,
    );
  });

  test('names that change are kept for ever, others are asked for again', async () => {
    expect(await header('assets/index-AbC.js', 'cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await header('assets/worker-AbC_1-x.js', 'cache-control')).toMatch(/immutable/);
    for (const path of [
      'sw.js',
      'embed.js',
      'manifest.webmanifest',
      'robots.txt',
      'models/tiny/params_shard_0.bin',
    ])
      expect(await header(path, 'cache-control')).toBe('no-cache');
  });

  test('every file, and each for itself, is isolated and what it says it is', async () => {
    for (const path of ['', ...Object.keys(files)]) {
      const { headers, status } = await ask(path);
      expect(status, path).toBe(200);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('permissions-policy')).toContain('geolocation=()');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy')).toBe('credentialless');
      expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    }
    expect(await header('manifest.webmanifest', 'content-type')).toMatch(/^application\/manifest\+json/);
    expect(await header('embed.js', 'content-type')).toMatch(/javascript/);
  });

  test('what is not there is 404, and no page', async () => {
    for (const path of [
      'nowhere',
      'deep/down/nowhere',
      'assets/gone-AbC.js',
      'models/other/tensor-cache.json',
      '.git/config',
    ]) {
      const answer = await ask(path);
      expect(answer.status, path).toBe(404);
      expect(await answer.text()).not.toContain('the page');
    }
  });

  test('the compressed copy is sent to those who take it', async () => {
    const answer = await ask('assets/index-AbC.js', { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toBe(files['assets/index-AbC.js']);
  });

  test('a download goes on where it broke off', async () => {
    const answer = await ask('models/tiny/params_shard_0.bin', { headers: { range: 'bytes=2-' } });
    expect(answer.status).toBe(206);
    expect(await answer.text()).toBe('ights');
  });
}

describe('npm start', () => {
  /** @type {import('node:http').Server} */
  let server;
  let base = '';
  beforeAll(async () => {
    server = createAppServer(join(root, 'phield'), { embedders }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    base = `http://127.0.0.1:${bound && typeof bound === 'object' ? bound.port : 0}/`;
  });
  afterAll(() => server.close());
  answersAsAsked(() => base);

  test('brotli, where a browser takes it', async () => {
    const { headers } = await fetch(`${base}assets/index-AbC.js`, {
      headers: { 'accept-encoding': 'gzip, br' },
    });
    expect(headers.get('content-encoding')).toBe('br');
  });

  test('a folder that is no file, and a method that is no question, get no page', async () => {
    for (const path of ['index', 'index.html/', 'assets', 'assets/', '%2e%2e/secret.txt'])
      expect((await fetch(`${base}${path}`)).status, path).toBe(404);
    expect((await fetch(base, { method: 'POST' })).status).toBe(405);
  });
});

describe.skipIf(!hasNginx())('nginx under a sub-path, configured as docs/deploy.md says', () => {
  /** @type {Awaited<ReturnType<typeof startNginx>>} */
  let server;
  beforeAll(async () => {
    server = await startNginx({ root, path: '/phield/', embedders });
  });
  afterAll(() => server.close());
  answersAsAsked(() => server.address);
});

test('docs/deploy.md says what the list of headers says', () => {
  const page = readFileSync(deployDoc, 'utf8');
  expect(page).toContain("connect-src 'none'");
  expect(withBlocks(page)).toBe(page);
});

test('no file gets one header from two rules, since hosts differ in what they make of that', () => {
  for (const file of ['', ...Object.keys(files), 'embed', 'assets/index-AbC.css']) {
    const names = headerRules()
      .filter((rule) => rule.files.some((pattern) => new RegExp(`^${patternSource(pattern)}$`).test(file)))
      .flatMap((rule) => Object.keys(rule.headers));
    expect(new Set(names).size, file).toBe(names.length);
  }
});

test('the build’s own _headers names its workers, and has no star within a name', () => {
  const text = netlifyHeaders({ files: Object.keys(files) });
  expect(text).toMatch(/^\/assets\/store-worker-AbC\.js\n {2}Content-Security-Policy: .*https:/m);
  expect(text).toMatch(
    /^\/assets\/worker-AbC_1-x\.js\n {2}Content-Security-Policy: .*connect-src 'none';.*$/m,
  );
  expect(text.match(/^\S*\*\S+/gm)).toBeNull();
});
