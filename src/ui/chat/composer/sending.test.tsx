// @vitest-environment jsdom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import { FakeEngine, fakeInfo } from '../../../client/fake-engine';
import { installPage, renderApp } from '../../testing/render-app';
import { answered, ask, box, button, log, run } from '../../testing/talk';

installPage();
// What the page fetches beside itself; a busy machine takes its time over it.
beforeAll(() => import('../markdown/markdown'));

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
