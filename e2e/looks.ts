// What a screen must be for everyone, measured in the page: axe-core's rules for WCAG 2.0 to 2.2, A and AA, and what those
// rules cannot tell: nothing wider than the window, nothing a finger misses, nothing under something else.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
  }[];
  readonly passes: readonly unknown[];
}

/** @param rules those to run; all of the levels where there are none. */
export async function axe(page: Page, rules?: readonly string[]): Promise<AxeResults> {
  // A page that was loaded anew has it no more.
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(source);
  return page.evaluate(
    (runOnly) => {
      const { axe: library } = globalThis as unknown as {
        axe: { run(context: Document, options: object): Promise<AxeResults> };
      };
      return library.run(document, { runOnly });
    },
    rules ? { type: 'rule', values: [...rules] } : { type: 'tag', values: tags },
  );
}

/** Every rule in light; in dark those that look at colours, since nothing else is another. */
export async function keepsRules(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations, passes } = await axe(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
    if (colorScheme === 'light')
      expect(passes.length, `${what}: rules that found something to look at`).toBeGreaterThan(8);
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
    expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
  }
}

/** A finger instead of a mouse, or back. Chromium's. */
export async function takeFinger(page: Page, on: boolean): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: on, maxTouchPoints: on ? 5 : 1 });
  expect(await page.evaluate(() => matchMedia('(pointer: coarse)').matches)).toBe(on);
}

/** That nothing is wider than the window, too small for the finger where `finger` is set, or under something else. */
export async function fits(page: Page, what: string, finger: boolean): Promise<void> {
  expect.soft(await page.evaluate(measure, finger), what).toEqual([]);
}

/** Runs in the page. @returns what is wrong, one line each. */
export function measure(finger: boolean): string[] {
  const wrong: string[] = [];
  /** What may be wider than its box, and scrolls in it. */
  const scrollers = 'pre, .table-scroll, .math-block, textarea, input, .tabs, .suggestions';
  const least = 44;
  const nameOf = (element: Element): string => {
    const classes = element.getAttribute('class');
    const label = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 30) ?? '';
    return `${element.tagName.toLowerCase()}${classes ? `.${classes.replaceAll(' ', '.')}` : ''} "${label}"`;
  };
  const dialog = [...document.querySelectorAll('dialog')].find((one) => one.matches(':modal'));
  const over = document.querySelector('[popover]:popover-open, .menu-place .menu, .slash-menu');
  const drawer = document.querySelector('.shell-drawer-open .sidebar');
  const scope = over ?? dialog ?? drawer ?? document.body;
  const isSeen = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true });
  };
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth)
    wrong.push(`the page is ${root.scrollWidth} wide, the window ${innerWidth}`);

  for (const element of scope.querySelectorAll('*')) {
    if (!isSeen(element) || element.closest('svg, math')) continue;
    const { overflowX } = getComputedStyle(element);
    if (/auto|scroll/.test(overflowX) && !element.matches(scrollers))
      if (element.scrollWidth > element.clientWidth + 1)
        wrong.push(`${nameOf(element)} scrolls sideways: ${element.scrollWidth} in ${element.clientWidth}`);
    const hasWords = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
    );
    if (!hasWords || element.closest(scrollers) || element.closest('.hidden, .skip')) continue;
    const { left, right } = element.getBoundingClientRect();
    if (left < -1 || right > innerWidth + 1)
      wrong.push(`${nameOf(element)} leaves the window: ${Math.round(left)} to ${Math.round(right)}`);
  }

  const controls = 'a[href], button, input, select, textarea, summary, [role=option]';
  for (const control of scope.querySelectorAll<HTMLElement>(controls)) {
    if (control.matches('.skip')) continue;
    // A box or a file is chosen by its label.
    const target = control.matches('[type=radio], [type=checkbox], [type=file]')
      ? (control.closest('label') ?? control)
      : control;
    if (!isSeen(target) || target.closest('.hidden, [aria-hidden=true]')) continue;
    target.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    if (!target.isConnected) continue;
    const box = target.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const hits = (atX: number, atY: number): boolean => {
      const hit = document.elementFromPoint(atX, atY);
      return (
        !!hit &&
        (target.contains(hit) || hit.contains(target) || hit.closest('label')?.contains(target) === true)
      );
    };
    const isOver = (atX: number, atY: number): boolean => {
      const hit = document.elementFromPoint(atX, atY);
      return !!hit && target.contains(hit);
    };
    if (!target.matches(':disabled') && !hits(x, y)) {
      const hit = document.elementFromPoint(x, y);
      wrong.push(`${nameOf(target)} is under ${hit ? nameOf(hit) : 'nothing'}`);
    }
    // A link within a sentence is as high as its line.
    const isInSentence = target.matches('a') && getComputedStyle(target).display === 'inline';
    if (!finger || isInSentence) continue;
    const reach = least / 2 - 1;
    const isTall = box.height >= least - 0.5 || (isOver(x, y - reach) && isOver(x, y + reach));
    const isWide = box.width >= least - 0.5 || (isOver(x - reach, y) && isOver(x + reach, y));
    if (!isTall || !isWide)
      wrong.push(
        `${nameOf(target)} is ${Math.round(box.width)} x ${Math.round(box.height)}, too small for a finger`,
      );
  }
  return wrong;
}
