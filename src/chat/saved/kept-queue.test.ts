import { describe, expect, it } from 'vitest';
import { FakeEngine, lastRun } from '../../client/fake-engine';
import { ChatStore } from '../chat-store';
import { keepQueue, readQueue } from './kept-queue';
import { defaultSettings } from '../settings/settings';

function memory() {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
    removeItem: (key: string) => void texts.delete(key),
  };
}

describe('what waits for the model', () => {
  it('is there after a reload, waits for the person, and is forgotten when it is done', async () => {
    const storage = memory();
    const engine = new FakeEngine();
    const parts = { engine: async () => engine, settings: () => defaultSettings, model: () => 'm' };
    const chat = new ChatStore(parts);
    keepQueue(chat, storage);
    chat.send('First?');
    const { activeId } = chat.getState();
    const next = {
      kind: 'send',
      conversationId: activeId,
      text: 'Second?',
      images: [],
      documents: [],
    } as const;
    expect(chat.doOrQueue(next)).toBe(true);
    const { conversations } = chat.getState();
    const after = new ChatStore(parts, { conversations, activeId, ...readQueue(storage, conversations) });
    expect(after.getState().queued).toEqual(next);
    expect(after.getState().run.state).toBe('idle');
    // Its chat was deleted in another tab.
    expect(readQueue(storage, new Map())).toEqual({});
    await expect.poll(() => engine.runs.length).toBe(1);
    lastRun(engine).say('Yes.');
    lastRun(engine).end();
    await expect.poll(() => chat.getState().queued).toBeUndefined();
    expect(storage.texts.size).toBe(0);
  });

  it.each([
    'no JSON',
    '{"kind":"send","conversationId":null,"text":"x","images":["https://x.example/a.png"],"documents":[]}',
    '{"kind":"send","conversationId":null,"text":7,"images":[],"documents":[]}',
    '{"kind":"edit","conversationId":null,"text":"x"}',
    '{"kind":"run","conversationId":null,"messageId":"x"}',
    '[]',
  ])('is nothing where its record is not whole: %s', (text) => {
    const storage = memory();
    storage.setItem('phield-waiting', text);
    expect(readQueue(storage, new Map())).toEqual({});
  });
});
