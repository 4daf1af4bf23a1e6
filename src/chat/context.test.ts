import { describe, expect, it } from 'vitest';
import { FakeEngine, lastRun } from '../client/fake-engine';
import { ChatStore } from './chat-store';
import { pathTo } from './conversation';
import { fromRecord, toRecord } from './conversation-record';
import { defaultSettings } from './settings/settings';

const settle = (ms = 10): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function setUp(trim: boolean, contextWindow = 40) {
  const engine = new FakeEngine();
  engine.charactersPerToken = 1;
  const store = new ChatStore({
    engine: () => Promise.resolve(engine),
    settings: () => ({ ...defaultSettings, trim, system: 'Be kind.', max_tokens: 4 }),
    model: () => 'phield-tiny',
    contextWindow: () => contextWindow,
  });
  const ask = async (question: string, answer: string): Promise<void> => {
    store.send(question);
    await settle();
    lastRun(engine).say(answer);
    lastRun(engine).end();
    await settle();
  };
  return { engine, store, ask };
}

describe('a conversation that outgrows the context', () => {
  it('loses its oldest turns but never the system text, and the answer says so, also after a restart', async () => {
    const { engine, store, ask } = setUp(true);
    await ask('First question', 'First answer');
    await ask('Second one', 'Yes.');
    expect(lastRun(engine).request.messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Second one' },
    ]);
    const conversation = [...store.getState().conversations.values()][0];
    expect(conversation && pathTo(conversation).at(-1)).toMatchObject({ leftOut: 2 });
    const again = conversation && fromRecord(structuredClone(toRecord(conversation)));
    expect(again && pathTo(again).at(-1)).toMatchObject({ leftOut: 2 });
    expect(conversation?.messages.size).toBe(4);
  });

  it('is sent whole where the person has switched that off, or where it fits', async () => {
    for (const { engine, ask } of [setUp(false), setUp(true, 1000)]) {
      await ask('First question', 'First answer');
      await ask('Second one', 'Yes.');
      expect(lastRun(engine).request.messages).toHaveLength(4);
    }
  });
});
