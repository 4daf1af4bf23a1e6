// The small static server behind `npm start`, the commands and the tests: dist as it was built, with the headers of
// headers.mjs, and a real 404 for whatever is not there.
import { createServer } from 'node:http';
import sirv from 'sirv';
import { headerRules, headersOf } from './headers.mjs';

/** What may be asked for by a name that is not a file's. */
const pages = ['', 'embed', 'remote', 'demo/'];

/**
 * @param {string} folder the build
 * @param {{ embedders?: readonly string[] | undefined, headers?: boolean }} [options] without headers: as a bare static host.
 * @returns {import('node:http').Server} not listening yet
 */
export function createAppServer(folder, { embedders, headers = true } = {}) {
  const rules = headerRules(embedders ? { embedders } : {});
  const files = sirv(folder, {
    // Looked up anew each time: a build may be replaced while it is served.
    dev: true,
    etag: true,
    gzip: headers,
    brotli: headers,
    extensions: ['html'],
    setHeaders: (response, path) => {
      if (!headers) return;
      for (const [name, value] of Object.entries(headersOf(path.slice(1), rules)))
        response.setHeader(name, value);
    },
  });
  return createServer((request, response) => {
    const missing = () => {
      if (headers) response.setHeader('X-Content-Type-Options', 'nosniff');
      response
        .writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' })
        .end('There is no such file here.\n');
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const path = (request.url ?? '/').split('?', 1)[0]?.slice(1) ?? '';
    if (pages.includes(path) || /\.\w+$/.test(path)) files(request, response, missing);
    else missing();
  });
}
