// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { isOfVersion } from './whole-build';

const files = new Set(['index.html', 'assets/index-AAAA.js', 'assets/index-BBBB.css']);
const page = (script: string): string =>
  `<!doctype html><script type="module" crossorigin src="./assets/${script}"></script><link href=./assets/index-BBBB.css>`;

const answered = (body: string, type: string, status = 200): Response =>
  new Response(body, { status, headers: { 'Content-Type': type } });

describe('what the cache of a version takes', () => {
  it.each([
    ['its page', 'index.html', answered(page('index-AAAA.js'), 'text/html; charset=utf-8'), true],
    [
      'its page, as a host shortens it',
      'index.html',
      answered(page('index-AAAA.js').replace('"', ''), 'text/html'),
      true,
    ],
    ['its script', 'assets/index-AAAA.js', answered('run()', 'text/javascript'), true],
    ['a file without a type', 'icon.svg', answered('<svg/>', ''), true],
    ['the page of the version before', 'index.html', answered(page('index-CCCC.js'), 'text/html'), false],
    [
      'a host’s page in a script’s place',
      'assets/index-AAAA.js',
      answered(page('index-AAAA.js'), 'text/html'),
      false,
    ],
    ['a text in the page’s place', 'index.html', answered('Back soon', 'text/plain'), false],
    ['an error', 'assets/index-AAAA.js', answered('no', 'text/javascript', 503), false],
  ])('%s (%s)', async (_, path, response, expected) => {
    const url = `https://phield.example/app/${path}?__WB_REVISION__=1`;
    expect(await isOfVersion(url, response, files)).toBe(expected);
    // Still there to be kept.
    expect(response.bodyUsed).toBe(false);
  });
});
