// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine, lastRun } from '../../client/fake-engine';
import { installPage, renderApp } from '../testing/render-app';
import { palette } from './palette-state';

installPage();
beforeEach(() => {
  HTMLDialogElement.prototype.close = function (): void {
    this.open = false;
  };
});

async function open() {
  const engine = new FakeEngine();
  const app = renderApp({ engine });
  act(() => void app.chat.send('Where does coffee grow?'));
  await waitFor(() => expect(engine.runs).toHaveLength(1));
  act(() => {
    lastRun(engine).say('On high hills in the tropics.');
    lastRun(engine).end();
  });
  act(() => app.chat.newChat());
  await app.user.keyboard('{Control>}k{/Control}');
  const dialog = await screen.findByRole('dialog', { name: 'Search chats, pages and commands' });
  return { ...app, dialog, field: within(dialog).getByRole('combobox') };
}

const options = (): (string | null)[] =>
  screen.queryAllByRole('option').map(({ textContent }) => textContent);

describe('search over everything', () => {
  it('begins with recent chats and where one may go', async () => {
    const { dialog } = await open();
    expect(within(dialog).getByRole('group', { name: 'Recent chats' }).textContent).toContain('coffee');
    expect(options()).toEqual(expect.arrayContaining(['Models', 'Storage', 'Benchmark', 'New chat']));
  });

  it('finds what was said, marks it, and opens the chat', async () => {
    const { chat, user, field } = await open();
    await user.type(field, 'tropi');
    await waitFor(() => expect(options()[0]).toContain('On high hills in the tropics.'));
    expect(document.querySelector('.palette mark')?.textContent).toBe('tropics');
    expect(field.getAttribute('aria-activedescendant')).toBe(screen.getAllByRole('option')[0]?.id);
    await user.keyboard('{Enter}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(chat.getState().activeId).not.toBeNull();
  });

  it('says when nothing has the words, and goes to pages by keyboard', async () => {
    const { user, field } = await open();
    await user.type(field, 'stor');
    await waitFor(() => expect(screen.getByText('Nothing was said about that yet.')).toBeTruthy());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(location.hash).toBe('#/storage'));
  });

  it('goes at a second press of the keys that open it', async () => {
    const { user } = await open();
    await user.keyboard('{Control>}k{/Control}');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('is gone at Escape before the dialog has said so, and comes again at the next press', async () => {
    const { user, dialog } = await open();
    fireEvent(dialog, new Event('cancel', { cancelable: true }));
    expect(palette.getState()).toBe(false);
    await user.keyboard('{Control>}k{/Control}');
    expect(await screen.findByRole('dialog')).not.toBe(dialog);
  });
});
