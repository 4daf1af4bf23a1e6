// Every page, and what opens over it most, against axe-core's rules for WCAG 2.0 to 2.2, A and AA: in light and dark, wide
// and as narrow as a phone. What rules can tell; that each control has a name a person can use, the other specs show by
// using it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { Chat, expect, settingsProbes, test } from './app';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
  }[];
  readonly passes: readonly unknown[];
}

const sizes = { wide: { width: 1200, height: 800 }, phone: { width: 390, height: 800 } } as const;

const tasks = {
  summarise: 'Summarise',
  extract: 'Extract',
  write: 'Write',
  story: 'Story',
  photo: 'Ask a photo',
} as const;

const run = (page: Page): Promise<AxeResults> =>
  page.evaluate((values) => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: Document, options: object): Promise<AxeResults> };
    };
    return axe.run(document, { runOnly: { type: 'tag', values } });
  }, tags);

/** In both schemes. */
async function check(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations, passes } = await run(page);
    expect(passes.length, `${what}: rules that found something to look at`).toBeGreaterThan(8);
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
    expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
  }
}

test('no page or dialog breaks a rule of WCAG, in either scheme, wide or narrow @chromium', async ({
  app,
}) => {
  app.expectConsoleError(settingsProbes);
  const page = await app.open('max_tokens=8');
  await page.evaluate(source);
  // A page that React has not filled yet breaks no rule.
  await expect(page.getByRole('button', { name: 'What is Phield?' })).toBeVisible();
  await check(page, 'empty chat');
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await chat.send('Write a table, a list and `code`, please.');
  for (const [name, size] of Object.entries(sizes)) {
    await page.setViewportSize(size);
    await check(page, `a chat, ${name}`);
    for (const title of ['Tasks', 'Documents', 'Models', 'Storage', 'Benchmark']) {
      await page.evaluate((hash) => (location.hash = hash), `#/${title.toLowerCase()}`);
      await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
      if (title === 'Models') await expect(page.getByRole('listitem', { name: 'Phield tiny' })).toBeVisible();
      if (title === 'Storage') await expect(page.getByText('Complete')).toBeVisible();
      await check(page, `${title}, ${name}`);
    }
    for (const [task, title] of Object.entries(tasks)) {
      await page.evaluate((hash) => (location.hash = hash), `#/tasks/${task}`);
      await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
      await check(page, `${title}, ${name}`);
    }
    await page.evaluate(() => (location.hash = '#/'));
    if (name === 'phone') await page.getByRole('button', { name: 'Open chat list' }).click();
    await page.getByRole('button', { name: 'Chat options' }).first().click();
    await check(page, `the list of chats, ${name}`);
    await page.getByRole('button', { name: 'Rename' }).click();
    await check(page, `a chat being renamed, ${name}`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await check(page, `Settings, ${name}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search chats/ }).fill('phield');
    await expect(page.getByRole('option').first()).toBeVisible();
    await check(page, `search over everything, ${name}`);
    await page.keyboard.press('Escape');
    await page.getByTitle('Model details').click();
    await check(page, `model details, ${name}`);
    await page.keyboard.press('Escape');
  }
  // What went wrong.
  await page.setViewportSize(sizes.wide);
  await page.goto(`${app.address}?model=no-such-model`);
  await page.evaluate(source);
  await expect(page.getByRole('alert')).toBeVisible();
  await check(page, 'a problem');
  // And a rule that is broken is seen to be.
  await page.getByRole('button', { name: 'New chat' }).evaluate((button) => button.replaceChildren());
  expect((await run(page)).violations.map(({ id }) => id)).toEqual(['button-name']);
});
