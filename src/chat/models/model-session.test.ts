import { describe, expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import { FakeEngine } from '../../client/fake-engine';
import type { LoadProgress } from '../../protocol/chat';
import { ModelSession } from './model-session';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const lost = new AppError('gpu/device-lost', 'Gone.');

function progress(fraction: number): LoadProgress {
  return { phase: 'shards', loadedBytes: 1, totalBytes: 2, fraction, fetchedBytes: 0 };
}

describe('loading', () => {
  it('goes from idle through loading to ready', async () => {
    const session = new ModelSession(new FakeEngine(), 'phield-tiny');
    expect(session.getState().kind).toBe('idle');
    const done = session.load();
    expect(session.getState()).toMatchObject({ kind: 'loading', model: 'phield-tiny' });
    await done;
    expect(session.getState()).toMatchObject({ kind: 'ready', info: { id: 'phield-tiny' } });
  });

  it('never lets the bar go back or leave its range', async () => {
    const engine = new FakeEngine();
    engine.progress = [progress(0.4), progress(0.2), progress(NaN), progress(0.6), progress(7)];
    const session = new ModelSession(engine, 'phield-tiny');
    const seen: number[] = [];
    session.subscribe(() => {
      const state = session.getState();
      if (state.kind === 'loading' && state.progress) seen.push(state.progress.fraction);
    });
    await session.load();
    expect(seen).toEqual([0.4, 0.4, 0.4, 0.6, 1]);
  });

  it('fails with the typed error, and a second try works', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = new AppError('storage/integrity', 'Bad shard.');
    const session = new ModelSession(engine, 'phield-tiny');
    await session.load();
    expect(session.getState()).toMatchObject({ kind: 'failed', error: { code: 'storage/integrity' } });
    await session.load();
    expect(session.getState().kind).toBe('ready');
  });

  it('gives way to a later load: the first one neither fails nor finishes', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = 'hold';
    const session = new ModelSession(engine, 'big');
    const first = session.load();
    const second = session.load('small');
    await Promise.all([first, second]);
    expect(session.getState()).toMatchObject({ kind: 'ready', model: 'small' });
  });
});

describe('loss', () => {
  it('loads again by itself once, then leaves it to the person', async () => {
    const engine = new FakeEngine();
    const session = new ModelSession(engine, 'phield-tiny');
    await session.load();
    engine.lose(lost);
    expect(session.getState()).toMatchObject({
      kind: 'loading',
      recoveringFrom: { code: 'gpu/device-lost' },
    });
    await settle();
    expect(session.getState().kind).toBe('ready');
    engine.lose(lost);
    expect(session.getState()).toMatchObject({ kind: 'failed', error: { code: 'gpu/device-lost' } });
    await settle();
    expect(engine.loads).toHaveLength(2);
    await session.load();
    expect(session.getState().kind).toBe('ready');
  });

  it('in the middle of a load is answered in the same way: once more by itself, then the error', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = lost;
    const session = new ModelSession(engine, 'phield-tiny');
    await session.load();
    await settle();
    expect(session.getState().kind).toBe('ready');
    expect(engine.loads).toHaveLength(2);
    // The one try by itself is spent, until an answer has come through or the person asks again.
    engine.lose(lost);
    expect(session.getState()).toMatchObject({ kind: 'failed', error: { code: 'gpu/device-lost' } });
  });

  it('recovers by itself again once an answer has come through', async () => {
    const engine = new FakeEngine();
    const session = new ModelSession(engine, 'phield-tiny');
    await session.load();
    engine.lose(lost);
    await settle();
    session.noteHealthy();
    engine.lose(lost);
    await settle();
    expect(session.getState().kind).toBe('ready');
  });
});

describe('whenReady', () => {
  it('waits for the model', async () => {
    const engine = new FakeEngine();
    const session = new ModelSession(engine, 'phield-tiny');
    const ready = session.whenReady(new AbortController().signal);
    void session.load();
    expect(await ready).toBe(engine);
  });

  it('rejects with why loading failed', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = new AppError('gpu/no-adapter', 'None.');
    const session = new ModelSession(engine, 'phield-tiny');
    const ready = session.whenReady(new AbortController().signal);
    await expect(ready).rejects.toMatchObject({ code: 'gpu/no-adapter' });
  });

  it('rejects when aborted, before or while waiting', async () => {
    const session = new ModelSession(new FakeEngine(), 'phield-tiny');
    await expect(session.whenReady(AbortSignal.abort())).rejects.toMatchObject({ code: 'run/aborted' });
    const controller = new AbortController();
    const ready = session.whenReady(controller.signal);
    controller.abort();
    await expect(ready).rejects.toMatchObject({ code: 'run/aborted' });
  });
});
