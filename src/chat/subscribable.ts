// The smallest observable value: what every store of this folder is to the view. A listener that throws is
// reported and never keeps the others, or a running answer, from going on.

export interface Readable<T> {
  readonly getState: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

export class Subscribable<T> implements Readable<T> {
  #state: T;
  readonly #listeners = new Set<() => void>();

  constructor(initial: T) {
    this.#state = initial;
  }

  readonly getState = (): T => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(next: T): void {
    if (Object.is(next, this.#state)) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        console.error('A listener of a chat store threw.', error);
      }
    }
  }
}
