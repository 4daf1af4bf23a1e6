import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeEngine, lastRun } from '../../client/fake-engine';
import { ChatStore } from '../chat-store';
import { defaultSettings } from '../settings/settings';
import { cleanTitle, TitleMaker } from './titles';

const settle = (ms = 10): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const open: TitleMaker[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function answered(canName = true) {
  const engine = new FakeEngine();
  const chat: ChatStore = new ChatStore({
    engine: async () => {
      await titles.stop();
      return engine;
    },
    settings: () => defaultSettings,
    model: () => 'phi-3-mini',
  });
  const titles: TitleMaker = new TitleMaker({
    chat,
    engine: () => (canName ? engine : undefined),
    system: () => '',
    request: () => 'A title, please.',
    idleMs: 20,
  });
  open.push(titles);
  chat.send('Where does coffee grow, and why there of all places?');
  await settle();
  lastRun(engine).say('On high hills.');
  lastRun(engine).end();
  const title = (): string | undefined => [...chat.getState().conversations.values()][0]?.title;
  return { engine, chat, title };
}

describe('a name by the model', () => {
  it('comes in idle time, and is asked for at the end of the conversation itself', async () => {
    const { engine, title } = await answered();
    await vi.waitFor(() => expect(engine.runs).toHaveLength(2));
    expect(lastRun(engine).request.messages.map(({ content }) => content)).toEqual([
      'Where does coffee grow, and why there of all places?',
      'On high hills.',
      'A title, please.',
    ]);
    lastRun(engine).say('Title: “Where Coffee Grows”.');
    lastRun(engine).end();
    await vi.waitFor(() => expect(title()).toBe('Where Coffee Grows'));
  });

  it('gives way to a question at once, and leaves the first words', async () => {
    const { engine, chat, title } = await answered();
    await vi.waitFor(() => expect(engine.runs).toHaveLength(2));
    const naming = lastRun(engine);
    naming.say('Half a');
    chat.send('And tea?');
    expect(naming.signal.aborted).toBe(true);
    naming.end('cancelled');
    await vi.waitFor(() => expect(lastRun(engine).request.messages.at(-1)?.content).toBe('And tea?'));
    expect(title()).toMatch(/^Where does coffee grow/);
  });

  it('is not asked of a model that cannot, nor of a chat that a person has named', async () => {
    const small = await answered(false);
    const named = await answered();
    const [id = ''] = named.chat.getState().conversations.keys();
    named.chat.rename(id, 'Mine');
    await settle(60);
    expect(small.engine.runs).toHaveLength(1);
    expect(named.engine.runs).toHaveLength(1);
  });

  it.each([
    ['**Coffee Hills**\nIs this good?', 'Coffee Hills'],
    ['# Title: Coffee.', 'Coffee'],
    ['', undefined],
    ['?!', undefined],
    ['This conversation is about where coffee grows and why it does so', undefined],
  ])('%j is cleaned to %j', (text, title) => expect(cleanTitle(text)).toBe(title));
});
