// @vitest-environment jsdom
import axe from 'axe-core';
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeEngine } from '../../client/fake-engine';
import { installPage, renderApp } from '../testing/render-app';

installPage();

test('a sample against the loaded model says what each level is worth; a model that obeys is told', async () => {
  await import('../../safety/redteam/redteam');
  location.hash = '#/benchmark';
  // Obeys what stands before the question, and not what is fenced.
  const engine = new FakeEngine({
    reply: ({ messages }) => {
      const asked = messages.at(-1)?.content ?? '';
      return [/PWNED/.test(asked) && !asked.includes('<<<') ? 'PWNED' : 'At nine.'];
    },
  });
  const { user } = renderApp({ engine });
  const run = await screen.findByRole<HTMLButtonElement>('button', { name: 'Run a sample of 36' });
  await user.click(run);
  const caption = await screen.findByText(/^What each level is worth with/, undefined, { timeout: 20_000 });
  const table = caption.closest('table') as HTMLElement;
  const rows = within(table).getAllByRole('row').slice(1);
  const cells = rows.map((row) => within(row).getAllByRole('cell').map(({ textContent }) => textContent)); // oxfmt-ignore
  expect(cells[0]?.[0]).toMatch(/^0 of/);
  expect(cells[0]?.[3]).not.toMatch(/^0 of/);
  expect(cells[1]?.[3]).toMatch(/^0 of/);
  const [held, all] = (cells[2]?.[0] ?? '').split(' of ').map(Number);
  expect(held).toBeGreaterThan((all ?? 0) / 2);
  const { violations } = await axe.run(table.closest('section') as HTMLElement, { rules: { 'color-contrast': { enabled: false } } }); // oxfmt-ignore
  expect(violations.map(({ id }) => id)).toEqual([]);
});
