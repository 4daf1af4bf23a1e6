import { defineConfig } from '@playwright/test';
import type { BrowserName } from './e2e/app';

// Real browsers on software adapters: Chromium on SwiftShader, Firefox on lavapipe. No retries: a flaky test is a bug.
// The app is served by each test, since some of them take the server away.
//
// Where Firefox is there too (scripts/test.mjs says so), a test runs in it alone: it is the quicker one. Tagged
// `@chromium`: what only Chromium or its developer tools can do. Tagged `@both`: the main paths.
const firefoxToo = process.env['PHIELD_FIREFOX_TOO'] === '1';

export default defineConfig<object, { browserUsed: BrowserName }>({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // Of a test on a busy machine. A step that never ends is named sooner: after a minute.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  projects: [
    {
      name: 'firefox',
      use: { browserUsed: 'firefox' },
      grepInvert: /@chromium/,
      testIgnore: 'webkit/**',
    },
    {
      name: 'chromium',
      use: { browserUsed: 'chromium' },
      testIgnore: ['firefox/**', 'webkit/**'],
      ...(firefoxToo && { grep: /@chromium|@both/ }),
    },
    // Without WebGPU, and not driven by Playwright: e2e/webkit/webkit.ts.
    { name: 'webkit', testMatch: 'webkit/*.spec.ts' },
  ],
});
