// What window and documents worker say to each other. Both come from one build, so the types are all the guard there is;
// what a file holds never travels as anything but text.
import type { WireError } from '../base/errors';
import type { DocumentRecord, Passage, ReadProgress } from './document';

export interface FoundPassage {
  readonly documentId: string;
  readonly passage: Passage;
  readonly score: number;
  readonly terms: readonly string[];
}

export type ToDocuments =
  | { readonly call: number; readonly op: 'read'; readonly file: Blob; readonly name: string }
  | {
      readonly call: number;
      readonly op: 'find';
      readonly question: string;
      readonly documentIds: readonly string[];
      readonly limit: number;
    };

export type FromDocuments =
  | { readonly call: number; readonly k: 'progress'; readonly progress: ReadProgress }
  | { readonly call: number; readonly k: 'read'; readonly record: DocumentRecord }
  | { readonly call: number; readonly k: 'found'; readonly found: readonly FoundPassage[] }
  | { readonly call: number; readonly k: 'error'; readonly error: WireError };
