import { describe, expect, it } from 'vitest';
import { readAddress } from './address';
import { isModelName } from '../models/model-name';
import { defaultSettings, readSettings, SettingsStore, type TextStorage } from './settings';

function memory(initial?: string): TextStorage & { text: string | null } {
  return {
    text: initial ?? null,
    getItem() {
      return this.text;
    },
    setItem(_key, value) {
      this.text = value;
    },
  };
}

describe('readSettings', () => {
  it('takes what is valid and leaves out the rest', () => {
    expect(
      readSettings({
        temperature: 0.5,
        top_p: 0,
        max_tokens: 1.5,
        seed: -1,
        theme: 'neon',
        system: 7,
        extra: 1,
      }),
    ).toEqual({ temperature: 0.5 });
    expect(readSettings(null)).toEqual({});
    expect(readSettings({ temperature: '0.5', repetition_penalty: NaN })).toEqual({});
  });
});

describe('SettingsStore', () => {
  it('remembers changes', () => {
    const storage = memory();
    new SettingsStore(storage).update({ temperature: 0.3, theme: 'dark' });
    expect(new SettingsStore(storage).getState().settings).toEqual({
      ...defaultSettings,
      temperature: 0.3,
      theme: 'dark',
    });
  });

  it('forgets a value set to undefined', () => {
    const storage = memory();
    const store = new SettingsStore(storage);
    store.update({ temperature: 0.3 });
    store.update({ temperature: undefined });
    expect(new SettingsStore(storage).getState().settings.temperature).toBeUndefined();
  });

  it('starts from the defaults when what is stored is broken', () => {
    expect(new SettingsStore(memory('{"temperature":')).getState().settings).toEqual(defaultSettings);
    expect(new SettingsStore(memory('[1,2]')).getState().settings).toEqual(defaultSettings);
  });

  it('lets the address rule for the visit, never saves it, and gives way to the person', () => {
    const storage = memory();
    const store = new SettingsStore(storage, { temperature: 0, system: 'From a link' });
    expect(store.getState()).toMatchObject({
      settings: { temperature: 0, system: 'From a link' },
      fromAddress: ['temperature', 'system'],
    });
    store.update({ temperature: 1 });
    expect(store.getState()).toMatchObject({ settings: { temperature: 1 }, fromAddress: ['system'] });
    expect(storage.text).not.toContain('From a link');
    store.dropAddress();
    expect(store.getState()).toMatchObject({ settings: { system: '' }, fromAddress: [] });
  });

  it('holds for the visit where nothing can be stored', () => {
    const store = new SettingsStore({
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('forbidden');
      },
    });
    store.update({ seed: 4 });
    expect(store.getState().settings.seed).toBe(4);
  });
});

describe('readAddress', () => {
  it('reads a whole set-up', () => {
    expect(
      readAddress('?model=https://example.org/m/&temperature=0&max_tokens=64&seed=3&system=Hi&lang=pt-BR'),
    ).toEqual({
      model: 'https://example.org/m/',
      settings: { temperature: 0, max_tokens: 64, seed: 3, system: 'Hi', language: 'pt' },
      rejected: [],
    });
  });

  it('names what is not usable and leaves it out', () => {
    expect(readAddress('?model=javascript:alert(1)&temperature=hot&max_tokens=&lang=tlh&top_p=2')).toEqual({
      settings: {},
      rejected: ['model', 'temperature', 'top_p', 'max_tokens', 'lang'],
    });
    expect(readAddress(`?system=${'x'.repeat(8001)}`)).toEqual({ settings: {}, rejected: ['system'] });
  });

  it('is quiet about an empty address', () => {
    expect(readAddress('')).toEqual({ settings: {}, rejected: [] });
  });
});

describe('isModelName', () => {
  it.each([
    'phield-tiny',
    'Phi-3-mini-4k-instruct-q4f16_1-MLC',
    'https://a.example/b/',
    './models/x/',
    '/models/x/',
  ])('accepts %s', (name) => expect(isModelName(name)).toBe(true));
  it.each([
    '',
    '.hidden',
    '//evil.example/m/',
    'data:text/html,x',
    'file:///etc/',
    'https://user:secret@a.example/',
    'a b',
    `https://a.example/${'x'.repeat(3000)}`,
  ])('refuses %s', (name) => expect(isModelName(name)).toBe(false));
});
