// Where a stored model came from, for a person: its address, or the file that it was imported from.
import { ggufWords } from '../../texts/gguf-words';

/** @param language of the page's texts, BCP 47. */
export function whereFrom(base: string, language: string): string {
  const file = /^imported:\/(.+)\/$/.exec(base)?.[1];
  if (file === undefined) return base;
  try {
    return ggufWords(language).fromFile(decodeURIComponent(file));
  } catch {
    // Nothing that this app encoded.
    return base;
  }
}
