import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { helpAnswers } from './scripts/serving/help-answers.mjs';
import { unitFiles } from './scripts/unit-files.mjs';

const { alone, page } = unitFiles(import.meta.dirname);
const gpu = 'src/**/*.gpu.test.ts';

/** The order is the one in which they run: files of one project then follow each other in one process. */
function unit(
  kind: string,
  groupOrder: number,
  test: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration {
  return {
    plugins: [helpAnswers()],
    test: {
      name: `unit-${kind}`,
      environment: 'node',
      testTimeout: 30_000,
      sequence: { groupOrder },
      ...test,
    },
  };
}

// `unit-*` run anywhere; `kernels` needs a WebGPU adapter in Node and is started once per adapter by scripts/test.mjs.
// A process of its own for each file, with its own jsdom and its own copy of all modules, would be most of the work of
// unit tests: only those have one that need it.
export default defineConfig({
  test: {
    projects: [
      unit('node', 1, {
        include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
        exclude: [gpu, ...alone, ...page],
        isolate: false,
      }),
      unit('page', 2, {
        include: page,
        environment: 'jsdom',
        setupFiles: ['src/ui/testing/fresh-page.ts'],
        isolate: false,
      }),
      unit('alone', 3, { include: alone }),
      {
        test: {
          name: 'kernels',
          include: [gpu],
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
