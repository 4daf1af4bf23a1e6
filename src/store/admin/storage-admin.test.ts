// Tasks for the store's worker: each is answered by its own number, told of its own progress, and none waits for ever.
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError, toWire } from '../../base/errors';
import { createStorageAdmin, type StorageAdmin } from './storage-admin';
import type { FromStoreWorker, ToStoreWorker } from './store-tasks';

const base = 'https://models.example/m/';
const never = new AbortController().signal;

/** What was sent to it, and a way to answer. */
class FakeWorker {
  readonly sent: ToStoreWorker[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  readonly terminate = vi.fn();

  postMessage(message: ToStoreWorker): void {
    this.sent.push(message);
  }
  say(message: FromStoreWorker | string): void {
    this.onmessage?.({ data: message });
  }
}

describe('tasks of the store’s worker', () => {
  let workers: FakeWorker[];
  let admin: StorageAdmin;
  beforeEach(() => {
    workers = [];
    admin = createStorageAdmin({
      createWorker: () => {
        const worker = new FakeWorker();
        workers.push(worker);
        return worker as unknown as Worker;
      },
      databaseName: 'storage-admin-test',
    });
  });
  afterEach(() => admin.dispose());
  const worker = (): FakeWorker => {
    const [first] = workers;
    if (!first) throw new Error('No worker was started.');
    return first;
  };
  const report = (shards: number) => ({ shards, damaged: [] });

  it('are answered by their number, whatever comes first, by one worker', async () => {
    expect(workers).toHaveLength(0);
    const seen: number[] = [];
    const one = admin.verify('https://models.example/m', { signal: never });
    const two = admin.verify('https://models.example/n/', {
      signal: never,
      onProgress: ({ doneBytes }) => seen.push(doneBytes),
    });
    await vi.waitFor(() => expect(worker().sent).toHaveLength(2));
    expect(workers).toHaveLength(1);
    const [first, second] = worker().sent;
    expect(first).toMatchObject({ task: { op: 'verify', base, databaseName: 'storage-admin-test' } });
    const progress = (doneBytes: number) => ({ doneBytes, totalBytes: 9 }) as never;
    worker().say('nothing of ours');
    worker().say({ id: 99, kind: 'done', result: null });
    worker().say({ id: first?.id ?? -1, kind: 'progress', progress: progress(1) });
    worker().say({ id: second?.id ?? -1, kind: 'progress', progress: progress(2) });
    worker().say({ id: second?.id ?? -1, kind: 'done', result: report(2) as never });
    worker().say({ id: second?.id ?? -1, kind: 'progress', progress: progress(3) });
    worker().say({
      id: first?.id ?? -1,
      kind: 'failed',
      error: toWire(new AppError('storage/quota', 'Full.')),
    });
    expect(await two).toEqual(report(2));
    await expect(one).rejects.toMatchObject({ code: 'storage/quota' });
    expect(seen).toEqual([2]);
  });

  it('are called off by their number, also where that was known before', async () => {
    const stop = new AbortController();
    const running = admin.preflight(base, { signal: stop.signal });
    await vi.waitFor(() => expect(worker().sent).toHaveLength(1));
    stop.abort();
    const early = admin.preflight(base, { signal: stop.signal });
    await vi.waitFor(() => expect(worker().sent).toHaveLength(4));
    const [first, cancel, second, cancelled] = worker().sent;
    expect(cancel).toEqual({ id: first?.id, cancel: true });
    expect(cancelled).toEqual({ id: second?.id, cancel: true });
    expect(second?.id).not.toBe(first?.id);
    admin.dispose();
    await expect(running).rejects.toMatchObject({ code: 'worker/crashed' });
    await expect(early).rejects.toMatchObject({ code: 'worker/crashed' });
    expect(worker().terminate).toHaveBeenCalledTimes(1);
  });

  it('fail with a worker that stops, and the next one gets another', async () => {
    const running = admin.verify(base, { signal: never });
    await vi.waitFor(() => expect(worker().sent).toHaveLength(1));
    worker().onerror?.({ message: 'Out of memory', filename: 'store-worker.js', lineno: 3 });
    await expect(running).rejects.toMatchObject({ code: 'worker/crashed', retryable: true });
    const again = admin.verify(base, { signal: never });
    await vi.waitFor(() => expect(workers).toHaveLength(2));
    const [task] = workers[1]?.sent ?? [];
    workers[1]?.say({ id: task?.id ?? -1, kind: 'done', result: report(1) as never });
    expect(await again).toEqual(report(1));
  });
});
