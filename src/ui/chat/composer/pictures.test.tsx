// @vitest-environment jsdom
// Real decoding and drawing are seen in a browser (e2e/webllm.spec.ts); jsdom has neither.
import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fromRecord, toRecord } from '../../../chat/conversation-record';
import { FakeEngine, fakeInfo, lastRun } from '../../../client/fake-engine';
import { installPage, renderApp } from '../../testing/render-app';

installPage();

const jpeg = 'data:image/jpeg;base64,/9j/';

beforeEach(() => {
  vi.stubGlobal('createImageBitmap', (file: Blob) =>
    file.type.startsWith('image/')
      ? Promise.resolve({ width: 10, height: 10, close: () => undefined })
      : Promise.reject(new DOMException('no picture', 'InvalidStateError')),
  );
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext(): unknown {
        return { fillRect: () => undefined, drawImage: () => undefined };
      }
      convertToBlob(): Promise<Blob> {
        return Promise.resolve(new Blob([Uint8Array.of(0xff, 0xd8, 0xff)], { type: 'image/jpeg' }));
      }
    },
  );
});

const seeing = (): FakeEngine => new FakeEngine({ info: { ...fakeInfo, abilities: ['json', 'images'] } });
const photo = (): File => new File(['x'], 'photo.png', { type: 'image/png' });
const input = (): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>('input[type=file]');
  if (!found) throw new Error('no file input');
  return found;
};

describe('pictures', () => {
  it('cannot be attached for a model that only reads', async () => {
    renderApp();
    await screen.findByRole('button', { name: 'Attach file' });
    expect(input().accept).not.toContain('image/*');
  });

  it('go with the message to a model that sees, stay in the chat, and survive its record', async () => {
    const engine = seeing();
    const { chat, user } = renderApp({ engine });
    await waitFor(() => expect(input().accept).toContain('image/*'));
    await user.upload(input(), [photo(), photo()]);
    await screen.findByRole('img', { name: 'Picture 2' });
    await user.click(screen.getByRole('button', { name: 'Remove picture 2' }));
    await user.type(screen.getByRole('textbox', { name: 'Message' }), 'What is this?');
    await user.click(screen.getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(engine.runs).toHaveLength(1));
    expect(lastRun(engine).request.messages).toEqual([
      { role: 'user', content: 'What is this?', images: [jpeg] },
    ]);
    const log = screen.getByRole('log', { name: 'Conversation' });
    expect(within(log).getByRole('img', { name: 'Picture 1' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Remove picture 1' })).toBeNull();
    const [conversation] = chat.getState().conversations.values();
    if (!conversation) throw new Error('no conversation');
    const back = fromRecord(structuredClone(toRecord(conversation)));
    expect([...(back?.messages.values() ?? [])][0]).toMatchObject({ images: [jpeg] });
  });

  it('of an earlier turn are not sent to a model that only reads', async () => {
    const engine = seeing();
    const { session, user } = renderApp({ engine });
    await waitFor(() => expect(input().accept).toContain('image/*'));
    await user.upload(input(), photo());
    await screen.findByRole('img', { name: 'Picture 1' });
    await user.type(screen.getByRole('textbox', { name: 'Message' }), 'What is this?{Enter}');
    await waitFor(() => expect(engine.runs).toHaveLength(1));
    act(() => {
      lastRun(engine).say('A dog.');
      lastRun(engine).end();
    });
    await screen.findByRole('button', { name: 'Send' });
    vi.spyOn(engine, 'load').mockResolvedValue({ ...fakeInfo });
    await act(() => session.load('phi-3-mini'));
    await user.type(screen.getByRole('textbox', { name: 'Message' }), 'Tell me more{Enter}');
    await waitFor(() => expect(engine.runs).toHaveLength(2));
    expect(lastRun(engine).request.messages).toEqual([
      { role: 'user', content: 'What is this?' },
      { role: 'assistant', content: 'A dog.' },
      { role: 'user', content: 'Tell me more' },
    ]);
  });

  it('that are none are said to be none', async () => {
    const { user } = renderApp({ engine: seeing() });
    await waitFor(() => expect(input().accept).toContain('image/*'));
    await user.upload(input(), new File(['x'], 'notes.png', { type: 'image/png' }));
    await screen.findByRole('img', { name: 'Picture 1' });
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new DOMException('no', 'InvalidStateError')));
    await user.upload(input(), new File(['x'], 'broken.png', { type: 'image/png' }));
    await screen.findByText('That file is no picture this browser can read.');
    expect(screen.getAllByRole('img', { name: /^Picture/ })).toHaveLength(1);
  });
});
