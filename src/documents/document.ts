// What a document is once it has been read: passages in order, each with the headings above it and its page. Types and
// the checks of what comes back from storage, which another version may have written.

export type DocumentKind = 'text' | 'markdown' | 'html' | 'csv' | 'docx' | 'pdf' | 'xlsx';

/** Encodings that a text file was read as; a person is told of any but UTF-8. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A stretch of text that is quoted, found and cited as one. Passages follow each other without gap or overlap. */
export interface Passage {
  /** From 0, in reading order. */
  readonly index: number;
  /** Headings above it, outermost first. */
  readonly headings: readonly string[];
  /** From 1, where the document has pages (PDF) or sheets (XLSX). */
  readonly page?: number;
  /** Paragraphs, list items, rows. */
  readonly blocks: readonly string[];
}

/** What the list of documents shows; the passages lie beside it. */
export interface DocumentRecord {
  /** SHA-256 of the file, in hex: the same file is kept once. */
  readonly id: string;
  readonly name: string;
  readonly kind: DocumentKind;
  /** Of the file. */
  readonly bytes: number;
  readonly addedAt: number;
  readonly passages: number;
  readonly characters: number;
  readonly pages?: number;
  /** Pages without a word of text: pictures of pages, most likely. */
  readonly emptyPages?: number;
  readonly encoding?: TextEncoding;
}

/** How far reading has come: pages of a PDF, else a fraction of the work in two steps. */
export interface ReadProgress {
  readonly step: 'hash' | 'read';
  readonly done: number;
  readonly total: number;
}

export interface ReadDocument {
  readonly record: DocumentRecord;
  readonly passages: readonly Passage[];
}

export function passageText(passage: Passage): string {
  return passage.blocks.join('\n');
}

const kinds: readonly string[] = [
  'text',
  'markdown',
  'html',
  'csv',
  'docx',
  'pdf',
  'xlsx',
] satisfies readonly DocumentKind[];

export function isDocumentRecord(value: unknown): value is DocumentRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, kind, bytes, addedAt, passages, characters } = value as Record<string, unknown>;
  return (
    isDocumentId(id) &&
    typeof name === 'string' &&
    kinds.includes(kind as string) &&
    [bytes, addedAt, passages, characters].every(Number.isFinite)
  );
}

export function isDocumentId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

export function isPassages(value: unknown): value is readonly Passage[] {
  return Array.isArray(value) && value.every(isPassage);
}

function isPassage(value: unknown, at: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { index, headings, page, blocks } = value as Record<string, unknown>;
  return (
    index === at && isTexts(headings) && isTexts(blocks) && (page === undefined || Number.isFinite(page))
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
