// What a person sees first comes first: a model's start, parts for later clicks and housekeeping wait for it.

/** However long the browser takes to say that it has painted: a tab in the background never paints. */
const patienceMs = 1_000;

let painted: Promise<void> | undefined;

/** Fulfilled once the page has shown its first words, or at once where the browser would not say so. */
export function firstPaint(): Promise<void> {
  return (painted ??= new Promise((resolve) => {
    // Absent in jsdom and in old browsers, which the types do not say.
    const Observer = (globalThis as { PerformanceObserver?: typeof PerformanceObserver }).PerformanceObserver;
    const isSeen = typeof document !== 'undefined' && document.visibilityState === 'visible';
    if (!isSeen || !Observer?.supportedEntryTypes.includes('paint')) {
      resolve();
      return;
    }
    const observer = new Observer((list) => {
      if (list.getEntriesByName('first-contentful-paint').length > 0) done();
    });
    const timer = setTimeout(done, patienceMs);
    function done(): void {
      clearTimeout(timer);
      observer.disconnect();
      resolve();
    }
    observer.observe({ type: 'paint', buffered: true });
  }));
}

/** At the latest so long after the first paint. */
const idleWithinMs = 2_000;

/** Fulfilled when the first paint is over and the page has nothing else to do. */
export async function idleAfterPaint(): Promise<void> {
  await firstPaint();
  // Absent in Safari.
  const { requestIdleCallback } = globalThis as { requestIdleCallback?: typeof window.requestIdleCallback };
  if (!requestIdleCallback) return;
  await new Promise<void>((resolve) =>
    requestIdleCallback.call(globalThis, () => resolve(), { timeout: idleWithinMs }),
  );
}
