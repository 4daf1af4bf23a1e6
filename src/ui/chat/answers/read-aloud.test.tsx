// @vitest-environment jsdom
// An answer read aloud, by a voice of this device or not at all.
import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { lastRun } from '../../../client/fake-engine';
import { openSettings } from '../../settings/settings-state';
import { installPage, renderApp } from '../../testing/render-app';

installPage();
beforeAll(() => import('../markdown/markdown'));

function withVoices(...local: boolean[]) {
  const spoken: { text: string; voice: { localService: boolean } | null }[] = [];
  class Utterance {
    voice: SpeechSynthesisVoice | null = null;
    constructor(readonly text: string) {}
  }
  vi.stubGlobal('SpeechSynthesisUtterance', Utterance);
  vi.stubGlobal('speechSynthesis', {
    getVoices: () => local.map((localService, at) => ({ lang: 'en-US', localService, name: `voice ${at}` })),
    speak: (one: (typeof spoken)[number]) => spoken.push(one),
    cancel: vi.fn(),
  });
  return spoken;
}

async function answered(): Promise<ReturnType<typeof renderApp>['user']> {
  const { engine, user } = renderApp();
  await user.type(screen.getByRole('textbox', { name: 'Message' }), 'Hello{Enter}');
  await waitFor(() => expect(engine.runs).toHaveLength(1));
  act(() => {
    lastRun(engine).say('One sentence. Another one.');
    lastRun(engine).end();
  });
  const log = screen.getByRole('log', { name: 'Conversation' });
  await within(log).findByText('One sentence. Another one.');
  await screen.findByRole('button', { name: 'Regenerate' });
  return user;
}

describe('reading aloud', () => {
  it('is by a local voice, sentence by sentence, though a remote one comes first', async () => {
    const spoken = withVoices(false, true);
    const user = await answered();
    await user.click(await screen.findByRole('button', { name: 'Read aloud' }));
    expect(spoken.map(({ text }) => text.trim())).toEqual(['One sentence.', 'Another one.']);
    expect(spoken.every(({ voice }) => voice?.localService === true)).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Stop reading' }));
    expect(speechSynthesis.cancel).toHaveBeenCalled();
    await screen.findByRole('button', { name: 'Read aloud' });
  });

  it('has no button where only remote voices are, and Settings say why', async () => {
    const spoken = withVoices(false);
    await answered();
    expect(screen.queryByRole('button', { name: 'Read aloud' })).toBeNull();
    act(() => openSettings());
    await screen.findByText(/Others would send the answer over the network/);
    expect(spoken).toEqual([]);
  });
});
