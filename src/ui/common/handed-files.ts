// Files that are handed to a part of the page which may not be there yet.
import { useEffect } from 'react';

type Take = (files: readonly File[]) => void;

export class HandedFiles {
  #waiting: readonly File[] = [];
  readonly #takers = new Set<Take>();

  readonly hand: Take = (files) => {
    if (this.#takers.size === 0) this.#waiting = [...this.#waiting, ...files];
    for (const take of this.#takers) take(files);
  };

  /** @returns the way to stop. */
  follow(take: Take): () => void {
    this.#takers.add(take);
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) take(waiting);
    return () => this.#takers.delete(take);
  }
}

export function useHandedFiles(handed: HandedFiles, take: Take): void {
  useEffect(() => handed.follow(take), [handed, take]);
}
