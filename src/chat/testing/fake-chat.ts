// A chat store over an engine that says what a test tells it to.
import { vi } from 'vitest';
import { AppError } from '../../base/errors';
import { FakeEngine } from '../../client/fake-engine';
import type { ChatStoreParts } from '../chat-state';
import { ChatStore } from '../chat-store';
import { pathTo, type AssistantMessage, type Message } from '../conversation';
import { defaultSettings, type Settings } from '../settings/settings';

/** Long enough for every promise in the chain from engine to store. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

export function setUp(settings: Settings = defaultSettings, parts: Partial<ChatStoreParts> = {}) {
  const engine = new FakeEngine();
  const onAnswered = vi.fn();
  let count = 0;
  const store = new ChatStore({
    engine: (signal) =>
      signal.aborted ? Promise.reject(new AppError('run/aborted', 'Stopped.')) : Promise.resolve(engine),
    settings: () => settings,
    model: () => 'phield-tiny',
    onAnswered,
    newId: () => `id${++count}`,
    now: () => ++count,
    ...parts,
  });
  return { engine, store, onAnswered };
}

export function path(store: ChatStore): readonly Message[] {
  const { conversations, activeId } = store.getState();
  const conversation = activeId === null ? undefined : conversations.get(activeId);
  return conversation ? pathTo(conversation) : [];
}

export function lastAnswer(store: ChatStore): AssistantMessage {
  const message = path(store).at(-1);
  if (message?.role !== 'assistant') throw new Error('The last message is no answer.');
  return message;
}
