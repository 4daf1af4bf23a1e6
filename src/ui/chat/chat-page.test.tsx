// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../base/errors';
import { FakeEngine, fakeInfo, lastRun } from '../../client/fake-engine';
import { installPage, renderApp } from '../testing/render-app';

installPage();
// What the page fetches beside itself; a busy machine takes its time over it.
beforeAll(() => import('./markdown/markdown'));

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

  it('lets one message wait for the answer under way, and keeps what is typed after it', async () => {
    const { engine, user } = await ask('One');
    const first = await run(engine);
    await user.type(box(), 'Two{Enter}');
    expect(box().value).toBe('');
    await screen.findByText('Next:');
    await user.type(box(), 'Three{Enter}');
    await screen.findByText(/One message is waiting already/);
    expect(box().value).toBe('Three');
    expect(engine.runs).toHaveLength(1);
    act(() => {
      first.say('Uno');
      first.end();
    });
    const second = await run(engine, 2);
    expect(second.request.messages.at(-1)?.content).toBe('Two');
    expect(screen.queryByText('Next:')).toBeNull();
    expect(box().value).toBe('Three');
  });

  it('gives a waiting message back to be changed', async () => {
    const { engine, user } = await ask('One');
    await run(engine);
    await user.type(box(), 'Two');
    await user.click(button('Send after this answer'));
    await user.click(button('Change the waiting message'));
    expect(box().value).toBe('Two');
    expect(screen.queryByText('Next:')).toBeNull();
  });

  it('says before it sends that a message is too long, keeps it, and says what would fit', async () => {
    const engine = new FakeEngine({ info: { ...fakeInfo, contextWindow: 100 } });
    engine.charactersPerToken = 1;
    const { user } = renderApp({ engine });
    await screen.findByText(/Runs on/);
    await user.click(box());
    await user.paste('word '.repeat(80));
    await user.keyboard('{Enter}');
    await screen.findByText(/This message is 400 tokens long, and the model can hold 100/);
    expect(box().value).toHaveLength(400);
    expect(engine.runs).toHaveLength(0);
    await user.clear(box());
    expect(screen.queryByText(/tokens long/)).toBeNull();
  });

  it('keeps a long pasted text beside the box, sends it behind what was typed, or puts it into the box', async () => {
    const { engine, user } = await ask('One');
    const first = await run(engine);
    act(() => first.end());
    await screen.findByRole('button', { name: 'Send' });
    const long = 'row of figures\n'.repeat(200).trim();
    await user.click(box());
    await user.paste(long);
    expect(box().value).toBe('');
    await user.click(button('Put the pasted text in the box'));
    expect(box().value).toBe(long);
    await user.clear(box());
    await user.paste(long);
    await user.type(box(), 'Sum it up');
    await user.click(button('Send'));
    const { request } = await run(engine, 2);
    expect(request.messages.at(-1)?.content).toBe(`Sum it up\n\n${long}`);
    expect(screen.queryByRole('list', { name: 'Pasted texts' })).toBeNull();
  });

  it('stops by Escape, and not where that closes something', async () => {
    const { engine, user } = await ask('One');
    const first = await run(engine);
    await user.type(box(), '/');
    await screen.findByRole('listbox', { name: 'Commands and prompts' });
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(first.signal.aborted).toBe(false);
    await user.keyboard('{Escape}');
    expect(first.signal.aborted).toBe(true);
    expect(box().value).toBe('/');
    await user.type(box(), '{Backspace}/');
    await screen.findByRole('listbox', { name: 'Commands and prompts' });
  });

  it('edits the last message by ArrowUp', async () => {
    const { engine, user } = await answered('First wording', 'Yes');
    await user.click(box());
    await user.keyboard('{ArrowUp}');
    await user.type(screen.getByRole('textbox', { name: 'New wording' }), ' changed{Enter}');
    const second = await run(engine, 2);
    expect(second.request.messages).toEqual([{ role: 'user', content: 'First wording changed' }]);
  });

  it('keeps a draft for each chat', async () => {
    const { user } = await answered('What is Phield?', 'A chat.');
    await user.type(box(), 'half a question');
    await user.click(button('New chat'));
    expect(box().value).toBe('');
    await user.type(box(), 'another');
    await user.click(screen.getByRole('link', { name: 'What is Phield?' }));
    expect(box().value).toBe('half a question');
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

describe('a cut answer', () => {
  it('goes on where the engine can, in the same turn', async () => {
    const engine = new FakeEngine({ info: { ...fakeInfo, abilities: ['continue'] } });
    const { user } = await ask('Tell me a story', { engine });
    const first = await run(engine);
    act(() => first.say('Once'));
    await within(log()).findByText('Once');
    await user.click(button('Stop'));
    act(() => first.end('cancelled'));
    await user.click(await screen.findByRole('button', { name: 'Continue' }));
    const second = await run(engine, 2);
    expect(second.request).toMatchObject({
      continue_final_message: true,
      messages: [{ role: 'user' }, { role: 'assistant', content: 'Once', tokenIds: [0] }],
    });
    act(() => {
      second.say(' upon a time.');
      second.end();
    });
    await within(log()).findByText('Once upon a time.');
    expect(screen.queryByRole('button', { name: 'Continue' })).toBeNull();
  });

  it('cannot where the engine cannot', async () => {
    const { engine, user } = await ask('Tell me a story');
    const first = await run(engine);
    act(() => first.say('Once'));
    await user.click(button('Stop'));
    await within(log()).findByText('Stopped.');
    expect(screen.queryByRole('button', { name: 'Continue' })).toBeNull();
  });
});

describe('another answer', () => {
  it('can be shorter, which is asked for and not kept', async () => {
    const { engine, user } = await answered('Q', 'First answer');
    await user.click(button('More'));
    await user.click(await screen.findByRole('menuitem', { name: 'Shorter' }));
    const second = await run(engine, 2);
    expect(second.request.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    act(() => {
      second.say('Short');
      second.end();
    });
    await within(log()).findByText('2 of 2');
    expect(within(log()).queryByText(/half as many words/)).toBeNull();
  });

  it('is chosen by the keyboard, and Escape gives the focus back', async () => {
    const { user } = await answered('Q', 'First answer');
    button('More').focus();
    await user.keyboard('{Enter}');
    const first = screen.getByRole('menuitem', { name: 'Shorter' });
    expect(document.activeElement).toBe(first);
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement?.textContent).toBe('Longer');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(button('More'));
  });

  it('waits for the one under way', async () => {
    const { engine, user } = await answered('Q', 'First answer');
    await user.type(box(), 'More{Enter}');
    const second = await run(engine, 2);
    await user.click(screen.getAllByRole('button', { name: 'Regenerate' })[0] as HTMLElement);
    await screen.findByText('another answer');
    act(() => {
      second.say('Second');
      second.end();
    });
    const third = await run(engine, 3);
    act(() => {
      third.say('Third');
      third.end();
    });
    await within(log()).findByText('2 of 2');
  });
});

describe('a long message of a person’s', () => {
  it('is folded', async () => {
    const { chat } = renderApp();
    act(() => void chat.send('line\n'.repeat(60)));
    expect(log().textContent).not.toContain('line\n'.repeat(20));
    fireEvent.click(await screen.findByRole('button', { name: 'Show all 300 characters' }));
    expect(log().textContent).toContain('line\n'.repeat(60));
    expect(button('Show less')).toBeTruthy();
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
    const announcements = (): readonly (string | null)[] =>
      screen.getAllByRole('status').map((status) => status.textContent);
    await waitFor(() => expect(announcements()).toContain('Answer: A whole answer.'));
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
