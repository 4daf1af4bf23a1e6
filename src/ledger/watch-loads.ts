// What the browser itself has asked the app's own host for in this realm: documents, scripts, styles, files. It keeps the
// list; we take from it what came over the network, with the size that it gives.
import { note } from './book';
import type { Purpose } from './entry';

interface Load {
  readonly name: string;
  readonly startTime: number;
  /** On the wire, headers included; 0 where a cache or the service worker answered. */
  readonly transferSize: number;
}

/** @param purposeOf what a file is for; the app's own, unless said otherwise. */
export function watchLoads(purposeOf: (path: string) => Purpose = ofTheApp): void {
  if (typeof PerformanceObserver === 'undefined') return;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) noteLoad(entry as unknown as Load, purposeOf);
  });
  observer.observe({ type: 'resource', buffered: true });
  // The document of this realm, where it has one.
  for (const entry of performance.getEntriesByType('navigation'))
    noteLoad(entry as unknown as Load, purposeOf);
}

function noteLoad({ name, startTime, transferSize }: Load, purposeOf: (path: string) => Purpose): void {
  if (!(transferSize > 0)) return;
  const { origin, host, pathname } = new URL(name);
  // Others do not tell their size here: whoever asks them notes it (src/ledger/counted-fetch.ts).
  if (origin !== location.origin) return;
  note({
    at: Math.floor(performance.timeOrigin + startTime),
    host,
    purpose: purposeOf(pathname),
    sentBytes: 0,
    receivedBytes: transferSize,
  });
}

export const ofTheApp = (path: string): Purpose => (/\/models\/|\.wasm$/.test(path) ? 'model' : 'app');
