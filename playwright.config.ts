import { defineConfig } from '@playwright/test';

// Real Chromium on a software adapter. No retries: a flaky test is a bug. The app is served by each test, since
// some of them take the server away.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  timeout: 120_000,
  expect: { timeout: 60_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
});
