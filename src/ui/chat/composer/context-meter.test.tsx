// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FakeEngine, fakeInfo } from '../../../client/fake-engine';
import { installPage, renderApp } from '../../testing/render-app';

installPage();

describe('the context meter', () => {
  it('counts what is typed and said, and tells what happens when that is too much', async () => {
    const engine = new FakeEngine({
      info: { ...fakeInfo, contextWindow: 20 },
      reply: () => ['Four words of answer.'],
    });
    engine.charactersPerToken = 1;
    const { user } = renderApp({ engine });
    await screen.findByText(/Runs on/);
    expect(screen.queryByRole('meter')).toBeNull();
    const box = screen.getByRole('textbox', { name: 'Message' });
    await user.type(box, 'Five?');
    await screen.findByText('5 of 20 tokens of context');
    await user.type(box, '{Enter}');
    await screen.findByText('27 of 20 tokens of context');
    await screen.findByText(/the oldest messages will be left out/);
    await user.type(box, 'And then?{Enter}');
    await screen.findByText(/2 oldest messages were left out/);
    await waitFor(() => expect(engine.runs.at(-1)?.request.messages).toHaveLength(1));
  });

  it('promises nothing of the oldest messages where there are none', async () => {
    const engine = new FakeEngine({ info: { ...fakeInfo, contextWindow: 4 } });
    engine.charactersPerToken = 1;
    const { user } = renderApp({ engine });
    await user.type(await screen.findByRole('textbox', { name: 'Message' }), 'Much too long');
    await screen.findByText('This is more than the context holds.');
  });
});
