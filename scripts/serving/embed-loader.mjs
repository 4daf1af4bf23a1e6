// Builds what other sites load: embed.js (one line in a page), embed.mjs (a module; its types are public/embed.d.mts) and
// ai-sdk.mjs (the model for the Vercel AI SDK, with public/ai-sdk.d.mts). Each is one small file with a name that stays, so neither goes through the app's own bundle.
import { join } from 'node:path';
import { build } from 'vite';

/** @returns {import('vite').Plugin} */
export function embedLoader() {
  let root = '.';
  return {
    name: 'phield-embed-loader',
    apply: 'build',
    configResolved: (config) => {
      root = config.root;
    },
    async generateBundle() {
      for (const [entry, format, fileName] of /** @type {const} */ ([
        ['script', 'iife', 'embed.js'],
        ['module', 'es', 'embed.mjs'],
        ['ai-sdk', 'es', 'ai-sdk.mjs'],
      ])) {
        const source = await bundle(join(root, `src/widget/loader/${entry}.ts`), format);
        this.emitFile({ type: 'asset', fileName, source });
      }
    },
  };
}

/** @param {string} entry @param {'iife' | 'es'} format @returns {Promise<string>} */
async function bundle(entry, format) {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: [format], name: 'PhieldLoader', fileName: 'loader' },
      minify: true,
      // A module as a library Vite leaves in many lines, for whoever bundles it further.
      rolldownOptions: { output: { minify: true } },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const chunk = output && 'output' in output ? output.output[0] : undefined;
  if (!chunk || chunk.type !== 'chunk') throw new Error(`${entry} was not built.`);
  return chunk.code;
}
