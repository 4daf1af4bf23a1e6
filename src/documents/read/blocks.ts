// What every reader makes of a file: headings and text in reading order. And the caps that no file may pass, whatever
// it says of itself.
import { AppError } from '../../base/errors';

export interface Block {
  readonly text: string;
  /** 1 to 6 for a heading; absent for text. */
  readonly level?: number;
  readonly page?: number;
}

export const limits = {
  /** Of the file. */
  fileBytes: 100_000_000,
  /** Of all that an archive (DOCX, XLSX) unpacks to. */
  unpackedBytes: 200_000_000,
  /** Of the text: about four thousand printed pages. */
  characters: 12_000_000,
  pages: 2_000,
  blocks: 400_000,
} as const;

/** Collects blocks and ends a document that never ends. */
export class Blocks {
  readonly list: Block[] = [];
  #characters = 0;

  add(text: string, extra: { readonly level?: number; readonly page?: number } = {}): void {
    const clean = text.length > limits.characters ? text : tidy(text);
    if (clean === '') return;
    this.#characters += clean.length;
    if (this.#characters > limits.characters || this.list.length >= limits.blocks)
      throw new AppError('documents/too-long', 'The document holds more text than Phield reads.', {
        details: { limit: limits.characters },
      });
    this.list.push({ text: clean, ...extra });
  }
}

/** One space between words, no control characters, letters and accents as one. */
export function tidy(text: string): string {
  return (
    text
      .normalize('NFC')
      // Soft hyphens and marks of direction or of no width split words that a person sees whole.
      .replace(/[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g, '')
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
      .replace(/\s+/g, ' ')
      .trim()
  );
}
