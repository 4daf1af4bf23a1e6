// Loads a module of the sources as it is, for the commands that need no browser.
import { createServer } from 'vite';
import { root } from './app.mjs';

/**
 * @template T
 * @param {string} path from the checkout, `/src/...`
 * @param {(module: any) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withModule(path, work) {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    return await work(await server.ssrLoadModule(path));
  } finally {
    await server.close();
  }
}
