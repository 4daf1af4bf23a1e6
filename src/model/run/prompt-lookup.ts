// What comes next, guessed from what came before: where the last few ids have stood earlier, the same may follow
// again. Summaries, extracts and quotations repeat their sources. Pure; costs a hash lookup an id.

/** Lengths of the endings looked up, the more telling first. */
const lengths = [3, 2] as const;

export class PromptLookup {
  readonly #ids: number[] = [];
  /** An ending -> where its latest successor stands. */
  readonly #successors = new Map<string, number>();
  /** Where the guess at the next id stands. */
  #at: number | undefined;

  /** @param history ids so far, prompt included. */
  constructor(history: Iterable<number>) {
    for (const id of history) this.push(id);
  }

  /** Whether there is a guess. */
  get found(): boolean {
    return this.#at !== undefined;
  }

  /** The guess at the next id. */
  get next(): number | undefined {
    return this.#at === undefined ? undefined : this.#ids[this.#at];
  }

  /** The id that did come next. A guess that was right goes on; a wrong one is looked up anew. */
  push(id: number): void {
    const ids = this.#ids;
    const at = this.#at;
    const right = at !== undefined && ids[at] === id;
    ids.push(id);
    const endings = lengths.filter((n) => n <= ids.length).map((n) => ids.slice(-n).join());
    if (right) this.#at = at + 1;
    else
      this.#at = endings.map((ending) => this.#successors.get(ending)).find((found) => found !== undefined);
    for (const ending of endings) this.#successors.set(ending, ids.length);
  }

  /** @returns that many ids, or none. A repetition under way is taken to go on round and round. */
  draft(length: number): number[] {
    const at = this.#at;
    if (at === undefined) return [];
    const draft: number[] = [];
    while (draft.length < length) {
      const from = at + draft.length;
      const id = this.#ids[from] ?? draft[from - this.#ids.length];
      if (id === undefined) break;
      draft.push(id);
    }
    return draft;
  }
}
