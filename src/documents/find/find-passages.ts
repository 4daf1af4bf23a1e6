// Which passages answer a question: BM25 over the words of passages and of the headings above them (MiniSearch). No
// embeddings: nothing to download, nothing to wait for, and every hit can be explained.
import MiniSearch from 'minisearch';
import type { Passage } from '../document';
import { tokenize, toTerm } from './words';

export interface IndexedPassage {
  readonly documentId: string;
  readonly passage: Passage;
}

export interface PassageHit extends IndexedPassage {
  readonly score: number;
  /** Words of the text that the question found, as they stand in the index: stems. */
  readonly terms: readonly string[];
}

export class PassageIndex {
  readonly #passages: readonly IndexedPassage[];
  readonly #index: MiniSearch;

  constructor(passages: readonly IndexedPassage[]) {
    this.#passages = passages;
    this.#index = new MiniSearch({
      fields: ['text', 'headings'],
      tokenize: (text) => tokenize(text),
      processTerm: toTerm,
    });
    this.#index.addAll(
      passages.map(({ passage }, id) => ({
        id,
        text: passage.blocks.join('\n'),
        headings: passage.headings.join('\n'),
      })),
    );
  }

  find(question: string, limit: number): readonly PassageHit[] {
    const results = this.#index.search(question, {
      combineWith: 'OR',
      boost: { headings: 0.6 },
      // A slip of the finger in a long word; a short one would be another word.
      fuzzy: (term) => (term.length > 6 ? 0.15 : false),
      weights: { fuzzy: 0.25, prefix: 0.25 },
    });
    return results.slice(0, limit).flatMap(({ id, score, terms }) => {
      const found = this.#passages[id as number];
      return found ? [{ ...found, score, terms }] : [];
    });
  }
}
