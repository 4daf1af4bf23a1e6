// Browsers without WebGPU or without an adapter get a page that says what to do; never a blank one.
import { expect, test } from './app';

test('an address without HTTPS has no WebGPU: the page says so and what to do @chromium', async ({
  ownApp: app,
}) => {
  // Browsers hide navigator.gpu, in the window and in workers, from pages that came over plain HTTP.
  app.expectConsoleError(/Cross-Origin-Opener-Policy header has been ignored/);
  await app.openBrowser({ flags: ['--host-resolver-rules=MAP phield.test 127.0.0.1'] });
  const page = await app.open('', 'phield.test');
  expect(await page.evaluate(() => 'gpu' in navigator)).toBe(false);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('WebGPU');
  await expect(alert).toContainText(/https/i);
});

test('no WebGPU in the browser: the page names browsers that have it', async ({ app }) => {
  const context = await app.openBrowser();
  await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'gpu'));
  const page = await app.open();
  expect(await page.evaluate(() => 'gpu' in navigator)).toBe(false);
  await expect(page.getByRole('alert')).toContainText(/Chrome.*Safari|Safari.*Chrome/s);
});

test('WebGPU without an adapter: the page says what to check', async ({ ownApp: app }) => {
  await app.openBrowser({ adapter: false });
  const page = await app.open();
  expect(await page.evaluate(async () => (await navigator.gpu.requestAdapter()) !== null)).toBe(false);
  await expect(page.getByRole('alert')).toContainText(/graphics|GPU/);
  await expect(page.getByRole('button', { name: /try again/i })).toBeVisible();
});
