// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startConversation } from '../../chat/conversation';
import { FakeEngine, lastRun } from '../../client/fake-engine';
import { installPage, renderApp } from '../testing/render-app';
import { answered, box, button, log } from '../testing/talk';

installPage();
// What the page fetches beside itself; a busy machine takes its time over it.
beforeAll(() => import('../chat/markdown/markdown'));

const list = (): string[] =>
  within(screen.getByRole('navigation', { name: 'Chats' }))
    .queryAllByRole('link')
    .map((link) => link.textContent);

/** Two chats, the second on show. */
async function twoChats() {
  const engine = new FakeEngine();
  const app = renderApp({ engine });
  for (const [question, answer] of [
    ['Where does coffee grow?', 'On high hills.'],
    ['And tea?', 'In the mist.'],
  ] as const) {
    act(() => {
      app.chat.newChat();
      app.chat.send(question);
    });
    await waitFor(() => expect(lastRun(engine).request.messages.at(-1)?.content).toBe(question));
    act(() => {
      lastRun(engine).say(answer);
      lastRun(engine).end();
    });
    await waitFor(() => expect(app.chat.getState().run.state).toBe('idle'));
  }
  return app;
}

const options = (title: string): HTMLElement =>
  within(screen.getByRole('link', { name: title }).closest('li') ?? document.body).getByRole('button', {
    name: 'Chat options',
  });

describe('the list of chats', () => {
  it('pins a chat, puts it into a folder, and folds the folder away', async () => {
    const { user } = await twoChats();
    await user.click(options('Where does coffee grow?'));
    await user.click(await screen.findByRole('button', { name: 'Pin' }));
    expect(list()).toEqual(['Where does coffee grow?', 'And tea?']);
    expect(screen.getByText('Pinned')).toBeTruthy();
    await user.click(options('And tea?'));
    await user.click(await screen.findByRole('button', { name: 'Move to folder' }));
    await user.type(screen.getByRole('textbox', { name: 'Name of the folder' }), 'Drinks{Enter}');
    await user.click(screen.getByRole('button', { name: 'Folder: Drinks' }));
    expect(list()).toEqual(['Where does coffee grow?']);
    await user.click(screen.getByRole('button', { name: 'Folder: Drinks' }));
    await user.click(options('And tea?'));
    await user.click(await screen.findByRole('button', { name: 'Move to folder' }));
    await user.click(screen.getByRole('button', { name: 'No folder' }));
    expect(screen.queryByRole('button', { name: 'Folder: Drinks' })).toBeNull();
    await user.click(options('Where does coffee grow?'));
    await user.click(screen.getByRole('button', { name: 'Unpin' }));
    expect(list()).toEqual(['And tea?', 'Where does coffee grow?']);
  });

  it('deletes a chat and puts it back, and stays where one is', async () => {
    const { chat, user } = await twoChats();
    const here = chat.getState().activeId;
    await user.click(options('Where does coffee grow?'));
    await user.click(await screen.findByRole('button', { name: 'Delete chat' }));
    await waitFor(() => expect(list()).toEqual(['And tea?']));
    expect(screen.getByText('Deleted: Where does coffee grow?')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(list()).toEqual(['And tea?', 'Where does coffee grow?']);
    expect(chat.getState().activeId).toBe(here);
  });

  it('has few rows in the page however many chats there are, each with its place among them', async () => {
    const { chat } = renderApp();
    const many = Array.from({ length: 3000 }, (_, i) =>
      startConversation(`c${i}`, {
        role: 'user',
        id: `q${i}`,
        parentId: null,
        createdAt: Date.now() - i * 3_600_000,
        text: `Chat ${i}`,
      }),
    );
    act(() => chat.absorb(many, []));
    const rows = within(screen.getByRole('navigation', { name: 'Chats' })).getAllByRole('listitem');
    expect(rows.length).toBeLessThanOrEqual(60);
    const first = screen.getByRole('link', { name: 'Chat 0' }).closest('li');
    expect([first?.getAttribute('aria-posinset'), first?.getAttribute('aria-setsize')]).toEqual([
      '1',
      '3000',
    ]);
  });

  it('renames a chat by keyboard, and leaves it at Escape or at nothing', async () => {
    const { user } = await twoChats();
    const rename = async (title: string, keys: string): Promise<void> => {
      await user.click(options(title));
      await user.keyboard('{ArrowDown}{Enter}');
      await user.keyboard(keys);
    };
    await rename('And tea?', 'Tea, mostly{Enter}');
    expect(list()).toEqual(['Tea, mostly', 'Where does coffee grow?']);
    expect(document.title).toBe('Tea, mostly · Phield');
    await waitFor(() => expect(document.activeElement).toBe(options('Tea, mostly')));
    await rename('Tea, mostly', 'Else{Escape}');
    await rename('Tea, mostly', ' {Enter}');
    expect(list()).toEqual(['Tea, mostly', 'Where does coffee grow?']);
  });

  it('loses a chat that another tab deletes, wherever this one is', async () => {
    const { chat, user } = await twoChats();
    await user.click(screen.getByRole('link', { name: 'This device' }));
    act(() => chat.absorb([], [chat.getState().activeId ?? '']));
    expect(list()).toEqual(['Where does coffee grow?']);
    expect(screen.getByRole('heading', { name: 'Storage', level: 1 })).toBeTruthy();
    await user.click(screen.getByRole('link', { name: 'Where does coffee grow?' }));
    act(() => chat.absorb([], [chat.getState().activeId ?? '']));
    expect(screen.getByRole('heading', { name: 'An assistant that lives on your device' })).toBeTruthy();
    expect(location.hash).toBe('#/');
  });

  it('exports a chat as Markdown and as JSON', async () => {
    const { user } = await twoChats();
    const saved: { name: string; text: Promise<string> }[] = [];
    let blob = new Blob();
    vi.stubGlobal(
      'URL',
      Object.assign(URL, {
        createObjectURL: (made: Blob) => {
          blob = made;
          return 'blob:x';
        },
        revokeObjectURL: () => undefined,
      }),
    );
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      const reader = new FileReader();
      const text = new Promise<string>((resolve) => {
        reader.onload = () => resolve(reader.result as string);
      });
      reader.readAsText(blob);
      saved.push({ name: this.download, text });
    });
    await user.click(options('And tea?'));
    await user.click(screen.getByRole('button', { name: 'Export as Markdown' }));
    await user.click(options('And tea?'));
    await user.click(screen.getByRole('button', { name: 'Export as JSON' }));
    vi.restoreAllMocks();
    expect(saved.map(({ name }) => name)).toEqual(['And tea.md', 'And tea.json']);
    const [markdown, json] = await Promise.all(saved.map(({ text }) => text));
    expect(markdown).toBe('# And tea?\n\n## You\n\nAnd tea?\n\n## phield-tiny\n\nIn the mist.\n');
    expect(JSON.parse(json ?? '')).toMatchObject({
      format: 'phield-chat',
      conversation: { title: 'And tea?' },
    });
  });
});

describe('chats beside the one on show', () => {
  it('begins a new chat, lists the old one by its first words and goes back to it', async () => {
    const { user } = await answered('What is Phield?', 'A chat.');
    await user.click(button('New chat'));
    expect(within(log()).queryByText('A chat.')).toBeNull();
    await user.click(screen.getByRole('link', { name: 'What is Phield?' }));
    await within(log()).findByText('A chat.');
    expect(screen.getByRole('link', { name: 'What is Phield?' }).getAttribute('aria-current')).toBe('page');
  });

  it('deletes a chat and can undo it', async () => {
    const { user } = await answered('Keep me', 'Yes.');
    await user.click(button('Chat options'));
    await user.click(await screen.findByRole('button', { name: 'Delete chat' }));
    await waitFor(() => expect(screen.queryByRole('link', { name: 'Keep me' })).toBeNull());
    expect(document.activeElement).toBe(box());
    await user.click(button('Undo'));
    // It was on show, and nothing else has been opened since.
    await within(log()).findByText('Yes.');
  });

  it('puts the chats in a drawer on narrow screens', async () => {
    const { user } = renderApp({ narrow: true });
    const drawer = screen.getByRole('complementary', { name: 'Chats', hidden: true });
    expect(drawer.hasAttribute('inert')).toBe(true);
    await user.click(button('Open chat list'));
    expect(drawer.hasAttribute('inert')).toBe(false);
    expect(document.activeElement).toBe(button('Close chat list'));
    await user.keyboard('{Escape}');
    expect(drawer.hasAttribute('inert')).toBe(true);
  });
});
