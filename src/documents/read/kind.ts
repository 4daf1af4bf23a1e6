// What a file is: by its first bytes where they tell, else by its name. A name that lies loses against the bytes.
import { AppError } from '../../base/errors';
import type { DocumentKind } from '../document';

const byExtension: Readonly<Record<string, DocumentKind>> = {
  txt: 'text',
  text: 'text',
  log: 'text',
  json: 'text',
  xml: 'text',
  yaml: 'text',
  yml: 'text',
  srt: 'text',
  vtt: 'text',
  md: 'markdown',
  markdown: 'markdown',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  csv: 'csv',
  tsv: 'csv',
  docx: 'docx',
  docm: 'docx',
  pdf: 'pdf',
  xlsx: 'xlsx',
  xlsm: 'xlsx',
};

/** For the `accept` of a file dialog. */
export const acceptedFiles =
  '.txt,.md,.markdown,.html,.htm,.csv,.tsv,.docx,.pdf,.xlsx,.log,.json,.xml,text/*,application/pdf';

export function extensionOf(name: string): string {
  return /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** @throws AppError `documents/unsupported-kind`, `documents/encrypted`. */
export function kindOf(name: string, bytes: Uint8Array): DocumentKind {
  const extension = extensionOf(name);
  const named = byExtension[extension];
  // Some writers put a few bytes before the mark; the format allows a kilobyte.
  if (indexOf(bytes.subarray(0, 1024), '%PDF-') >= 0) return 'pdf';
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0x50, 0x4b, 0x05, 0x06])) {
    // The names of an archive's parts stand in its directory, at the end.
    const tail = bytes.subarray(Math.max(0, bytes.length - 200_000));
    if (indexOf(tail, 'word/document') >= 0) return 'docx';
    if (indexOf(tail, 'xl/workbook') >= 0) return 'xlsx';
    if (named === 'docx' || named === 'xlsx') return named;
    throw unsupported(extension || 'zip');
  }
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
    // Office locks a DOCX or XLSX by wrapping it in the older container.
    if (indexOf(bytes, 'E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e') >= 0)
      throw new AppError('documents/encrypted', 'The Office file is protected by a password.');
    throw unsupported(extension || 'doc');
  }
  if (named === 'pdf' || named === 'docx' || named === 'xlsx')
    throw new AppError('documents/damaged', `The file does not begin as a .${named} file does.`);
  if (isPicture(bytes)) throw unsupported(extension || 'image');
  return named ?? 'text';
}

function isPicture(bytes: Uint8Array): boolean {
  return (
    startsWith(bytes, [0x89, 0x50, 0x4e, 0x47]) ||
    startsWith(bytes, [0xff, 0xd8, 0xff]) ||
    startsWith(bytes, [0x47, 0x49, 0x46, 0x38])
  );
}

function unsupported(kind: string): AppError {
  return new AppError('documents/unsupported-kind', `Phield does not read .${kind} files.`, {
    details: { kind },
  });
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

function indexOf(bytes: Uint8Array, latin: string): number {
  const first = latin.charCodeAt(0);
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < latin.length && bytes[at + same] === latin.charCodeAt(same)) same++;
    if (same === latin.length) return at;
  }
  return -1;
}
