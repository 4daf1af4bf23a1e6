import { defineConfig } from 'vitest/config';

// Two projects of the same runner: `unit` runs anywhere in seconds; `kernels` needs a WebGPU adapter in Node
// and is started once per adapter by scripts/test.mjs.
export default defineConfig({
  test: {
    projects: [
      {
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
