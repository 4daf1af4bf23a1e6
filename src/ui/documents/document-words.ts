// A document's figures and places in words.
import type { DocumentRecord } from '../../documents/document';
import { formatBytes, formatCount } from '../common/format';
import type { Texts } from '../texts/en';

export function documentHref(id: string, passage?: number): string {
  return passage === undefined ? `#/documents/${id}` : `#/documents/${id}/${passage + 1}`;
}

export interface DocumentsRoute {
  readonly id: string;
  /** Index of the passage to show. */
  readonly passage?: number;
}

export function readDocumentsRoute(hash: string): DocumentsRoute | undefined {
  const match = /^#\/documents\/([0-9a-f]{64})(?:\/(\d{1,7}))?$/.exec(hash);
  if (!match?.[1]) return undefined;
  return { id: match[1], ...(match[2] === undefined ? {} : { passage: Number(match[2]) - 1 }) };
}

/** "PDF · 12 pages · 3.4 MB · added 3 May 2026" */
export function figuresOf(record: DocumentRecord, { documents, language }: Texts): string {
  const { kind, pages, bytes, addedAt, passages } = record;
  const count = pages ?? passages;
  const size =
    pages === undefined ? documents.passages : kind === 'xlsx' ? documents.sheets : documents.pages;
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(addedAt);
  return [
    documents.kinds[kind],
    size(count, formatCount(count, language)),
    formatBytes(bytes, language),
    documents.added(date),
  ].join(' · ');
}

/** "page 3 · Results": where a passage stands, as far as the document says. */
export function placeOf(
  place: { readonly page?: number; readonly heading?: string | undefined },
  { documents, language }: Texts,
  isSheet = false,
): string {
  const { page, heading } = place;
  const parts: string[] = [];
  if (page !== undefined)
    parts.push((isSheet ? documents.sheet : documents.page)(formatCount(page, language)));
  if (heading !== undefined) parts.push(heading);
  return parts.join(' · ');
}
