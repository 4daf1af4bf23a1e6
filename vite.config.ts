// Builds the app and its service worker. Relative base: the same build serves any folder of any host.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { forHosts, policyMeta } from './scripts/serving/build-plugins.mjs';
import { embedLoader } from './scripts/serving/embed-loader.mjs';
import { helpAnswers } from './scripts/serving/help-answers.mjs';
import { manifest } from './scripts/serving/manifest.mjs';

export default defineConfig({
  base: './',
  resolve: {
    alias: {
      // Its variant for browsers asks the document, which the worker that parses Markdown has not.
      'decode-named-character-reference': fileURLToPath(
        new URL('./node_modules/decode-named-character-reference/index.js', import.meta.url),
      ),
    },
  },
  plugins: [
    react(),
    policyMeta(),
    embedLoader(),
    helpAnswers(),
    VitePWA({
      registerType: 'prompt',
      injectRegister: false,
      includeAssets: [],
      manifest,
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'sw.ts',
      injectManifest: {
        // A classic script, as every browser runs it, under the name that the page registers.
        rollupFormat: 'iife',
        globPatterns: ['**/*.{html,js,css,wasm,svg,png}'],
        // Weights live in the model store. A second copy here would double what the device holds.
        // WebLLM's chunk is megabytes that only its models need: it is kept when it is first used.
        // llama.cpp's program keeps itself (src/store/download/llama-cpp.ts).
        globIgnores: [
          'models/**',
          'screenshots/**',
          'demo/**',
          '**/*webllm*',
          '**/*web-llm*',
          '**/wllama*.wasm',
          // Read by a frame that may keep nothing, and so has no service worker (src/app/frame/page-documents.ts).
          '**/in-page-*',
        ],
        maximumFileSizeToCacheInBytes: 8 * 2 ** 20,
      },
    }),
    forHosts(),
  ],
  worker: {
    format: 'es',
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        // WebLLM's chunk by name, so that the service worker's rules above can tell it from the rest.
        chunkFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.includes('@mlc-ai/web-llm')
            ? 'assets/web-llm-[hash].js'
            : 'assets/[name]-[hash].js',
      },
    },
  },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index.html', 'embed.html', 'remote.html', 'erase.html'],
      checks: { pluginTimings: false },
      output: {
        // The readers of documents stand in their worker's bundle; the page's own copy of them by name.
        chunkFileNames: ({ moduleIds }) => {
          const ours = moduleIds.filter((id) => id.includes('/src/'));
          const isReader =
            ours.length > 0
              ? ours.every((id) => /\/src\/documents\/(?:read|find|serve)\b/.test(id)) &&
                ours.some((id) => /\/src\/documents\/(?:read|serve)\b/.test(id))
              : moduleIds.some((id) => id.includes('/pdfjs-dist/'));
          return isReader ? 'assets/in-page-[name]-[hash].js' : 'assets/[name]-[hash].js';
        },
      },
    },
  },
});
