import { describe, expect, it } from 'vitest';
import { FakeEngine, lastRun } from '../../client/fake-engine';
import { ChatStore } from '../chat-store';
import {
  asPersona,
  keepPersonas,
  noPersona,
  PersonaStore,
  personaCode,
  readPersona,
  readPersonaCode,
} from './personas';
import { defaultSettings } from './settings';

const pirate = { id: 'p', name: 'Pirate ☠', system: 'Speak like a pirate.', temperature: 1.2 };
const memory = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  };
};

describe('a persona', () => {
  it.each([
    [null],
    [{ ...pirate, id: '' }],
    [{ ...pirate, id: noPersona }],
    [{ ...pirate, name: '  ' }],
    [{ ...pirate, system: 7 }],
  ])('is not read from %j', (untrusted) => expect(readPersona(untrusted)).toBeUndefined());
  it('loses what is not allowed', () => {
    const read = readPersona({
      ...pirate,
      temperature: 99,
      model: 'javascript:alert(1)',
      system: 'x'.repeat(9000),
      evil: 1,
    });
    expect(read).toEqual({ id: 'p', name: 'Pirate ☠', system: 'x'.repeat(8000) });
  });
  it('travels in a link, under an id of its own', () => {
    const code = personaCode(pirate);
    expect(code).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(readPersonaCode(code, 'new')).toEqual({ ...pirate, id: 'new' });
    for (const bad of ['', '!!', 'AAAA', 'x'.repeat(70_000)])
      expect(readPersonaCode(bad, 'new')).toBeUndefined();
  });
  it('holds over the settings, but for a system text that it lacks', () => {
    const settings = { ...defaultSettings, system: 'Mine', temperature: 0.2, top_p: 0.5 };
    expect(asPersona(settings, pirate)).toMatchObject({
      system: pirate.system,
      temperature: 1.2,
      top_p: 0.5,
    });
    expect(asPersona(settings, { ...pirate, system: ' ' }).system).toBe('Mine');
    expect(asPersona(settings, undefined)).toBe(settings);
  });
});

describe('personas', () => {
  it('are kept, with the default', () => {
    const storage = memory();
    const store = new PersonaStore(storage);
    store.put(pirate);
    store.put({ ...pirate, name: 'Captain' });
    store.setDefault('p');
    expect(new PersonaStore(storage).getState()).toMatchObject({
      personas: [{ name: 'Captain' }],
      defaultId: 'p',
    });
    store.remove('p');
    expect(new PersonaStore(storage).getState()).toMatchObject({ personas: [], defaultId: undefined });
  });

  it('answer in the chats they were chosen for, and the default in all others', async () => {
    const engine = new FakeEngine();
    const personas = new PersonaStore(undefined);
    personas.put(pirate);
    const chat = new ChatStore({
      engine: () => Promise.resolve(engine),
      settings: (conversation) => asPersona(defaultSettings, personas.get(personas.idFor(conversation))),
      model: () => 'phield-tiny',
    });
    keepPersonas(chat, personas);
    const ask = async (text: string): Promise<string | undefined> => {
      chat.send(text);
      await new Promise((resolve) => setTimeout(resolve, 5));
      lastRun(engine).end();
      await new Promise((resolve) => setTimeout(resolve, 5));
      const [first] = lastRun(engine).request.messages;
      return first?.role === 'system' ? first.content : undefined;
    };
    personas.setNext('p');
    expect(await ask('Ahoy')).toBe('Speak like a pirate.');
    expect(personas.getState().next).toBeUndefined();
    expect(await ask('Again')).toBe('Speak like a pirate.');
    chat.newChat();
    expect(await ask('Hello')).toBeUndefined();
    personas.setDefault('p');
    expect(await ask('And now?')).toBe('Speak like a pirate.');
    chat.newChat();
    personas.setNext(noPersona);
    expect(await ask('Plain')).toBeUndefined();
  });
});
