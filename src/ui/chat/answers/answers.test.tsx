// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../base/errors';
import { FakeEngine, fakeInfo } from '../../../client/fake-engine';
import { installPage } from '../../testing/render-app';
import { answered, ask, box, button, log, run } from '../../testing/talk';

installPage();
// What the page fetches beside itself; a busy machine takes its time over it.
beforeAll(() => import('../markdown/markdown'));

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
