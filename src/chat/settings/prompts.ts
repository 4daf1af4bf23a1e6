// Prompts that a person has saved, in a database of their own. `{{topic}}` in one is a blank to fill in.
import { createStore, entries, del, set, type UseStore } from 'idb-keyval';
import { Subscribable } from '../subscribable';

export interface SavedPrompt {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

export const promptNameLength = 60;
export const promptTextLength = 20_000;

export function openPromptDatabase(): UseStore {
  return createStore('phield-prompts', 'records');
}

/** In the order of their names. */
export class Prompts extends Subscribable<readonly SavedPrompt[]> {
  readonly #database: UseStore | undefined;

  /** @param database absent where the browser gives none: they hold for the visit. */
  constructor(database: UseStore | undefined) {
    super([]);
    this.#database = database;
    void this.#read();
  }

  /** Adds it, or changes the one of that id. A name that is blank is taken from the text. */
  save(prompt: SavedPrompt): void {
    const text = prompt.text.slice(0, promptTextLength);
    const name = (prompt.name.trim() || text.trim()).replace(/\s+/g, ' ').slice(0, promptNameLength);
    if (text.trim() === '') return;
    const saved = { id: prompt.id, name, text };
    this.set(sorted([...this.getState().filter(({ id }) => id !== saved.id), saved]));
    this.#write((database) => set(saved.id, saved, database));
  }

  /** Keeps what is whole of a backup's prompts and not here yet. @returns how many those are. */
  takeIn(untrusted: unknown): number {
    const known = new Set(this.getState().map(({ id }) => id));
    const found = (Array.isArray(untrusted) ? (untrusted as unknown[]) : []).flatMap(
      (record) => readPrompt(record) ?? [],
    );
    const fresh = found.filter(({ id }) => !known.has(id)).slice(0, 1000);
    for (const prompt of fresh) this.save(prompt);
    return fresh.length;
  }

  delete(id: string): void {
    this.set(this.getState().filter((prompt) => prompt.id !== id));
    this.#write((database) => del(id, database));
  }

  async #read(): Promise<void> {
    if (!this.#database) return;
    const records = await entries<string, unknown>(this.#database).catch(() => []);
    const own = new Map(this.getState().map((prompt) => [prompt.id, prompt]));
    const stored = records.flatMap(([, record]) => readPrompt(record) ?? []);
    this.set(sorted([...own.values(), ...stored.filter(({ id }) => !own.has(id))]));
  }

  #write(act: (database: UseStore) => Promise<void>): void {
    // Full or forbidden: it still holds for this visit.
    if (this.#database) void act(this.#database).catch(() => undefined);
  }
}

export function readPrompt(record: unknown): SavedPrompt | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const { id, name, text } = record as Record<string, unknown>;
  if (typeof id !== 'string' || typeof name !== 'string' || typeof text !== 'string') return undefined;
  if (id === '' || text.trim() === '') return undefined;
  return { id, name: name.slice(0, promptNameLength), text: text.slice(0, promptTextLength) };
}

/** Names of the blanks, each once, in order. */
export function blanksOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{\{\s*([^{}\n]{1,60}?)\s*\}\}/g)].map(([, name = '']) => name))];
}

export function fillBlanks(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\{\{\s*([^{}\n]{1,60}?)\s*\}\}/g, (whole, name: string) => values.get(name) ?? whole);
}

function sorted(prompts: readonly SavedPrompt[]): readonly SavedPrompt[] {
  return [...prompts].sort((a, b) => a.name.localeCompare(b.name));
}
