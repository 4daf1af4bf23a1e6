// Values that arrive from several producers, as one async sequence for one consumer.

export class Arrivals<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #ended: { readonly error: unknown } | 'done' | undefined;
  #wake: (() => void) | undefined;

  push(value: T): void {
    this.#waiting.push(value);
    this.#wake?.();
  }

  end(): void {
    this.#ended ??= 'done';
    this.#wake?.();
  }

  /** What arrived before is still handed out; then the consumer's loop throws. */
  fail(error: unknown): void {
    this.#ended ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const value = this.#waiting.shift();
      if (value !== undefined) yield value;
      else if (this.#ended === 'done') return;
      else if (this.#ended) throw this.#ended.error;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
