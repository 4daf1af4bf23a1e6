// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../base/errors';
import { FakeEngine, lastRun } from '../../client/fake-engine';
import { installPage, renderApp } from '../testing/render-app';

installPage();

const log = (): HTMLElement => screen.getByRole('log', { name: 'Conversation' });
const box = (): HTMLTextAreaElement => screen.getByRole('textbox', { name: 'Message' });
const button = (name: string): HTMLElement => screen.getByRole('button', { name });
const run = async (engine: FakeEngine, count = 1) => {
  await waitFor(() => expect(engine.runs).toHaveLength(count));
  return lastRun(engine);
};

async function ask(text: string, options: Parameters<typeof renderApp>[0] = {}) {
  const parts = renderApp(options);
  await parts.user.type(box(), text);
  await parts.user.click(button('Send'));
  return parts;
}

async function answered(text = 'What is Phield?', reply = 'A chat in your tab.', shown = reply) {
  const parts = await ask(text);
  const first = await run(parts.engine);
  act(() => {
    first.say(reply);
    first.end();
  });
  await within(log()).findByText(shown);
  await screen.findByRole('button', { name: 'Send' });
  return parts;
}

describe('sending', () => {
  it('sends, streams into the log and shows the usage', async () => {
    const { engine } = await ask('What is Phield?');
    expect(within(log()).getByText('What is Phield?')).toBeTruthy();
    expect(box().value).toBe('');
    const first = await run(engine);
    await within(log()).findByText('Reading your message…');
    act(() => first.push({ type: 'prefill', fraction: 0.421 }));
    await within(log()).findByText('42%');
    act(() => first.push({ type: 'prefill', fraction: 0.97 }));
    await within(log()).findByText('97%');
    act(() => first.say('A chat'));
    await within(log()).findByText('A chat');
    expect(within(log()).queryByText('97%')).toBeNull();
    // Grown past what the model reads one way: said below what there is, until it goes on.
    act(() => first.push({ type: 'prefill', fraction: 0.33 }));
    await within(log()).findByText('The conversation has become long: reading it again…');
    expect(within(log()).getByText('33%')).toBeTruthy();
    act(() => first.say(' that runs'));
    await within(log()).findByText('A chat that runs');
    expect(within(log()).queryByText('33%')).toBeNull();
    act(() => {
      first.say(' in your tab.');
      first.end();
    });
    await within(log()).findByText('A chat that runs in your tab.');
    await within(log()).findByText('5 tokens · first after 0.12 s · 42.5 tokens/s');
    expect(button('Send')).toBeTruthy();
  });

  it('sends with Enter and breaks the line with Shift+Enter', async () => {
    const { engine, user } = renderApp();
    await user.type(box(), 'one{Shift>}{Enter}{/Shift}two{Enter}');
    const first = await run(engine);
    expect(first.request.messages).toEqual([{ role: 'user', content: 'one\ntwo' }]);
  });

  it('leaves Enter to an input method that is composing', async () => {
    const { engine, user } = renderApp();
    await user.type(box(), 'ni');
    fireEvent.keyDown(box(), { key: 'Enter', isComposing: true });
    fireEvent.keyDown(box(), { key: 'Enter', keyCode: 229 });
    await act(async () => Promise.resolve());
    expect(engine.runs).toHaveLength(0);
    expect(box().value).toBe('ni');
  });

  it('has nothing to send while the box is blank', async () => {
    const { user } = renderApp();
    expect(button('Send')).toHaveProperty('disabled', true);
    await user.type(box(), '   ');
    expect(button('Send')).toHaveProperty('disabled', true);
  });

  it('keeps what is typed while an answer runs', async () => {
    const { engine, user } = await ask('One');
    await run(engine);
    await user.type(box(), 'Two{Enter}');
    expect(box().value).toBe('Two');
    expect(engine.runs).toHaveLength(1);
  });

  it('asks a suggestion at a click', async () => {
    const { engine, user } = renderApp();
    await user.click(button('What is Phield?'));
    const first = await run(engine);
    expect(first.request.messages[0]?.content).toContain('What is Phield');
  });

  it('waits for the model when asked before it is there', async () => {
    const engine = new FakeEngine();
    engine.nextLoad = 'hold';
    const { session } = await ask('Hello', { engine });
    await within(log()).findByText('Waiting for the model to load…');
    expect(engine.runs).toHaveLength(0);
    act(() => void session.load());
    await run(engine);
  });
});

describe('stopping', () => {
  it('keeps what was said, and the next question works', async () => {
    const { engine, user } = await ask('Tell me a story');
    const first = await run(engine);
    act(() => first.say('Once upon a time'));
    await within(log()).findByText('Once upon a time');
    await user.click(button('Stop'));
    await within(log()).findByText('Stopped.');
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
    expect(first.signal.aborted).toBe(true);
    act(() => {
      first.say(' late words');
      first.end('cancelled');
    });
    await user.type(box(), 'And then?{Enter}');
    const second = await run(engine, 2);
    expect(second.request.messages.at(-1)?.content).toBe('And then?');
    expect(log().textContent).not.toContain('late words');
    expect(document.activeElement).toBe(box());
  });
});

describe('answers', () => {
  it('regenerates beside the old answer and steps between the two', async () => {
    const { engine, user } = await answered('Q', 'First answer');
    await user.click(button('Regenerate'));
    const second = await run(engine, 2);
    act(() => {
      second.say('Second answer');
      second.end();
    });
    await within(log()).findByText('Second answer');
    await within(log()).findByText('2 of 2');
    expect(within(log()).queryByText('First answer')).toBeNull();
    await user.click(button('Previous version'));
    await within(log()).findByText('First answer');
  });

  it('edits a question and asks again', async () => {
    const { engine, user } = await answered('First wording', 'Yes');
    await user.click(button('Edit message'));
    const field = screen.getByRole('textbox', { name: 'New wording' });
    expect(document.activeElement).toBe(field);
    await user.clear(field);
    await user.type(field, 'Second wording{Enter}');
    const second = await run(engine, 2);
    expect(second.request.messages).toEqual([{ role: 'user', content: 'Second wording' }]);
    expect(within(log()).queryByText('First wording')).toBeNull();
  });

  it('leaves everything as it was when an edit is cancelled', async () => {
    const { engine, user } = await answered('First wording', 'Yes');
    await user.click(button('Edit message'));
    await user.type(screen.getByRole('textbox', { name: 'New wording' }), ' changed{Escape}');
    expect(within(log()).getByText('First wording')).toBeTruthy();
    expect(document.activeElement).toBe(button('Edit message'));
    expect(engine.runs).toHaveLength(1);
  });

  it('copies the text as it was written', async () => {
    const { user } = await answered('Q', '**bold**', 'bold');
    const [, ofAnswer] = screen.getAllByRole('button', { name: 'Copy message' });
    if (ofAnswer) await user.click(ofAnswer);
    expect(await navigator.clipboard.readText()).toBe('**bold**');
    await screen.findByText('Copied');
  });

  it('says that the token limit or the context ended the answer', async () => {
    const { engine, user } = await ask('Long');
    const first = await run(engine);
    act(() => {
      first.say('So');
      first.end('length');
    });
    await within(log()).findByText(/Stopped at the limit of 5 tokens/);
    await user.click(button('Regenerate'));
    const second = await run(engine, 2);
    act(() => {
      second.say('So');
      second.end('length', true);
    });
    await within(log()).findByText(/filled the model’s context of 1,024 tokens/);
  });

  it('shows a failed answer with what to do, and lets it be tried again', async () => {
    const { engine, user } = await ask('Hello');
    const first = await run(engine);
    act(() => first.fail(new AppError('run/context-full', 'The prompt has 2000 tokens.')));
    await within(log()).findByText('This is more than the model can hold at once');
    expect(log().textContent).toContain('The prompt has 2000 tokens.');
    await user.click(button('Regenerate'));
    await run(engine, 2);
  });

  it('tells a screen reader the whole answer once, not every piece of it', async () => {
    await answered('Q', 'A whole answer.');
    expect(log().getAttribute('aria-live')).toBe('off');
    const announcements = screen.getAllByRole('status').map((status) => status.textContent);
    expect(announcements).toContain('Answer: A whole answer.');
  });

  it('renders the message that streams and no other', async () => {
    const { engine, user } = await answered('Q', 'First');
    await user.type(box(), 'More{Enter}');
    const second = await run(engine, 2);
    const earlier = within(log()).getAllByRole('article').slice(0, 3);
    const changed = vi.fn();
    const observer = new MutationObserver(changed);
    for (const article of earlier) {
      observer.observe(article, { subtree: true, childList: true, characterData: true, attributes: true });
    }
    for (const piece of ['One ', 'two ', 'three']) await act(async () => second.say(piece));
    await within(log()).findByText('One two three');
    observer.disconnect();
    expect(changed).not.toHaveBeenCalled();
  });
});

describe('chats', () => {
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
    await user.click(button('Delete chat'));
    await waitFor(() => expect(screen.queryByRole('link', { name: 'Keep me' })).toBeNull());
    expect(document.activeElement).toBe(box());
    await user.click(button('Undo'));
    // It is back in the list; what is on show stays.
    expect(within(log()).queryByText('Yes.')).toBeNull();
    await user.click(await screen.findByRole('link', { name: 'Keep me' }));
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
