// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FakeEngine, fakeInfo } from '../../client/fake-engine';
import { entries, registerEntry } from '../common/entries';
import { installPage, renderApp } from '../testing/render-app';

installPage();

const box = (): HTMLTextAreaElement => screen.getByRole('textbox', { name: 'Message' });
const tile = (name: RegExp): HTMLElement =>
  within(screen.getByRole('list', { name: 'What you can do' })).getByRole('button', { name });

describe('the first screen', () => {
  it('leads to the page of the task that a tile is for', async () => {
    const { user } = renderApp();
    await user.click(tile(/^Story/));
    expect(location.hash).toBe('#/tasks/story');
    expect(await screen.findByRole('heading', { name: 'Story', level: 1 })).toBeTruthy();
  });

  it('does not pretend that the built-in model can do what takes a larger one', async () => {
    const { session, user } = renderApp();
    expect(tile(/^Summarise/).textContent).toContain('Needs a larger model');
    await user.click(tile(/^Summarise/));
    expect(box().value).toBe('');
    expect(await screen.findByRole('group', { name: 'Model' })).toBeTruthy();
    act(() => void session.load('phi-3-mini'));
    await waitFor(() => expect(tile(/^Summarise/).textContent).toContain('Paste a text or drop'));
    await user.click(tile(/^Summarise/));
    expect(location.hash).toBe('#/tasks/summarise');
  });

  it('leads to which models see where none that does is loaded', async () => {
    const { user } = renderApp({ model: 'phi-3-mini', engine: new FakeEngine({ info: { ...fakeInfo } }) });
    await screen.findByText(/Runs on/);
    expect(tile(/^Photo/).textContent).toContain('Needs a model that sees');
    await user.click(tile(/^Photo/));
    expect(await screen.findByRole('heading', { name: 'Ask a photo', level: 1 })).toBeTruthy();
    expect(location.hash).toBe('#/tasks/photo');
  });

  it('gives a tile over to the task that registers for it, files that are dropped included', async () => {
    const plain = entries().find(({ id }) => id === 'story');
    const opened: string[][] = [];
    registerEntry({
      id: 'story',
      icon: 'story',
      need: 'any',
      title: () => 'Story page',
      note: () => 'Three words',
      open: (_, files) => opened.push(files.map(({ name }) => name)),
    });
    const { user } = renderApp();
    await user.click(tile(/^Story page/));
    expect(opened).toEqual([[]]);
    expect(entries().map(({ id }) => id)).toEqual(['ask', 'summarise', 'extract', 'write', 'story', 'photo']);
    if (plain) registerEntry(plain);
  });

  it('asks in the language of the page', async () => {
    const { chat, settings, user } = renderApp();
    act(() => settings.update({ language: 'pt' }));
    await user.click(screen.getByRole('button', { name: 'O que é o Phield?' }));
    const [conversation] = chat.getState().conversations.values();
    expect(conversation?.title).toBe('O que é o Phield?');
  });
});

describe('the model beside the message box', () => {
  it('opens a menu of what is here, and goes at Escape and at a press elsewhere', async () => {
    const { user } = renderApp();
    const button = screen.getByRole('button', { name: 'Model: phield-tiny. Change' });
    await user.click(button);
    const menu = screen.getByRole('group', { name: 'Model' });
    expect(menu.contains(document.activeElement)).toBe(true);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('group', { name: 'Model' })).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(button));
    await user.click(button);
    await user.click(screen.getByRole('heading', { level: 1 }));
    expect(screen.queryByRole('group', { name: 'Model' })).toBeNull();
  });
});
