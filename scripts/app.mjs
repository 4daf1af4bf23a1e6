// Builds the app when its sources are newer than the build, and serves the build.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

export const root = fileURLToPath(new URL('..', import.meta.url));

const inputs = ['src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];

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
  await build({ root, logLevel: 'warn' });
  return true;
}

/**
 * Serves dist.
 * @param {{ port?: number, host?: string, strictPort?: boolean }} [options] port 0 asks the system for a free one.
 * @returns {Promise<{ address: string, port: number, requests: string[], close(): Promise<void> }>}
 *   `requests` grows by the path of every request served.
 */
export async function serveApp({ port = 0, host = '127.0.0.1', strictPort = false } = {}) {
  const server = await preview({
    root,
    logLevel: 'warn',
    preview: { port, host, strictPort, allowedHosts: true },
  });
  const bound = server.httpServer.address();
  if (!bound || typeof bound === 'string') throw new Error('The server has no port.');
  /** @type {string[]} */
  const requests = [];
  server.httpServer.prependListener('request', (request) => requests.push(request.url ?? ''));
  return {
    port: bound.port,
    requests,
    address: `http://${host === '127.0.0.1' ? 'localhost' : host}:${bound.port}/`,
    async close() {
      // Keep-alive connections would hold the port open long after the last answer.
      if ('closeAllConnections' in server.httpServer) server.httpServer.closeAllConnections();
      await server.close();
    },
  };
}
