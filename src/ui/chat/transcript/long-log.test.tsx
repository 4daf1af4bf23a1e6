// @vitest-environment jsdom
import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { append, startConversation, type Conversation } from '../../../chat/conversation';
import { installPage, renderApp } from '../../testing/render-app';

installPage();
// What the page fetches beside itself; a busy machine takes its time over it.
beforeAll(() => import('../markdown/markdown'));

let seen: ((elements: readonly Element[]) => void) | undefined;
const observed = new Set<Element>();

beforeEach(() => {
  observed.clear();
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(callback: (entries: readonly { target: Element; isIntersecting: boolean }[]) => void) {
        seen = (elements) => callback(elements.map((target) => ({ target, isIntersecting: true })));
      }
      observe(element: Element): void {
        observed.add(element);
      }
      unobserve(element: Element): void {
        observed.delete(element);
      }
      disconnect(): void {
        observed.clear();
      }
    },
  );
});

/** A chat of so many turns. */
function long(turns: number): Conversation {
  let chat: Conversation | undefined;
  for (let i = 0; i < turns; i++) {
    const parentId = chat?.headId ?? null;
    const question = { role: 'user', id: `q${i}`, parentId, createdAt: i, text: `Question ${i}` } as const;
    chat = chat ? append(chat, question) : startConversation('long', question);
    chat = append(chat, {
      role: 'assistant',
      id: `a${i}`,
      parentId: question.id,
      createdAt: i,
      text: `**Answer** ${i}`,
      model: 'phield-tiny',
      status: { kind: 'complete', finishReason: 'stop', contextFull: false },
    });
  }
  if (!chat) throw new Error('no turn');
  return chat;
}

describe('a chat of 1,000 messages', () => {
  it('has all of them in the page, and draws those near the view', async () => {
    const { chat } = renderApp();
    act(() => {
      chat.restore(long(500));
      chat.select('long');
    });
    const log = screen.getByRole('log', { name: 'Conversation' });
    // The newest first, since they are what is looked at.
    expect(within(log).getAllByRole('article')).toHaveLength(24);
    await waitFor(() => expect(within(log).getAllByRole('article')).toHaveLength(1_000));
    const articles = within(log).getAllByRole('article');
    expect(log.textContent).toContain('Question 0');
    expect(log.textContent).toContain('**Answer** 0');
    expect(within(log).getAllByRole('button', { name: 'Copy message' })).toHaveLength(24);

    act(() => seen?.(articles.slice(0, 4)));
    expect(within(log).getAllByRole('button', { name: 'Copy message' })).toHaveLength(28);
    const [, first] = within(log).getAllByRole('article');
    await within(first as HTMLElement).findByText('Answer');
    expect(first?.textContent).not.toContain('**');
    // What is drawn is watched no more.
    expect(observed.size).toBe(1_000 - 28);
  });
});
