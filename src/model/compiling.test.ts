import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Compiling } from './compiling';

describe('compiling', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Plans whose whole compile each test settles itself. */
  const rig = (onProcessor: boolean) => {
    const begun: { resolve: () => void; reject: (error: Error) => void }[] = [];
    const compileFirst = vi.fn(() => Promise.resolve());
    const compile = vi.fn(
      () => new Promise<void>((resolve, reject) => begun.push({ resolve: () => resolve(), reject })),
    );
    return { compiling: new Compiling({ compileFirst, compile }, onProcessor), compileFirst, compile, begun };
  };

  it('begins with a first token where the processor compiles, and with all of it on a GPU', () => {
    const software = rig(true);
    software.compiling.begin();
    expect([software.compileFirst.mock.calls.length, software.compile.mock.calls.length]).toEqual([1, 0]);
    const gpu = rig(false);
    gpu.compiling.begin();
    expect([gpu.compileFirst.mock.calls.length, gpu.compile.mock.calls.length]).toEqual([0, 1]);
  });

  it('goes on after a moment of rest, unless something is asked before', () => {
    const { compiling, compile } = rig(true);
    compiling.restLater();
    vi.advanceTimersByTime(299);
    compiling.pause();
    vi.advanceTimersByTime(1_000);
    expect(compile).not.toHaveBeenCalled();
    compiling.restLater();
    vi.advanceTimersByTime(300);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  it('compiles everything once, and says when that is done', async () => {
    const { compiling, compile, begun } = rig(true);
    const all = compiling.all();
    compiling.rest();
    expect(compile).toHaveBeenCalledTimes(1);
    expect(compiling.allDone).toBe(false);
    begun[0]?.resolve();
    await all;
    expect(compiling.allDone).toBe(true);
  });

  it('tries again after a failure, and after the kernels changed', async () => {
    const { compiling, compile, begun } = rig(false);
    const failing = compiling.all();
    begun[0]?.reject(new Error('no such shader'));
    await expect(failing).rejects.toThrow('no such shader');
    const whole = compiling.all();
    begun[1]?.resolve();
    await whole;
    compiling.changed();
    expect(compiling.allDone).toBe(false);
    void compiling.all();
    expect(compile).toHaveBeenCalledTimes(3);
  });

  it('takes nothing from kernels that were changed meanwhile', async () => {
    const { compiling, compile, begun } = rig(false);
    const old = compiling.all();
    compiling.changed();
    const fresh = compiling.all();
    begun[0]?.reject(new Error('the old ones'));
    await expect(old).rejects.toThrow('the old ones');
    void compiling.all();
    expect(compile).toHaveBeenCalledTimes(2);
    begun[1]?.resolve();
    await fresh;
    expect(compiling.allDone).toBe(true);
  });
});
