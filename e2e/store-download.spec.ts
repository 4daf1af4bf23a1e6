// How the bytes of a model come, in real Chromium from a real server that misbehaves: a quick part of
// `npm run test:faults` and `npm run test:kills`, and what needs only one run: full disk, two tabs, pause, mirrors.
import { expect } from '@playwright/test';
import { FaultServer } from './faults/fault-server.mjs';
import { MiB, settings, test } from './faults/lab-test';
import type { LabTab } from './faults/lab.mjs';
import { makeModel } from './faults/model.mjs';
import { faultRuns, killRuns } from './faults/runs.mjs';
import { coverage, silence } from './model-host';

async function tell(tab: LabTab, run: string, kind: 'pause' | 'resume'): Promise<void> {
  await tab.page.evaluate(
    ([base, kind]) => {
      const channel = new BroadcastChannel('phield-models/downloads');
      channel.postMessage({ v: 1, base, kind });
      channel.close();
    },
    [tab.base(run), kind] as const,
  );
}

test('ten downloads under faults, into either place: each complete and identical, or a typed error and then complete @chromium', async ({
  lab,
}) => {
  for (const storage of ['files', 'indexeddb'] as const) {
    const there = { ...settings, storage };
    const tab = await lab.open(there);
    const report = await faultRuns(tab, { runs: 5, seed: 9_000, settings: there });
    expect(report.lost).toBe(0);
    expect(report.complete + report.typedErrors).toBe(5);
    expect(report.complete).toBeGreaterThan(0);
  }
});

test('a browser killed in mid-download asks for no committed byte again @chromium', async ({
  lab,
  server,
}) => {
  server.bytesPerSecond = 16 * MiB;
  for (const storage of ['files', 'indexeddb'] as const) {
    const there = { ...settings, storage };
    const report = await killRuns(lab, { runs: 1, seed: 5, settings: there, withinMs: 1_200 });
    expect(report).toMatchObject({ runs: 1, complete: 1, committedBytesAskedAgain: 0, commitsLost: 0 });
  }
});

test('a full disk is a typed error with figures, keeps finished shards, and leaves the way from memory @chromium', async ({
  lab,
}) => {
  // Two at a time: five could fill the quota with parts before a shard is whole.
  const tab = await lab.open({ ...settings, connections: 2 });
  const devtools = await tab.page.context().newCDPSession(tab.page);
  const origin = lab.origin;
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 7 * MiB });
  const full = await tab.load('quota');
  expect(full.error?.code).toBe('storage/quota');
  const status = await tab.status('quota');
  expect(status.complete).toBe(false);
  expect(status.missing.length).toBeLessThan(6);
  // What was begun stays too: all that the quota held.
  expect(status.storedBytes).toBeGreaterThan(5 * MiB);
  expect(full.error?.details).toMatchObject({
    neededBytes: 12 * MiB - status.storedBytes,
    storedBytes: status.storedBytes,
    totalBytes: 12 * MiB,
  });
  const fromMemory = await tab.load('quota', { memoryOnly: true });
  expect(fromMemory).toMatchObject({ identical: true, complete: false });
  expect(fromMemory.fetchedBytes).toBeLessThan(12 * MiB);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  expect(await tab.load('quota')).toMatchObject({ complete: true, identical: true });
});

test('two tabs fetch each byte once, and the second takes over when the first is closed @chromium', async ({
  lab,
  server,
}) => {
  server.bytesPerSecond = 16 * MiB;
  const [first, second] = [await lab.open(settings), await lab.open(settings)];
  const both = await Promise.all([first.load('pair'), second.load('pair')]);
  for (const load of both)
    expect(load).toMatchObject({ complete: true, identical: true, progressFell: false });
  expect(coverage(server, 'pair')).toEqual({ twice: 0, never: 0 });
  for (const name of ['mlc-chat-config.json', 'tokenizer.json', 'ndarray-cache.json']) {
    expect(server.log.filter((entry) => entry.run === 'pair' && entry.file === name)).toHaveLength(1);
  }
  expect(both.map((load) => load.fetchedBytes).toSorted((a, b) => a - b)).toEqual([0, 12 * MiB]);
  const again = await Promise.all([first.load('pair'), second.load('pair')]);
  for (const load of again) expect(load).toMatchObject({ complete: true, identical: true, fetchedBytes: 0 });

  const dying = first.load('heir').catch(() => undefined);
  await expect.poll(async () => (await first.status('heir')).storedBytes).toBeGreaterThan(0);
  const heir = second.load('heir');
  await first.page.close();
  const closedAt = server.log.length;
  await dying;
  expect(await heir).toMatchObject({ complete: true, identical: true, progressFell: false });
  // It went on from what was committed, not from the start.
  const later = server.log.slice(closedAt).filter((entry) => entry.file.startsWith('params_shard'));
  expect(later.some((entry) => entry.from > 0)).toBe(true);
});

test('pause stops the requests, resume goes on where it stopped @chromium', async ({ lab, server }) => {
  server.bytesPerSecond = 8 * MiB;
  const tab = await lab.open(settings);
  const load = tab.load('pause');
  await expect.poll(async () => (await tab.status('pause')).storedBytes).toBeGreaterThan(MiB);
  await tell(tab, 'pause', 'pause');
  // Left alone it would send on until the end.
  await silence(server, 'pause');
  expect(server.shardBytes('pause')).toBeLessThan(12 * MiB);
  await tell(tab, 'pause', 'resume');
  expect(await load).toMatchObject({ complete: true, identical: true, progressFell: false });
});

test('a folder that fails in any way gives way to its mirror @chromium', async ({ lab, server }) => {
  const second = new FaultServer(server.model, () => false);
  second.cors = true;
  const origin = await second.listen();
  const tab = await lab.open(settings);
  for (const kind of ['unavailable', 'missing', 'page', 'cut', 'flip', 'stall'] as const) {
    server.breakWith(kind, kind);
    const load = await tab.load(kind, { mirrors: [`${origin}/m/${kind}/`] });
    expect(load, kind).toMatchObject({ complete: true, identical: true, progressFell: false });
    expect(second.shardBytes(kind), kind).toBeGreaterThan(0);
    await tab.remove(kind);
  }
  await second.close();
});

test('a folder that moves on to another commit is fetched whole at the commit it began with @chromium', async ({
  lab,
  server,
}) => {
  const [oldCommit, newCommit] = ['a'.repeat(40), 'b'.repeat(40)];
  const newer = makeModel({ totalMiB: 12, shardMiB: 2, seed: 2 });
  server.hub.commits.set(oldCommit, server.model).set(newCommit, newer);
  server.hub.main = oldCommit;
  server.bytesPerSecond = 12 * MiB;
  const tab = await lab.open(settings);
  const folder = `${lab.origin}/hub/phi/resolve/main/`;
  const load = tab.load(folder);
  await expect.poll(() => server.shardBytes(`hub@${oldCommit}`)).toBeGreaterThan(2 * MiB);
  server.hub.main = newCommit;
  expect(await load).toMatchObject({ complete: true, identical: true, progressFell: false });
  expect(server.shardBytes('hub@main') + server.shardBytes(`hub@${newCommit}`)).toBe(0);

  // A commit that is gone from its host: what moves is asked again, and the next try has all of the new one.
  await tab.remove(folder);
  server.hub.main = oldCommit;
  const cutShort = tab.load(folder);
  const before = server.shardBytes(`hub@${oldCommit}`);
  await expect.poll(() => server.shardBytes(`hub@${oldCommit}`)).toBeGreaterThan(before + 2 * MiB);
  server.hub.commits.delete(oldCommit);
  server.hub.main = newCommit;
  server.dropConnections();
  const ended = await cutShort;
  if (ended.error) expect(ended.error.code).toBe('network/http-status');
  expect(await tab.load(folder, { model: newer })).toMatchObject({ complete: true, identical: true });
});
