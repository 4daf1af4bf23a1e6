// The ids of an answer, as the engine sends them to the page.
import type { BrowserContext, Page } from '@playwright/test';
import { tapWorkers } from '../scripts/wire-tap.mjs';

/** Before the context's first page. */
export async function tapIds(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const ids: number[] = [];
    Object.assign(window, {
      phieldIds: ids,
      phieldWire: (data: unknown) => {
        const { k, body } = data as { k?: string; body?: unknown };
        if (k !== 'event' || !Array.isArray(body)) return;
        for (const event of body as { type: string; tokenIds?: number[] }[])
          if (event.type === 'token') ids.push(...(event.tokenIds ?? []));
      },
    });
  });
  await context.addInitScript(tapWorkers);
}

interface Tapped {
  readonly phieldIds: number[];
}

/** Since the page was loaded, or `forgetIds`. */
export const answerIds = (page: Page): Promise<number[]> =>
  page.evaluate(() => (window as unknown as Tapped).phieldIds);

export const forgetIds = (page: Page): Promise<void> =>
  page.evaluate(() => void ((window as unknown as Tapped).phieldIds.length = 0));
