// Big downloads as a person sees them: a full disk and its three ways out, pause, cancel, reload, and two tabs.
import type { Page } from '@playwright/test';
import { Chat, expect } from './app';
import { makeSpeakingModel } from './faults/model.mjs';
import { askedAgain } from './faults/runs.mjs';
import { bigModel, coverage, MiB, silence, statusOf, test, type Host } from './model-host';

const bar = (page: Page) => page.getByRole('progressbar', { name: 'Loading the model' });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const ready = (page: Page) => expect(page.getByText(/Runs on/)).toBeVisible();

/**
 * Comes back when that much has been sent. From then on the host is slow, so that much is left for what the test does
 * next, however busy the machine is.
 */
async function slowedAfter(host: Host, run: string, bytes: number): Promise<void> {
  host.bytesPerSecond = 6 * MiB;
  await expect.poll(() => host.shardBytes(run), { intervals: [100] }).toBeGreaterThan(bytes);
  host.bytesPerSecond = MiB;
}

async function answers(page: Page): Promise<string> {
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  const answer = chat.log.getByRole('article').last();
  await expect(answer).toContainText('Phield');
  return answer.innerText();
}

test('a full disk: figures, then room made and finished, a smaller model, or a run from memory @chromium', async ({
  ownApp: app,
  host,
}) => {
  // On a machine that is busy with other things.
  test.setTimeout(300_000);
  const big = makeSpeakingModel({ paddingMiB: 16, shardMiB: 2, seed: 8 });
  host.models.set('other', makeSpeakingModel({ paddingMiB: 24, shardMiB: 2, seed: 7 })).set('big', big);
  // Before the first write: what room there is, the browser asks now and then, not each time.
  const context = await app.openBrowser();
  const page = context.pages()[0] ?? (await context.newPage());
  const devtools = await context.newCDPSession(page);
  const origin = new URL(app.address).origin;
  const quota = (quotaSize: number) => devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  await quota(16 * MiB);
  const room = page.getByRole('region', { name: 'Make room' });
  const figures = /[\d.]+ MB more are needed; [\d.]+ .?B of this model are already here/;

  await page.goto(`${app.address}?${host.query('other')}`);
  await expect(room).toContainText(figures);
  // So full that not even its small files fit.
  await quota(8 * MiB);
  await page.goto(`${app.address}?${host.query('big')}`);
  await expect(room).toContainText('21.0 MB more are needed; 0 B of this model are already here');
  await expect(room).toContainText(/other: 1\d\.\d MB/);

  // From memory: it answers, and nothing of it is stored.
  await button(page, 'Run from memory').click();
  await expect(page.getByText(/runs from memory and is not stored/)).toBeVisible();
  await answers(page);
  expect((await statusOf(page, host.folder('big')))?.storedBytes ?? 0).toBe(0);

  // A smaller one, for which there is room.
  await quota(16.5 * MiB);
  await page.goto(`${app.address}?${host.query('big')}&again`);
  await expect(room).toContainText(figures);
  // With what the app keeps of itself for a life without a network, which may come only now; `big` still does not fit.
  await quota(30 * MiB);
  await room.getByRole('link', { name: 'Choose a smaller model' }).click();
  await button(page, 'Use Phield tiny').click();
  await expect(page.getByRole('listitem', { name: 'Phield tiny' })).toContainText('In use');

  // Room made by deleting another model: the rest arrives, and nothing that was stored comes again.
  await page.goto(`${app.address}?${host.query('big')}`);
  await expect(room).toBeVisible();
  const stored = await statusOf(page, host.folder('big'));
  expect(stored).toMatchObject({ complete: false, totalBytes: big.totalBytes });
  const from = host.log.length;
  await room.getByRole('button', { name: 'Delete other' }).click();
  await room.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(room).toContainText(/are free again/);
  // The app's own files, kept for a life without a network, share the quota and may have come meanwhile.
  await quota(42 * MiB);
  await room.getByRole('button', { name: 'Try again' }).click();
  await ready(page);
  expect(await statusOf(page, host.folder('big'))).toMatchObject({ complete: true });
  if (stored) expect(askedAgain(host.log.slice(from), stored, big)).toBe(0);
});

test('pause, cancel and reload keep what has arrived, and the bar never falls', async ({ app, host }) => {
  const folder = host.folder('slow');
  const arrived = (bytes: number) => slowedAfter(host, 'slow', bytes);
  const page = await app.open(host.query('slow'));
  await arrived(5 * MiB);

  await button(page, 'Pause').click();
  await expect(page.getByText('Paused')).toBeVisible();
  await silence(host, 'slow');
  const paused = await statusOf(page, folder);
  expect(paused?.storedBytes).toBeGreaterThan(4 * MiB);
  let from = host.log.length;
  await button(page, 'Resume').click();
  await expect.poll(() => host.log.length).toBeGreaterThan(from);
  await arrived(12 * MiB);

  await button(page, 'Cancel').click();
  await expect(page.getByText(/slow is not loaded/)).toBeVisible();
  await silence(host, 'slow');
  if (paused) expect(askedAgain(host.log.slice(from), paused, bigModel())).toBe(0);
  const cancelled = await statusOf(page, folder);
  expect(cancelled?.storedBytes).toBeGreaterThan(paused?.storedBytes ?? 0);
  from = host.log.length;
  await button(page, 'Load it').click();
  await arrived(18 * MiB);
  const atReload = await statusOf(page, folder);

  // What the bar has shown since the page began, in percent and in bytes.
  await page.addInitScript(() => {
    const seen: { percent: number; figures: string }[] = [];
    Object.assign(globalThis, { seen });
    const note = (): void => {
      const element = document.querySelector('[role=progressbar]');
      if (!element) return;
      const figures = element.parentElement?.querySelector('.load-figures')?.textContent ?? '';
      seen.push({ percent: Number(element.getAttribute('aria-valuenow')), figures });
    };
    new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await page.reload();
  if (cancelled) expect(askedAgain(host.log.slice(from), cancelled, bigModel())).toBe(0);
  from = host.log.length;
  host.bytesPerSecond = 6 * MiB;
  await ready(page);
  if (atReload) expect(askedAgain(host.log.slice(from), atReload, bigModel())).toBe(0);
  const seen = await page.evaluate(
    () => (globalThis as unknown as { seen: { percent: number; figures: string }[] }).seen,
  );
  const percents = seen.map(({ percent }) => percent);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  const bytes = seen.flatMap(({ figures }) => {
    const match = /([\d.]+) MB of/.exec(figures);
    return match ? [Number(match[1]) * 1e6] : [];
  });
  expect(bytes.length).toBeGreaterThan(3);
  // The figure before the reload, to the accuracy it is shown with.
  expect(bytes[0]).toBeGreaterThan((atReload?.storedBytes ?? 0) - 1e5);
  await answers(page);
});

test('two tabs: one downloads, the other shows the same progress and takes over when it is closed', async ({
  app,
  host,
}) => {
  const first = await app.open(host.query('pair'));
  await slowedAfter(host, 'pair', 2 * MiB);
  const second = await app.newTab(host.query('pair'));
  await expect(button(second, 'Pause')).toBeVisible();
  await slowedAfter(host, 'pair', 8 * MiB);
  const percent = async (page: Page) => Number(await bar(page).getAttribute('aria-valuenow'));
  await expect.poll(() => percent(second)).toBeGreaterThan(20);
  // Read one after the other while it grows: near each other at some look, not at each.
  await expect.poll(async () => Math.abs((await percent(second)) - (await percent(first)))).toBeLessThan(12);
  // Either tab pauses the one download.
  await button(second, 'Pause').click();
  await expect(first.getByText('Paused')).toBeVisible();
  await silence(host, 'pair');
  await button(first, 'Resume').click();
  const before = host.shardBytes('pair');
  await expect.poll(() => host.shardBytes('pair')).toBeGreaterThan(before + MiB);
  const stored = await statusOf(second, host.folder('pair'));
  const from = host.log.length;
  await first.close();
  const closedAtMs = Date.now();
  await expect.poll(() => host.log.length, { intervals: [50] }).toBeGreaterThan(from);
  console.log(`taken over ${Date.now() - closedAtMs} ms after the downloading tab was closed`);
  host.bytesPerSecond = 24 * MiB;
  await ready(second);
  if (stored) expect(askedAgain(host.log.slice(from), stored, bigModel())).toBe(0);
  await answers(second);

  // Undisturbed, each byte is sent once for both, and both answer.
  const third = await app.newTab(host.query('once'));
  await second.goto(`${app.address}?${host.query('once')}`);
  await Promise.all([ready(second), ready(third)]);
  expect(coverage(host, 'once')).toEqual({ twice: 0, never: 0 });
  expect(await answers(third)).toContain('Phield');
});
