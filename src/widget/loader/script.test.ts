// @vitest-environment jsdom
// The one line in a page, and what the page has called before it came.
import { expect, it } from 'vitest';

interface Page {
  Phield?: ((...call: unknown[]) => void) & { q?: unknown[][]; close?: () => void };
}

it('does what was called before it had loaded, in that order, and nothing that is not a call of its', async () => {
  Object.assign(globalThis, {
    CSSStyleSheet: class {
      replaceSync(): void {}
    },
  });
  const page = window as unknown as Page;
  const queue: unknown[][] = [];
  page.Phield = Object.assign((...call: unknown[]) => void queue.push(call), { q: queue });
  page.Phield('toggle');
  page.Phield('constructor', 'alert(1)');
  page.Phield('toggle');
  page.Phield('open');
  await import('./script');
  const root = document.querySelector('phield-widget')?.shadowRoot;
  expect(root?.querySelector('iframe')?.src).toMatch(/\/embed\.html$/);
  expect(root?.querySelector<HTMLElement>('#panel')?.hidden).toBe(false);
  page.Phield?.('toggle');
  expect(root?.querySelector<HTMLElement>('#panel')?.hidden).toBe(true);
  expect(page.Phield?.close).toBeTypeOf('function');
});
