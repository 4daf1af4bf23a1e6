import { defineConfig } from 'vitest/config';
import { helpAnswers } from './scripts/serving/help-answers.mjs';

// Two projects of the same runner: `unit` runs anywhere in seconds; `kernels` needs a WebGPU adapter in Node
// and is started once per adapter by scripts/test.mjs.
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [helpAnswers()],
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
          exclude: ['src/**/*.gpu.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'kernels',
          include: ['src/**/*.gpu.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // All files in one process, on one device: what compiles for one of them is there for the next, and compiling
          // is most of the time.
          pool: 'forks',
          fileParallelism: false,
          isolate: false,
        },
      },
    ],
  },
});
