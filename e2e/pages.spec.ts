// The pages beside the chat, over the real store, worker and catalogue.
import { readFile } from 'node:fs/promises';
import type { BenchmarkReport } from '../src/protocol/benchmark';
import { Chat, expect, settingsProbes, test } from './app';

test('Models says what fits this device before anything big is fetched', async ({ app }) => {
  const page = await app.open();
  await expect(new Chat(page).composer).toBeVisible();
  await page.goto(`${app.address}#/models`);
  await expect(page.getByRole('heading', { name: 'Models', level: 1 })).toBeVisible();
  // SwiftShader: everything but the embedded model is refused, with the reason.
  const refused = page.getByRole('region', { name: 'Not on this device' });
  await expect(refused).toContainText('Phi-3 mini');
  await expect(refused).toContainText('software adapter');
  await expect(page.getByRole('region', { name: 'Fits this device' })).toContainText('Phield tiny');
});

test('an address that is not an MLC folder is refused with its own words, before any download', async ({
  app,
}) => {
  app.expectConsoleError(/404/);
  const page = await app.open('#/models');
  await page
    .getByRole('textbox', { name: 'Address or owner/repository' })
    .fill(`${app.address}nothing-here/`);
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByRole('status').filter({ hasText: /MLC|not a model|no model/i })).toBeVisible();
  expect(app.modelRequests.filter((path) => path.includes('nothing-here') && path.includes('shard'))).toEqual(
    [],
  );
});

test('?model= takes the address of an MLC folder', async ({ app }) => {
  const folder = `${app.address}models/phield-tiny/`;
  const page = await app.open(`model=${encodeURIComponent(folder)}&temperature=0&max_tokens=40`);
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  await expect(chat.log.getByRole('article').last()).toContainText(/Phield/);
});

test('Storage shows the model, checks it, and deletes all of it', async ({ app }) => {
  const page = await app.open('max_tokens=8');
  await new Chat(page).send('What is Phield?');
  await page.getByRole('link', { name: 'This device' }).click();
  const model = page.getByRole('listitem').filter({ hasText: /tiny/i });
  await expect(model).toContainText('Complete');
  await page.getByRole('button', { name: /^Verify/ }).click();
  await expect(page.getByText(/is whole/)).toBeVisible();
  await page.getByRole('button', { name: /^Delete .*tiny/i }).click();
  await page
    .getByRole('group', { name: /^Delete/ })
    .getByRole('button', { name: 'Delete' })
    .click();
  await expect(page.getByText('No model is stored yet.')).toBeVisible();
  const left = await page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const open = indexedDB.open('phield-models');
        open.onerror = () => reject(new Error('no database'));
        open.onsuccess = () => {
          const [name] = [...open.result.objectStoreNames];
          if (!name) return resolve(0);
          const count = open.result.transaction(name).objectStore(name).count();
          count.onsuccess = () => resolve(count.result);
        };
      }),
  );
  expect(left).toBe(0);
});

test('Benchmark measures memory and engine, shows both, and exports them @chromium @alone', async ({
  app,
}) => {
  const page = await app.open();
  await page.getByRole('link', { name: 'This device' }).click();
  await page.getByRole('tab', { name: 'Benchmark' }).click();
  await expect(page.getByRole('heading', { name: 'Benchmark', level: 1 })).toBeVisible();
  await expect(page.getByText(/This is a software adapter/)).toBeVisible();
  await page.getByRole('button', { name: 'Run the benchmark' }).click();
  await expect(page.getByText(/Memory is read at .* of weights/)).toBeVisible({ timeout: 60_000 });
  const save = page.getByRole('button', { name: 'Export as JSON' });
  await expect(save).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('row', { name: /Phield’s own .* Long prompt/ })).toContainText('%');
  await expect(page.getByRole('img', { name: /Tokens per second/ })).toContainText(
    'Short prompt, Phield’s own',
  );

  const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
  expect(download.suggestedFilename()).toMatch(/^phield-benchmark-.*\.json$/);
  const report = JSON.parse(await readFile(await download.path(), 'utf8')) as BenchmarkReport;
  expect(report).toMatchObject({ version: 3, model: 'phield-tiny', order: ['wgsl'], failures: [] });
  const { weightBytesPerToken = 0, bandwidth } = report;
  const bytesPerSecond = bandwidth?.bytesPerSecond ?? 0;
  expect(bytesPerSecond).toBeGreaterThan(1e7);
  expect(weightBytesPerToken).toBeGreaterThan(1e6);
  expect(report.rows.map(({ prompt, rounds }) => [prompt, rounds])).toEqual([
    ['short', 1],
    ['long', 1],
  ]);
  for (const row of report.rows) {
    expect(row.decodeTokensPerS).toBeGreaterThan(0);
    expect(row.prefillTokensPerS).toBeGreaterThan(0);
    const roof = (row.decodeTokensPerS * weightBytesPerToken) / bytesPerSecond;
    expect(row.roofFraction).toBeCloseTo(roof, 9);
  }
  expect(report.rows[1]?.promptTokens).toBeGreaterThan(100);

  // llama.cpp over the same file, as it is asked to; and stopped in the middle of it.
  await page.getByRole('checkbox', { name: /Also with llama.cpp/ }).check();
  await page.getByRole('button', { name: 'Run the benchmark' }).click();
  await expect(page.getByRole('row', { name: /llama.cpp \(processor\).* Short prompt/ })).toContainText(
    'Processor,',
    { timeout: 90_000 },
  );
  const ratios = page.getByRole('region', { name: /How many times as fast/ });
  await expect(ratios.getByRole('row', { name: /llama.cpp \(processor\)/ })).toContainText('×');
  await page.getByRole('button', { name: 'Stop the benchmark' }).click();
  // The model is back.
  await page.getByRole('button', { name: 'New chat' }).click();
  await new Chat(page).send('What is Phield?');
});

test('parts of the page that cannot be fetched take nothing else down, and come when asked for again @both', async ({
  app,
}) => {
  app.expectConsoleError(/settings-dialog|sent-count|ERR_FAILED|NS_ERROR/);
  app.expectConsoleError(settingsProbes);
  const context = await app.openBrowser({ serviceWorkers: 'block' });
  const parts = /assets\/(settings-dialog|sent-count)-.*\.js$/;
  await context.route(parts, (route) => route.abort());
  const page = await app.open('temperature=0');
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const missing = page.getByRole('alert').filter({ hasText: 'could not be loaded' });
  await expect(missing).toBeVisible();
  await missing.getByRole('button', { name: 'Dismiss' }).click();
  await expect(missing).toBeHidden();
  await new Chat(page).send('What is Phield?');
  await context.unroute(parts);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  // Firefox does not ask again for a script that failed.
  await expect(app.browser === 'firefox' ? missing : dialog).toBeVisible();
  if (app.browser !== 'firefox') return;
  await missing.getByRole('button', { name: 'Reload' }).click();
  await expect(missing).toBeHidden();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(dialog).toBeVisible();
});
