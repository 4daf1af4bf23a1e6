// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

type Hear = (list: { getEntriesByName: (name: string) => readonly unknown[] }) => void;

/** A browser that says when it has painted. */
class Observer {
  static readonly supportedEntryTypes = ['paint'];
  static heard: Hear | undefined;
  constructor(hear: Hear) {
    Observer.heard = hear;
  }
  observe = vi.fn();
  disconnect = vi.fn();
}
const paint = (name: string): void =>
  Observer.heard?.({ getEntriesByName: (asked) => (asked === name ? [{}] : []) });

const fresh = async () => {
  vi.resetModules();
  const { firstPaint } = await import('./first-paint');
  let over = false;
  void firstPaint().then(() => (over = true));
  await vi.advanceTimersByTimeAsync(1);
  return () => over;
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('waits for the first words, and not for less', async () => {
  vi.stubGlobal('PerformanceObserver', Observer);
  const isOver = await fresh();
  paint('first-paint');
  await vi.advanceTimersByTimeAsync(1);
  expect(isOver()).toBe(false);
  paint('first-contentful-paint');
  await vi.advanceTimersByTimeAsync(1);
  expect(isOver()).toBe(true);
});

it('waits no longer than a second', async () => {
  vi.stubGlobal('PerformanceObserver', Observer);
  const isOver = await fresh();
  await vi.advanceTimersByTimeAsync(900);
  expect(isOver()).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(isOver()).toBe(true);
});

it('waits for nothing where the page is not seen, or the browser does not tell', async () => {
  vi.stubGlobal('PerformanceObserver', Observer);
  const seen = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  expect((await fresh())()).toBe(true);
  seen.mockRestore();
  vi.stubGlobal('PerformanceObserver', undefined);
  expect((await fresh())()).toBe(true);
});
