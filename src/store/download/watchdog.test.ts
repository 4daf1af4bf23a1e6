// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog';

const limit = { windowMs: 1000, minBytes: 100 };
const url = 'https://host.example/models/params_shard_0.bin';

describe('a connection that is open and brings nothing', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function watch(outer = new AbortController()): { dog: Watchdog; outer: AbortController } {
    return { dog: new Watchdog(url, limit, outer.signal), outer };
  }

  it('is broken off where a window brought fewer bytes than it has to, and not at exactly as many', () => {
    const { dog } = watch();
    for (let window = 0; window < 3; window++) {
      dog.received(60);
      dog.received(40);
      vi.advanceTimersByTime(1000);
      expect(dog.signal.aborted).toBe(false);
    }
    dog.received(99);
    vi.advanceTimersByTime(999);
    expect(dog.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(dog.signal.reason).toMatchObject({
      code: 'network/timeout',
      retryable: true,
      message: 'host.example sent 99 bytes of params_shard_0.bin in 1 s.',
      details: { url, bytes: 99, windowMs: 1000 },
    });
    dog.stop();
  });

  it('is not broken off while we are the slow ones, and is watched again after', () => {
    const { dog } = watch();
    dog.waiting = false;
    vi.advanceTimersByTime(5000);
    expect(dog.signal.aborted).toBe(false);
    dog.waiting = true;
    vi.advanceTimersByTime(1000);
    expect(dog.signal.aborted).toBe(true);
    dog.stop();
  });

  it('ends with the download, for its reason, also where that had ended before', () => {
    const reason = new Error('Paused.');
    const { dog, outer } = watch();
    outer.abort(reason);
    expect(dog.signal.reason).toBe(reason);
    expect(watch(outer).dog.signal.reason).toBe(reason);
  });

  it('once stopped hears neither the clock nor the download', () => {
    const { dog, outer } = watch();
    dog.stop();
    vi.advanceTimersByTime(5000);
    outer.abort();
    expect(dog.signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
