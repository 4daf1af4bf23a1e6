import { describe, expect, it } from 'vitest';
import { contest, type Entry } from './contest';

/** A clock that moves only as work is done. */
function bench() {
  let clock = 0;
  const disposed: string[] = [];
  const entry = (
    name: string,
    ms: number,
    {
      error = 0,
      compileMs = 0,
      breaks,
    }: { error?: number; compileMs?: number; breaks?: 'prepare' | 'time' } = {},
  ): Entry<string> => ({
    name,
    way: name,
    prepare: () => {
      clock += compileMs;
      if (breaks === 'prepare') return Promise.reject(new Error('does not compile'));
      return Promise.resolve({
        check: () => Promise.resolve({ error, bound: 1e-6 }),
        time: (rounds) => {
          if (breaks === 'time') return Promise.reject(new Error('device lost'));
          clock += ms * rounds;
          return Promise.resolve(ms * rounds);
        },
        dispose: () => disposed.push(name),
      });
    },
  });
  const run = (entries: readonly Entry<string>[], deadline = 1e6) =>
    contest(entries, { deadline, now: () => clock });
  return { entry, run, disposed, now: () => clock };
}

describe('a contest', () => {
  it('is won by the fastest', async () => {
    const { entry, run, disposed } = bench();
    const { winner, results } = await run([entry('default', 2), entry('fast', 1), entry('slow', 9)]);
    expect(winner).toBe('fast');
    expect(results.map(({ ms }) => ms)).toEqual([2, 1, 9]);
    expect(disposed).toEqual(['default', 'fast', 'slow']);
  });

  it('is never won by a wrong answer, however fast', async () => {
    const { entry, run } = bench();
    const { winner, results } = await run([
      entry('default', 5),
      entry('wrong', 1, { error: 2e-6 }),
      entry('not a number', 1, { error: NaN }),
      entry('right', 3),
    ]);
    expect(winner).toBe('right');
    expect(results.map(({ outcome }) => outcome)).toEqual(['timed', 'wrong', 'wrong', 'timed']);
  });

  it('goes on without what does not compile or breaks', async () => {
    const { entry, run } = bench();
    const { winner, results } = await run([
      entry('default', 5),
      entry('no shader', 1, { breaks: 'prepare' }),
      entry('no device', 1, { breaks: 'time' }),
      entry('right', 3),
    ]);
    expect(winner).toBe('right');
    expect(results.map(({ outcome }) => outcome)).toEqual(['timed', 'failed', 'failed', 'timed']);
  });

  it('keeps the default unless another is faster by more than noise', async () => {
    const { entry, run } = bench();
    expect((await run([entry('default', 100), entry('other', 98)])).winner).toBe('default');
    expect((await run([entry('default', 100), entry('other', 96)])).winner).toBe('other');
  });

  it('begins nothing after its deadline', async () => {
    const { entry, run, now } = bench();
    const many = Array.from({ length: 20 }, (_, i) => entry(`way ${i}`, 50 - i));
    const { winner, results } = await run(many, 400);
    // The longest run begins before the deadline and may end after it.
    expect(now()).toBeLessThan(400 + 50);
    expect(results.filter(({ outcome }) => outcome === 'late').length).toBeGreaterThan(10);
    expect(results).toHaveLength(20);
    expect(winner).toBeDefined();
  });

  it('has no winner where compiling alone took all the time', async () => {
    const { entry, run } = bench();
    const { winner, results } = await run([entry('default', 1, { compileMs: 500 })], 400);
    expect(winner).toBeUndefined();
    expect(results).toEqual([{ name: 'default', outcome: 'late' }]);
  });

  it('does not wait for a compiler that never ends', async () => {
    const { entry, run } = bench();
    const stuck: Entry<string> = { name: 'stuck', way: 'stuck', prepare: () => new Promise(() => undefined) };
    // The limit is in real time: 50 ms.
    const { winner, results } = await run([entry('default', 1), stuck], 50);
    expect(winner).toBe('default');
    expect(results[1]).toEqual({ name: 'stuck', outcome: 'late' });
  });
});
