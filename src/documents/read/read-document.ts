// A file's bytes into a document: kind, text, passages. Runs in the documents worker; readers are fetched when a file
// of their kind comes.
import { AppError } from '../../base/errors';
import type { DocumentKind, ReadDocument, ReadProgress, TextEncoding } from '../document';
import { limits, type Block } from './blocks';
import { decodeText } from './decode-text';
import { kindOf } from './kind';
import { toPassages } from './passages';
import { checkZip } from './zip';

interface FileText {
  readonly blocks: readonly Block[];
  readonly encoding?: TextEncoding;
  readonly pages?: number;
  readonly emptyPages?: number;
}

export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** @throws AppError a `documents/` code that says what is the matter with the file. */
export async function readDocument(
  { name, bytes }: SourceFile,
  onProgress: (progress: ReadProgress) => void = () => undefined,
  now: () => number = Date.now,
): Promise<ReadDocument> {
  checkSize(bytes.length);
  onProgress({ step: 'hash', done: 0, total: 1 });
  // Before the reading: pdf.js takes the bytes for itself.
  const id = await sha256(bytes);
  const size = bytes.length;
  onProgress({ step: 'read', done: 0, total: 1 });
  const kind = kindOf(name, bytes);
  const text = await textOf(kind, bytes, (done, total) => onProgress({ step: 'read', done, total }));
  const passages = toPassages(text.blocks);
  const characters = passages.reduce(
    (sum, { blocks }) => sum + blocks.reduce((length, block) => length + block.length, 0),
    0,
  );
  if (characters === 0)
    throw new AppError('documents/no-text', 'Not a word of text was found in the file.', {
      details: text.pages === undefined ? {} : { pages: text.pages },
    });
  const { encoding, pages, emptyPages } = text;
  return {
    record: {
      id,
      name: cleanName(name),
      kind,
      bytes: size,
      addedAt: now(),
      passages: passages.length,
      characters,
      ...(pages === undefined ? {} : { pages }),
      ...(emptyPages ? { emptyPages } : {}),
      ...(encoding === undefined ? {} : { encoding }),
    },
    passages,
  };
}

/** Asked before a file is read into memory, and again after. */
export function checkSize(bytes: number): void {
  if (bytes > limits.fileBytes)
    throw new AppError('documents/too-large', `The file has ${bytes} bytes.`, {
      details: { bytes, limit: limits.fileBytes },
    });
  if (bytes === 0) throw new AppError('documents/no-text', 'The file is empty.');
}

async function textOf(
  kind: DocumentKind,
  bytes: Uint8Array<ArrayBuffer>,
  onPart: (done: number, total: number) => void,
): Promise<FileText> {
  switch (kind) {
    case 'pdf': {
      const { readPdf } = await import('./read-pdf');
      return readPdf(bytes, onPart);
    }
    case 'docx': {
      await checkZip(bytes);
      const { readDocx } = await import('./read-office');
      return { blocks: await readDocx(bytes) };
    }
    case 'xlsx': {
      await checkZip(bytes);
      const { readXlsx } = await import('./read-office');
      const { blocks, sheets } = readXlsx(bytes);
      return { blocks, pages: sheets };
    }
    case 'html': {
      const { readHtml, declaredEncoding } = await import('./read-html');
      const { text, encoding } = decodeText(bytes);
      const declared = declaredEncoding(bytes);
      // Bytes that are valid UTF-8 are UTF-8, whatever the page says; the rest may be what it says.
      const own = encoding === 'windows-1252' ? decodeAs(declared, bytes) : undefined;
      return { blocks: readHtml(own ?? text), encoding };
    }
    case 'csv': {
      const { readCsv } = await import('./read-csv');
      const { text, encoding } = decodeText(bytes);
      return { blocks: readCsv(text), encoding };
    }
    case 'markdown':
    case 'text': {
      const { readMarkdown, readPlainText } = await import('./read-text');
      const { text, encoding } = decodeText(bytes);
      return { blocks: kind === 'text' ? readPlainText(text) : readMarkdown(text), encoding };
    }
  }
}

function decodeAs(label: string | undefined, bytes: Uint8Array): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return undefined;
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A file's name is shown and quoted: one line, no path, not endless. */
function cleanName(name: string): string {
  const last = name
    .replace(/^.*[\\/]/, '')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  return [...(last === '' ? 'document' : last)].slice(0, 200).join('');
}
