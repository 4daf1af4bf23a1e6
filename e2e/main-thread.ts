// How long the main thread was held while something happened: processor time of its longest task in a browser trace,
// since on a busy machine the clock also counts the waiting.
import type { Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds by the clock, and of processor time. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

export interface MainThread {
  readonly tasks: number;
  readonly longestMs: number;
  readonly byClockMs: number;
}

export async function watchMainThread(page: Page, act: () => Promise<void>): Promise<MainThread> {
  const cdp = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', '__metadata'] },
  });
  await act();
  const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await complete;

  const threads = events.filter(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  );
  const tasks = events.filter(
    ({ name, pid, tid }) =>
      name === 'RunTask' && threads.some((thread) => thread.pid === pid && thread.tid === tid),
  );
  return {
    tasks: tasks.length,
    longestMs: Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur)) / 1000,
    byClockMs: Math.max(0, ...tasks.map(({ dur = 0 }) => dur)) / 1000,
  };
}
