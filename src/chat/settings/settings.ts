// What a person may set, its limits, and where it is remembered. It applies per request
// or to the page and never reloads a model; model and engine count when one is loaded. Values from storage and from the address are untrusted and checked here.
import { asStorageWay, type StorageWay } from '../../base/storage-way';
import type { EngineName, PromptTemplate } from '../../protocol/chat';
import { isModelName } from '../models/model-name';
import { Subscribable } from '../subscribable';

export type Theme = 'auto' | 'light' | 'dark';
export type LanguageChoice = 'auto' | 'en' | 'pt';

export const contextSizes = [1024, 2048, 4096, 8192, 16384, 32768] as const;
export type ContextSize = (typeof contextSizes)[number];

/** An absent sampling value means the model's own default. */
export interface Settings {
  readonly temperature?: number | undefined;
  readonly top_p?: number | undefined;
  readonly repetition_penalty?: number | undefined;
  readonly max_tokens?: number | undefined;
  readonly seed?: number | undefined;
  readonly system: string;
  /** Leaves the oldest turns out when a conversation outgrows the context. */
  readonly trim: boolean;
  /** The model to start with; absent: the built-in one. */
  readonly model?: string | undefined;
  /** A wish for where both engines can run the model; absent: the one that is better here. */
  readonly engine?: EngineName | undefined;
  /** Tokens of context to make room for; absent: 4k, or 1k on a small device. No model has more than it has. */
  readonly context?: ContextSize | undefined;
  /** Where models are kept; absent: as this site is set up, else in private files. */
  readonly storage?: StorageWay | undefined;
  /** How a conversation becomes a prompt; absent: as the model was trained. */
  readonly template?: PromptTemplate | undefined;
  /** The offer to make storage persistent was made; it comes once. */
  readonly persistenceOffered?: boolean | undefined;
  /** The list of chats is out of the way, on a screen that is wide enough for it. */
  readonly sidebarHidden?: boolean | undefined;
  /** How much is checked of what is asked and answered; absent: standard. */
  readonly safety?: 'off' | 'standard' | 'strict' | undefined;
  readonly theme: Theme;
  readonly language: LanguageChoice;
}

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export const ranges = {
  temperature: { min: 0, max: 2, step: 0.05 },
  top_p: { min: 0.01, max: 1, step: 0.01 },
  repetition_penalty: { min: 1, max: 2, step: 0.01 },
  max_tokens: { min: 1, max: 131_072, step: 1 },
  seed: { min: 0, max: 4_294_967_295, step: 1 },
} as const satisfies Partial<Record<keyof Settings, Range>>;

export type NumberSetting = keyof typeof ranges;
export const numberSettings = Object.keys(ranges) as readonly NumberSetting[];
export const systemLength = 8000;

export const defaultSettings: Settings = { system: '', trim: true, theme: 'auto', language: 'auto' };

/** The value when it is a number that the setting allows, else undefined. */
export function validNumber(name: NumberSetting, value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const { min, max, step } = ranges[name];
  if (value < min || value > max) return undefined;
  return Number.isInteger(step) && !Number.isInteger(value) ? undefined : value;
}

/** What is valid of an untrusted record; everything else is left out. */
export function readSettings(untrusted: unknown): Partial<Settings> {
  if (typeof untrusted !== 'object' || untrusted === null) return {};
  const record = untrusted as Record<string, unknown>;
  const valid: { -readonly [K in keyof Settings]?: Settings[K] } = {};
  for (const name of numberSettings) {
    const value = validNumber(name, record[name]);
    if (value !== undefined) valid[name] = value;
  }
  const { system, trim, model, engine, theme, language } = record;
  const context = contextSizes.find((size) => size === record['context']);
  if (context) valid.context = context;
  if (typeof trim === 'boolean') valid.trim = trim;
  if (record['persistenceOffered'] === true) valid.persistenceOffered = true;
  if (record['sidebarHidden'] === true) valid.sidebarHidden = true;
  if (typeof model === 'string' && isModelName(model)) valid.model = model;
  if (engine === 'wgsl' || engine === 'webllm' || engine === 'wllama') valid.engine = engine;
  if (record['template'] === 'mlc' || record['template'] === 'exact') valid.template = record['template'];
  const storage = asStorageWay(record['storage']);
  if (storage) valid.storage = storage;
  const { safety } = record;
  if (safety === 'off' || safety === 'standard' || safety === 'strict') valid.safety = safety;
  if (typeof system === 'string') valid.system = system.slice(0, systemLength);
  if (theme === 'auto' || theme === 'light' || theme === 'dark') valid.theme = theme;
  if (language === 'auto' || language === 'en' || language === 'pt') valid.language = language;
  return valid;
}

/** Where settings are kept: localStorage, or nothing where the browser forbids it. */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export interface SettingsState {
  /** What counts now. */
  readonly settings: Settings;
  /** Names of the settings that this visit took from the address; they are never saved. */
  readonly fromAddress: readonly (keyof Settings)[];
}

const storageKey = 'phield-settings';

export class SettingsStore extends Subscribable<SettingsState> {
  #saved: Settings;
  #address: Partial<Settings>;
  readonly #storage: TextStorage | undefined;

  constructor(storage: TextStorage | undefined, address: Partial<Settings> = {}) {
    const saved = { ...defaultSettings, ...readSettings(parse(storage)) };
    super(merged(saved, address));
    this.#saved = saved;
    this.#address = address;
    this.#storage = storage;
  }

  /** Changes and remembers; a value that the address had set gives way. Undefined means the default. */
  update(change: Partial<Settings>): void {
    this.#saved = { ...this.#saved, ...change };
    this.#address = Object.fromEntries(Object.entries(this.#address).filter(([name]) => !(name in change)));
    this.set(merged(this.#saved, this.#address));
    try {
      this.#storage?.setItem(storageKey, JSON.stringify(this.#saved));
    } catch {
      // Full or forbidden: the settings still hold for this visit, which is all that can be had.
    }
  }

  /** What of a backup is set nowhere here; which model, and on which engine, stays this device's own affair. */
  takeIn(untrusted: unknown): void {
    const own: Partial<Settings> = this.#saved;
    const {
      model: _model,
      engine: _engine,
      persistenceOffered: _offered,
      ...found
    } = readSettings(untrusted);
    const missing = Object.entries(found).filter(
      ([name]) => own[name as keyof Settings] === defaultSettings[name as keyof Settings],
    );
    if (missing.length > 0) this.update(Object.fromEntries(missing));
  }

  /** As on the first day, but for the model in use and an offer that comes once. */
  reset(): void {
    const { model, persistenceOffered } = this.#saved;
    const names = Object.keys({ ...this.#saved, ...this.#address }).map((name) => [name, undefined]);
    this.update({
      ...(Object.fromEntries(names) as Partial<Settings>),
      ...defaultSettings,
      model,
      persistenceOffered,
    });
  }

  /** Forgets what the address had set. */
  dropAddress(): void {
    this.#address = {};
    this.set(merged(this.#saved, {}));
  }
}

function merged(saved: Settings, address: Partial<Settings>): SettingsState {
  return { settings: { ...saved, ...address }, fromAddress: Object.keys(address) as (keyof Settings)[] };
}

function parse(storage: TextStorage | undefined): unknown {
  try {
    return JSON.parse(storage?.getItem(storageKey) ?? '{}') as unknown;
  } catch {
    return {};
  }
}
