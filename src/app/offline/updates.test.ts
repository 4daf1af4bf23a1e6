// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Subscribable } from '../../chat/subscribable';
import { whenStarted } from './updates';

type Chat = Parameters<typeof whenStarted>[0];
type Session = Parameters<typeof whenStarted>[1];

describe('the copies for a start without a network are fetched', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const rig = async (run: string, kind: string) => {
    const chat = new Subscribable({ run: { state: run } });
    const session = new Subscribable({ kind });
    let begun = false;
    void whenStarted(chat as unknown as Chat, session as unknown as Session).then(() => (begun = true));
    const after = async (ms: number): Promise<boolean> => {
      await vi.advanceTimersByTimeAsync(ms);
      return begun;
    };
    expect(await after(0)).toBe(run === 'idle' && kind !== 'loading');
    return { chat, session, after };
  };

  it.each(['idle', 'ready', 'failed'])('at once where nothing starts: %s', async (kind) => {
    await rig('idle', kind);
  });

  it('when the model has started and what was asked meanwhile is answered', async () => {
    const { chat, session, after } = await rig('waiting', 'loading');
    session.set({ kind: 'ready' });
    expect(await after(0)).toBe(false);
    chat.set({ run: { state: 'idle' } });
    expect(await after(0)).toBe(true);
  });

  it('in the midst of a start that takes long', async () => {
    const { after } = await rig('idle', 'loading');
    expect(await after(4_999)).toBe(false);
    expect(await after(1)).toBe(true);
  });
});
