// How the bytes of a model lie, in real Chromium: moved, lost, changed, checked, carried by files, removed.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { MiB, settings, test } from './faults/lab-test';
import type { Lab, LabTab } from './faults/lab.mjs';
import { moveKillRuns } from './faults/runs.mjs';

/** As it lies on the disk of a browser that is not running. */
function aShardsFile(lab: Lab): string {
  const file = lab.storedFiles.find((path) => statSync(path).size === 2 * MiB);
  if (file === undefined) throw new Error('No shard lies on the disk.');
  return file;
}

/** Of the private file system: one a model. */
async function foldersOfModels(tab: LabTab): Promise<string[]> {
  return tab.page.evaluate(async () => {
    const names: string[] = [];
    const root = await navigator.storage.getDirectory();
    try {
      for await (const name of (await root.getDirectoryHandle('phield-models')).keys()) names.push(name);
    } catch {
      // No model has ever had files.
    }
    return names;
  });
}

test('a model moves between its two places without the network, and a kill on the way loses nothing @chromium', async ({
  lab,
}) => {
  const report = await moveKillRuns(lab, { runs: 2, seed: 3, settings });
  expect(report).toMatchObject({ runs: 2, whole: 2, moved: 2, bytesAskedAgain: 0 });
});

test('a piece that was handed out before its model moved is read where it lies now @chromium', async ({
  lab,
}) => {
  const tab = await lab.open(settings);
  await tab.load('moving');
  const asked = lab.server.log.length;
  for (const to of ['indexeddb', 'files'] as const)
    expect(await tab.call({ op: 'readAcrossMove', base: tab.base('moving'), to })).toBe(12 * MiB);
  expect(await tab.status('moving')).toMatchObject({ complete: true });
  expect(lab.server.log.length).toBe(asked);
});

test('a part that the disk lost, or changed, costs its shard and nothing else @chromium', async ({
  lab,
  server,
}) => {
  expect(await (await lab.open(settings)).load('worn')).toMatchObject({ complete: true, identical: true });
  const shardRequests = (): string[] =>
    server.log.filter(({ run, fault }) => run === 'worn' && !fault).map(({ file }) => file);

  await lab.kill();
  rmSync(aShardsFile(lab));
  const tab = await lab.open(settings);
  // Keys say that it is there; whoever reads it finds out.
  expect(await tab.status('worn')).toMatchObject({ complete: true });
  server.log = [];
  expect((await tab.load('worn')).error).toMatchObject({
    code: 'storage/integrity',
    details: { dropped: true },
  });
  const { complete, missing } = await tab.status('worn');
  expect(complete).toBe(false);
  expect(missing).toHaveLength(1);
  expect(await tab.load('worn')).toMatchObject({
    complete: true,
    identical: true,
    fetchedBytes: 2 * MiB,
  });
  expect(shardRequests()).toEqual(missing.map(({ dataPath }) => dataPath));

  await lab.kill();
  const changed = aShardsFile(lab);
  const bytes = readFileSync(changed);
  bytes[1234] = (bytes[1234] ?? 0) ^ 1;
  writeFileSync(changed, bytes);
  const later = await lab.open(settings);
  expect((await later.load('worn')).error).toMatchObject({
    code: 'storage/integrity',
    details: { dropped: true },
  });
  const [worn, ...others] = (await later.status('worn')).missing;
  expect(others).toEqual([]);
  server.log = [];
  expect(await later.load('worn')).toMatchObject({ complete: true, identical: true });
  expect(shardRequests()).toEqual([worn?.dataPath]);
});

test('a model is verified, travels by files with the server gone, and is removed to the last byte @chromium', async ({
  lab,
  server,
}) => {
  const tab = await lab.open(settings);
  expect(await tab.load('stick')).toMatchObject({ complete: true, identical: true });
  await server.close();
  expect(await tab.call({ op: 'verify', base: tab.base('stick') })).toEqual({
    checkedBytes: 12 * MiB,
    damaged: [],
  });
  expect(await tab.call({ op: 'travel', base: tab.base('stick') })).toMatchObject({
    base: tab.base('stick'),
  });
  expect(await tab.load('stick')).toMatchObject({ complete: true, identical: true, fetchedBytes: 0 });
  await tab.remove('stick');
  const keys = await tab.page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('phield-models');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return new Promise<number>((resolve, reject) => {
      const request = database.transaction('files').objectStore('files').count();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  });
  expect(keys).toBe(0);
  expect(await foldersOfModels(tab)).toEqual([]);
});

test('a browser without handles to private files keeps the bytes in its database, and one with them goes on @chromium', async ({
  lab,
  server,
}) => {
  server.bytesPerSecond = 8 * MiB;
  const without = await lab.open({ ...settings, files: false });
  const dying = without.load('both').catch(() => undefined);
  await expect.poll(async () => (await without.status('both')).storedBytes).toBeGreaterThan(3 * MiB);
  expect(await foldersOfModels(without)).toEqual([]);
  await without.page.close();
  await dying;

  const tab = await lab.open(settings);
  const { storedBytes } = await tab.status('both');
  const rest = await tab.load('both');
  expect(rest).toMatchObject({ complete: true, identical: true });
  expect(rest.fetchedBytes).toBe(12 * MiB - storedBytes);
  expect(await foldersOfModels(tab)).toHaveLength(1);

  // Both kinds, read by the one that can open no handle.
  await tab.page.close();
  const reader = await lab.open({ ...settings, files: false });
  expect(await reader.load('both')).toMatchObject({ complete: true, identical: true, fetchedBytes: 0 });
});

test('files that no record names are removed: at the end of a download, and in idle time @chromium', async ({
  lab,
  server,
}) => {
  server.bytesPerSecond = 16 * MiB;
  const tab = await lab.open(settings);
  const load = tab.load('kept');
  await expect.poll(async () => (await tab.status('kept')).storedBytes).toBeGreaterThan(0);
  const [kept = ''] = await foldersOfModels(tab);
  const files = (): Promise<string[]> =>
    tab.page.evaluate(async (kept) => {
      const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('phield-models');
      const folder = await models.getDirectoryHandle(kept);
      const names: string[] = [];
      for await (const name of folder.keys()) names.push(name);
      return names;
    }, kept);
  await tab.page.evaluate(async (kept) => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('phield-models');
    // As of a shard of an older manifest, and of a removal that another tab was in the way of.
    for (const name of [kept, 'f'.repeat(32)]) {
      const folder = await models.getDirectoryHandle(name, { create: true });
      await folder.getFileHandle('e'.repeat(32), { create: true });
    }
  }, kept);
  expect(await files()).toContain('e'.repeat(32));
  expect(await load).toMatchObject({ complete: true, identical: true });
  expect(await files()).toHaveLength(6);
  expect(await files()).not.toContain('e'.repeat(32));

  expect(await foldersOfModels(tab)).toHaveLength(2);
  await tab.page.evaluate(async () => {
    const address = '/admin.js';
    const { createStorageAdmin } = (await import(
      address
    )) as typeof import('../src/store/admin/storage-admin');
    const admin = createStorageAdmin({
      createWorker: () => new Worker('/store-worker.js', { type: 'module' }),
    });
    await admin.verifyAfterCrash(new AbortController().signal);
    admin.dispose();
  });
  expect(await foldersOfModels(tab)).toEqual([kept]);
  expect(await tab.load('kept')).toMatchObject({ complete: true, identical: true, fetchedBytes: 0 });
});

test('the storage page of a window sees, checks and deletes a model, hashing in its worker @chromium', async ({
  lab,
}) => {
  const tab = await lab.open(settings);
  expect(await tab.load('admin')).toMatchObject({ complete: true, identical: true });
  const seen = await tab.page.evaluate(async (base) => {
    const address = '/admin.js';
    const { createStorageAdmin } = (await import(
      address
    )) as typeof import('../src/store/admin/storage-admin');
    const admin = createStorageAdmin({
      createWorker: () => new Worker('/store-worker.js', { type: 'module' }),
    });
    const { signal } = new AbortController();
    const before = await admin.models();
    let progress = 0;
    const report = await admin.verify(base, {
      signal,
      onProgress: ({ doneBytes }) => (progress = doneBytes),
    });
    const refused = await admin
      .verify(base, { signal: AbortSignal.abort() })
      .catch((error: { code?: string }) => error.code);
    const crashed = await admin.verifyAfterCrash(signal);
    const usage = await admin.usage();
    const names: string[] = [];
    let exportedBytes = 0;
    for await (const { path, stream } of admin.exportFiles(base)) {
      names.push(path);
      if (path.startsWith('params')) exportedBytes += (await new Response(stream()).arrayBuffer()).byteLength;
    }
    await admin.remove(base);
    const after = await admin.models();
    admin.dispose();
    return { before, report, refused, progress, crashed, usage, names, exportedBytes, after };
  }, tab.base('admin'));
  expect(seen.before).toMatchObject([{ complete: true, totalBytes: 12 * MiB }]);
  expect(seen.report).toEqual({ checkedBytes: 12 * MiB, damaged: [] });
  expect(seen.refused).toBe('run/aborted');
  expect(seen.progress).toBe(12 * MiB);
  expect(seen.crashed).toEqual([]);
  expect(seen.usage.persistent).toBe(false);
  expect(seen.usage.usedBytes).toBeGreaterThanOrEqual(12 * MiB);
  expect(seen.exportedBytes).toBe(12 * MiB);
  expect(seen.names.toSorted()).toEqual(
    [
      ...Array.from({ length: 6 }, (_, i) => `params_shard_${i}.bin`),
      'mlc-chat-config.json',
      'ndarray-cache.json',
      'phield-model.json',
      'tokenizer.json',
    ].toSorted(),
  );
  expect(seen.after).toEqual([]);
});
