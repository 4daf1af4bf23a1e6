// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { personaCode } from '../../chat/settings/personas';
import { startConversation } from '../../chat/conversation';
import { asBackup } from '../../chat/saved/export';
import { lastRun } from '../../client/fake-engine';
import { installPage, renderApp } from '../testing/render-app';

/** The script of the offer comes when a test says so. */
const offer = vi.hoisted(() => {
  let come = (): void => {};
  const coming = new Promise<void>((resolve) => (come = resolve));
  return { coming, come };
});
vi.mock('./persona-offer', async (original) => {
  await offer.coming;
  return original();
});

installPage();

const pirate = { id: 'p', name: 'Pirate', system: 'Arr.', temperature: 1.5 };

async function openSettings() {
  const app = renderApp();
  await app.user.click(screen.getByRole('button', { name: 'Settings' }));
  return { ...app, dialog: within(await screen.findByRole('dialog', { name: 'Settings' })) };
}

describe('settings', () => {
  it('begin with look and language, and show each value on a slider', async () => {
    const { settings, dialog } = await openSettings();
    expect(dialog.getAllByRole('heading', { level: 3 })[0]?.textContent).toBe('Look and language');
    const slider = dialog.getByRole('slider', { name: 'Temperature' });
    fireEvent.change(slider, { target: { value: '0.4' } });
    expect(settings.getState().settings.temperature).toBe(0.4);
    expect(dialog.getByRole('textbox', { name: 'Temperature' })).toHaveProperty('value', '0.4');
  });

  it('make a persona, which answers in the chat it is chosen for', async () => {
    const { engine, user, dialog } = await openSettings();
    await user.click(dialog.getByRole('button', { name: 'New persona' }));
    await user.type(dialog.getByRole('textbox', { name: 'Name' }), 'Pirate');
    await user.type(dialog.getByRole('textbox', { name: 'Instructions' }), 'Arr.');
    await user.click(dialog.getByRole('button', { name: 'Save' }));
    await user.click(dialog.getByRole('button', { name: 'Close' }));
    await user.click(screen.getByRole('button', { name: 'Persona: No persona. Change' }));
    await user.click(screen.getByRole('button', { name: 'Pirate' }));
    await user.type(screen.getByRole('textbox', { name: 'Message' }), 'Hi{Enter}');
    await waitFor(() => expect(engine.runs).toHaveLength(1));
    expect(lastRun(engine).request.messages[0]).toEqual({ role: 'system', content: 'Arr.' });
    expect(engine.loads).toHaveLength(1);
  });

  it('take in a backup and keep what is here', async () => {
    const { chat, personas, settings, shelf, dialog } = await openSettings();
    settings.update({ language: 'en', theme: 'dark' });
    const chatOf = (id: string) =>
      startConversation(id, { role: 'user', id: `${id}q`, parentId: null, createdAt: 1, text: `Said ${id}` });
    act(() => chat.absorb([chatOf('here')], []));
    const id = 'ab'.repeat(32);
    const record = { id, name: 'a.txt', kind: 'text', bytes: 5, addedAt: 1, passages: 1, characters: 5 };
    const passages = [{ index: 0, headings: [], blocks: ['Words'] }];
    const { text, type } = asBackup([chatOf('there')], [pirate], new Date(0), {
      settings: { theme: 'light', temperature: 0.2, model: 'another', top_p: 'no number' },
      prompts: [{ id: 'p1', name: 'Sum up', text: 'Sum up {{topic}}' }, { id: 'p2' }],
      documents: [
        { record, passages },
        { record: { ...record, id: '../x' }, passages },
      ],
    });
    const file = Object.assign(new File([text], 'backup.json', { type }), {
      text: () => Promise.resolve(text),
    });
    fireEvent.change(dialog.getByLabelText('Import chats', { selector: 'input' }), {
      target: { files: [file] },
    });
    await dialog.findByText(
      '1 chat is here now. So is 1 persona. 1 document came with it. 1 saved prompt came with it.',
    );
    // What was set here stays; the model is this device's own affair.
    expect(settings.getState().settings).toMatchObject({ theme: 'dark', temperature: 0.2 });
    expect(settings.getState().settings).not.toHaveProperty('model', 'another');
    expect(await shelf.readAll()).toEqual([{ record, passages }]);
    expect([...chat.getState().conversations.keys()].sort()).toEqual(['here', 'there']);
    expect(personas.getState().personas).toEqual([pirate]);
    fireEvent.click(dialog.getByRole('button', { name: 'Reset all settings' }));
    expect(settings.getState().settings).toMatchObject({ theme: 'auto', temperature: undefined });
    expect(personas.getState().personas).toHaveLength(1);
    const wrong = Object.assign(new File(['x'], 'x.json'), { text: () => Promise.resolve('x') });
    fireEvent.change(dialog.getByLabelText('Import chats', { selector: 'input' }), {
      target: { files: [wrong] },
    });
    await dialog.findByText('There are no chats in that file');
  });
});

describe('a link with a persona', () => {
  it('is not lost where the address becomes that of a chat before the offer is there', async () => {
    history.replaceState(null, '', `/#/persona/${personaCode(pirate)}`);
    const { chat } = renderApp();
    act(() => void chat.send('Hello'));
    expect(location.hash).toMatch(/^#\/chat\//);
    offer.come();
    expect(await screen.findByRole('dialog', { name: 'Add the persona “Pirate”?' })).toBeTruthy();
  });

  it('asks before it adds it, and shows all of it', async () => {
    offer.come();
    vi.spyOn(console, 'error');
    history.replaceState(null, '', `/#/persona/${personaCode(pirate)}`);
    const { personas, user } = renderApp();
    const dialog = within(await screen.findByRole('dialog', { name: 'Add the persona “Pirate”?' }));
    expect(dialog.getByText('Arr.')).toBeTruthy();
    expect(dialog.getByText('Temperature: 1.5')).toBeTruthy();
    expect(personas.getState().personas).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Add it' }));
    expect(personas.getState().personas).toMatchObject([
      { name: 'Pirate', system: 'Arr.', temperature: 1.5 },
    ]);
    expect(personas.getState().personas[0]?.id).not.toBe('p');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
