import { afterEach, describe, expect, it, vi } from 'vitest';
import { outdated, part, scriptIsGone } from './outdated';

afterEach(() => vi.unstubAllGlobals());

describe('a part of the app that the host no longer has', () => {
  const gone = (): Promise<never> =>
    Promise.reject(new TypeError('Failed to fetch dynamically imported module'));

  it('says that the page is of an older version', async () => {
    await expect(part(gone)).rejects.toMatchObject({ code: 'worker/outdated' });
    expect(await part(() => Promise.resolve(3))).toBe(3);
  });

  it('may only be out of reach', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    await expect(part(gone)).rejects.toMatchObject({ code: 'network/offline', retryable: true });
    vi.stubGlobal('navigator', { onLine: true });
    expect(outdated().code).toBe('worker/outdated');
  });

  it('is not one that failed while it ran', async () => {
    const bug = new RangeError('of its own');
    await expect(part(() => Promise.reject(bug))).rejects.toBe(bug);
    expect(scriptIsGone(new Event('error'))).toBe(true);
    expect(scriptIsGone(Object.assign(new Event('error'), { message: 'x is not defined' }))).toBe(false);
    expect(scriptIsGone(new Event('messageerror'))).toBe(false);
  });
});
