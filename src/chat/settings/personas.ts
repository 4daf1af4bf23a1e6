// Personas: a name with a system text, how answers are drawn and perhaps a model, as one person keeps them on this
// device. What comes from storage, a backup or a link is untrusted and checked here.
import type { ChatStore } from '../chat-store';
import { withPersona } from '../chat-list';
import type { Conversation } from '../conversation';
import { isModelName } from '../models/model-name';
import { numberSettings, systemLength, validNumber, type Settings, type TextStorage } from './settings';
import { Subscribable } from '../subscribable';

type Sampling = Pick<Settings, 'temperature' | 'top_p' | 'repetition_penalty' | 'max_tokens' | 'seed'>;

export interface Persona extends Sampling {
  readonly id: string;
  readonly name: string;
  readonly system: string;
  /** The one it was made for; it answers on another all the same. */
  readonly model?: string | undefined;
}

export interface PersonaState {
  readonly personas: readonly Persona[];
  /** Of chats that have none of their own. */
  readonly defaultId: string | undefined;
  /** Chosen for the chat that has not begun yet. */
  readonly next: string | undefined;
}

/** A chat that is to have none although there is a default. */
export const noPersona = 'none';
export const personaNameLength = 60;
export const mostPersonas = 200;
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

export function readPersona(untrusted: unknown): Persona | undefined {
  if (typeof untrusted !== 'object' || untrusted === null) return undefined;
  const record = untrusted as Record<string, unknown>;
  const { id, name, system, model } = record;
  if (typeof id !== 'string' || !idPattern.test(id) || id === noPersona) return undefined;
  if (typeof name !== 'string' || typeof system !== 'string') return undefined;
  const line = [...name.replace(/\s+/g, ' ').trim()].slice(0, personaNameLength).join('');
  if (line === '') return undefined;
  const numbers = numberSettings.flatMap((key) => {
    const value = validNumber(key, record[key]);
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    id,
    name: line,
    system: system.slice(0, systemLength),
    ...Object.fromEntries(numbers),
    ...(typeof model === 'string' && isModelName(model) && { model }),
  };
}

/** Settings as they hold where the persona answers. */
export function asPersona(settings: Settings, persona: Persona | undefined): Settings {
  if (!persona) return settings;
  const { id: _id, name: _name, model: _model, ...own } = persona;
  return { ...settings, ...own, system: own.system.trim() === '' ? settings.system : own.system };
}

const storageKey = 'phield-personas';

export class PersonaStore extends Subscribable<PersonaState> {
  readonly #storage: TextStorage | undefined;

  constructor(storage: TextStorage | undefined) {
    super(readStored(storage));
    this.#storage = storage;
  }

  /** Adds it, or takes the place of the one with its id. */
  put(persona: Persona): void {
    const { personas } = this.getState();
    const isNew = personas.every(({ id }) => id !== persona.id);
    if (isNew && personas.length >= mostPersonas) return;
    this.#change({
      personas: isNew
        ? [...personas, persona]
        : personas.map((one) => (one.id === persona.id ? persona : one)),
    });
  }

  remove(id: string): void {
    const { personas, defaultId } = this.getState();
    this.#change({
      personas: personas.filter((one) => one.id !== id),
      defaultId: defaultId === id ? undefined : defaultId,
    });
  }

  setDefault(id: string | undefined): void {
    this.#change({ defaultId: id });
  }

  /** @param id `noPersona`: none; undefined: as for all. */
  setNext(id: string | undefined): void {
    this.set({ ...this.getState(), next: id });
  }

  /** Id of the one that answers in a chat; undefined: none. @param conversation undefined: one not begun yet. */
  idFor(conversation: Conversation | undefined): string | undefined {
    const { defaultId, next } = this.getState();
    return conversation?.persona ?? (conversation === undefined ? (next ?? defaultId) : defaultId);
  }

  get(id: string | undefined): Persona | undefined {
    return this.getState().personas.find((one) => one.id === id);
  }

  #change(change: Partial<PersonaState>): void {
    this.set({ ...this.getState(), ...change });
    const { personas, defaultId } = this.getState();
    try {
      this.#storage?.setItem(storageKey, JSON.stringify({ personas, defaultId }));
    } catch {
      // Full or forbidden: they last for this visit.
    }
  }
}

function readStored(storage: TextStorage | undefined): PersonaState {
  const none: PersonaState = { personas: [], defaultId: undefined, next: undefined };
  try {
    const stored = JSON.parse(storage?.getItem(storageKey) ?? 'null') as unknown;
    if (typeof stored !== 'object' || stored === null) return none;
    const { personas, defaultId } = stored as { personas?: unknown; defaultId?: unknown };
    const read = readPersonas(personas);
    const found = read.find(({ id }) => id === defaultId);
    return { personas: read, defaultId: found?.id, next: undefined };
  } catch {
    return none;
  }
}

export function readPersonas(untrusted: unknown): readonly Persona[] {
  if (!Array.isArray(untrusted)) return [];
  const read = new Map<string, Persona>();
  for (const item of (untrusted as unknown[]).slice(0, mostPersonas)) {
    const persona = readPersona(item);
    if (persona) read.set(persona.id, persona);
  }
  return [...read.values()];
}

/** A chat that begins takes the persona that was chosen for it along. */
export function keepPersonas(chat: ChatStore, personas: PersonaStore): void {
  let last = chat.getState().activeId;
  chat.subscribe(() => {
    const { activeId, conversations } = chat.getState();
    if (activeId === last) return;
    const isBegun = last === null;
    last = activeId;
    const { next } = personas.getState();
    if (next === undefined) return;
    const conversation = activeId === null ? undefined : conversations.get(activeId);
    if (isBegun && conversation && conversation.messages.size <= 2 && conversation.persona === undefined)
      chat.arrange(conversation.id, (one) => withPersona(one, next, Date.now()));
    personas.setNext(undefined);
  });
}

/** As the part of an address behind #: nothing of it reaches a server. */
export function personaCode(persona: Persona): string {
  const bytes = new TextEncoder().encode(JSON.stringify(persona));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const codeLength = 64_000;

/** The persona of a link, under an id of its own: it never takes the place of one that is there. */
export function readPersonaCode(code: string, newId: string): Persona | undefined {
  if (code.length > codeLength || !/^[A-Za-z0-9_-]+$/.test(code)) return undefined;
  try {
    const binary = atob(code.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(binary, (letter) => letter.charCodeAt(0)),
    );
    const record = JSON.parse(text) as unknown;
    if (typeof record !== 'object' || record === null) return undefined;
    return readPersona({ ...record, id: newId });
  } catch {
    return undefined;
  }
}
