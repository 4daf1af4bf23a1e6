// One script of the app as a module for a bare page of a test or a bench, with the workers that it starts.
import { build } from 'vite';

/**
 * @param {string} entry the source's path
 * @param {string} path what the page asks for it by
 * @returns {Promise<Map<string, string>>} the scripts by their paths
 */
export async function bundleScript(entry, path) {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['es'], fileName: 'script' } },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (!output || !('output' in output)) throw new Error('The bundle has no output.');
  const [script, ...workers] = output.output;
  return new Map([
    [path, script.code],
    ...workers.map(
      (file) =>
        /** @type {[string, string]} */ ([
          `/${file.fileName}`,
          'code' in file ? file.code : String(file.source),
        ]),
    ),
  ]);
}
