// @vitest-environment jsdom
// Alone: what the page shows of the ledger is read once, when something first shows it.
import 'fake-indexeddb/auto';
import axe from 'axe-core';
import { screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { flushNotes, note } from '../../ledger/book';
import type { LedgerEntry } from '../../ledger/entry';
import { isCut, setCut } from '../../ledger/switch';
import { installPage, renderApp } from '../testing/render-app';
import { rowsOf } from './ledger-list';

installPage();
beforeEach(async () => {
  await Promise.all([import('./privacy-page'), import('./sent-count'), setCut(false)]);
});

const at = Date.UTC(2026, 10, 29, 12);
const download = (after: number): LedgerEntry => ({ at: at + after, host: 'models.example', purpose: 'model', sentBytes: 0, receivedBytes: 4_000_000 }); // oxfmt-ignore
const question: LedgerEntry = { at: at + 90_000, host: 'gw.example', purpose: 'larger-model', sentBytes: 70, receivedBytes: 900 }; // oxfmt-ignore

test('0 sent stands in sight while models are fetched, until something of the person’s goes out', async () => {
  const { user } = renderApp();
  const count = await screen.findByText('0 sent');
  note(download(0));
  note(download(100));
  await flushNotes();
  await user.click(count);
  expect(await screen.findByText('0 sent: nothing you wrote has left this device.')).toBeTruthy();
  const line = (await screen.findByText('models.example')).closest('tr');
  expect(line?.textContent).toContain('8.0 MB');
  note(question);
  await flushNotes();
  await screen.findByText('1 sent');
  expect(await screen.findByText('gw.example')).toBeTruthy();
  const { violations } = await axe.run(document.getElementById('device-page') as HTMLElement, {
    rules: { 'color-contrast': { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test('the switch cuts the network off, says so in sight, and turns it on again', async () => {
  location.hash = '#/privacy';
  const { user } = renderApp();
  const lever = await screen.findByRole<HTMLInputElement>('switch', {
    name: 'Switch the network off for Phield',
  });
  await waitFor(() => expect(lever.disabled).toBe(false));
  await user.click(lever);
  await screen.findByText(/· network off/);
  expect(await isCut()).toBe(true);
  await user.click(lever);
  await waitFor(async () => expect(await isCut()).toBe(false));
  expect(screen.getByText('Delete everything…').getAttribute('href')).toBe('./erase.html');
});

test('in Portuguese the page is whole and passes axe too', async () => {
  location.hash = '#/privacy';
  renderApp({ address: { language: 'pt' } });
  expect(await screen.findByRole('heading', { name: 'Privacidade' })).toBeTruthy();
  await screen.findByText(/^\d+ envios?$/);
  const { violations } = await axe.run(document.getElementById('device-page') as HTMLElement, {
    rules: { 'color-contrast': { enabled: false } },
  });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test('requests for the same stand in one line, and each that took words along in its own', () => {
  const rows = rowsOf([
    download(0),
    download(10),
    question,
    { ...question, at: question.at + 5 },
    download(200_000),
  ]);
  expect(rows.map(({ requests, receivedBytes }) => [requests, receivedBytes])).toEqual([
    [1, 4_000_000],
    [1, 900],
    [1, 900],
    [2, 8_000_000],
  ]);
});
