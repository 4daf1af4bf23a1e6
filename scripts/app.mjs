// Builds the app when its sources are newer than the build, and serves the build.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAppServer } from './serving/server.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

const inputs = ['src', 'public', 'index.html', 'vite.config.ts', 'scripts/serving', 'package-lock.json'];

/** @param {string} path @returns {number} newest modification time below it, ms; 0 when absent. */
function newestMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), 0);
}

/** @returns {Promise<boolean>} whether it had to build. */
export async function buildIfNeeded() {
  const builtMs = newestMs(join(root, 'dist/index.html'));
  if (builtMs > 0 && inputs.every((input) => newestMs(join(root, input)) <= builtMs)) return false;
  const { build } = await import('vite');
  await build({ root, logLevel: 'warn' });
  return true;
}

/**
 * Serves dist.
 * @param {object} [options]
 * @param {number} [options.port] 0 asks the system for a free one.
 * @param {string} [options.host]
 * @param {boolean} [options.strictPort] otherwise the next free one is taken where it is in use
 * @param {boolean} [options.headers] false: as a host that can send none
 * @param {readonly string[]} [options.embedders] origins that may show the app in a frame
 * @param {string} [options.folder] another build
 * @returns {Promise<{ address: string, port: number, requests: string[], close(): Promise<void> }>}
 *   `requests` grows by the path of every request served.
 */
export async function serveApp({
  port = 0,
  host = '127.0.0.1',
  strictPort = false,
  headers = true,
  embedders,
  folder = join(root, 'dist'),
} = {}) {
  const server = createAppServer(folder, { headers, embedders });
  /** @type {string[]} */
  const requests = [];
  server.prependListener('request', (request) => requests.push(request.url ?? ''));
  const bound = await listen(server, port, host, strictPort);
  return {
    port: bound,
    requests,
    address: `http://${host === '127.0.0.1' ? 'localhost' : host}:${bound}/`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      // Keep-alive connections would hold the port open long after the last answer.
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * @param {import('node:http').Server} server @param {number} port @param {string} host @param {boolean} strict
 * @returns {Promise<number>}
 */
async function listen(server, port, host, strict) {
  for (let next = port; ; next++) {
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(next, host, () => {
          server.off('error', reject);
          resolve(undefined);
        });
      });
      const bound = server.address();
      if (!bound || typeof bound === 'string') throw new Error('The server has no port.');
      return bound.port;
    } catch (thrown) {
      const inUse = thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE';
      if (!inUse || strict || port === 0 || next > port + 20) throw thrown;
    }
  }
}
