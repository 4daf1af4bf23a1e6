// DOCX and XLSX, whose archives have been checked before: mammoth makes HTML of the one, the other's XML is read as a
// stream. Formulas are not computed (their stored values are read), macros not looked at.
import { unzipSync } from 'fflate';
import { Parser } from 'htmlparser2';
import mammoth from 'mammoth';
import { AppError, toAppError } from '../../base/errors';
import { Blocks, type Block } from './blocks';
import { readRows } from './read-csv';
import { readHtml } from './read-html';

export async function readDocx(bytes: Uint8Array<ArrayBuffer>): Promise<readonly Block[]> {
  try {
    const arrayBuffer = exact(bytes);
    // In Node (tests) mammoth takes a Buffer, in a browser an ArrayBuffer.
    const input = 'Buffer' in globalThis ? { arrayBuffer, buffer: nodeBuffer(arrayBuffer) } : { arrayBuffer };
    const { value } = await mammoth.convertToHtml(input, {
      // Pictures would come as base64, megabytes of them.
      convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })),
      externalFileAccess: false,
    });
    return readHtml(value);
  } catch (thrown) {
    throw toAppError(thrown, 'documents/damaged');
  }
}

function nodeBuffer(buffer: ArrayBuffer): unknown {
  return (globalThis as unknown as { Buffer: { from(from: ArrayBuffer): unknown } }).Buffer.from(buffer);
}

function exact(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}

export interface Workbook {
  readonly blocks: readonly Block[];
  readonly sheets: number;
}

/** Sheets in their order in the file, each under its name as a heading. */
export function readXlsx(bytes: Uint8Array): Workbook {
  let parts: Record<string, Uint8Array>;
  try {
    parts = unzipSync(bytes, {
      filter: ({ name }) => /^xl\/(workbook|sharedStrings|worksheets\/sheet\d+)\.xml$/.test(name),
    });
  } catch (thrown) {
    throw toAppError(thrown, 'documents/damaged');
  }
  const xml = (name: string): string => new TextDecoder().decode(parts[name] ?? new Uint8Array());
  const workbook = xml('xl/workbook.xml');
  if (workbook === '') throw new AppError('documents/damaged', 'The workbook has no list of sheets.');
  const names = sheetNames(workbook);
  const shared = sharedStrings(xml('xl/sharedStrings.xml'));
  const files = Object.keys(parts)
    .filter((name) => name.startsWith('xl/worksheets/'))
    .sort((a, b) => sheetNumber(a) - sheetNumber(b));
  const blocks = new Blocks();
  files.forEach((file, at) => {
    const page = at + 1;
    blocks.add(names[at] ?? String(page), { level: 1, page });
    readRows(sheetRows(xml(file), shared), blocks, { page });
  });
  return { blocks: blocks.list, sheets: files.length };
}

function sheetNumber(file: string): number {
  return Number(/(\d+)\.xml$/.exec(file)?.[1] ?? 0);
}

function parseXml(text: string, handler: ConstructorParameters<typeof Parser>[0]): void {
  const parser = new Parser(handler, { xmlMode: true, decodeEntities: true });
  parser.write(text);
  parser.end();
}

function sheetNames(xml: string): readonly string[] {
  const names: string[] = [];
  parseXml(xml, {
    onopentag(name, { name: title }) {
      if (name === 'sheet' && title !== undefined) names.push(title);
    },
  });
  return names;
}

function sharedStrings(xml: string): readonly string[] {
  const strings: string[] = [];
  let text = '';
  let inText = false;
  parseXml(xml, {
    onopentag(name) {
      if (name === 'si') text = '';
      inText = name === 't';
    },
    ontext(piece) {
      if (inText) text += piece;
    },
    onclosetag(name) {
      if (name === 't') inText = false;
      if (name === 'si') strings.push(text);
    },
  });
  return strings;
}

/** Cells may be left out of a row: their place is in their reference ("C7"). */
function sheetRows(xml: string, shared: readonly string[]): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let column = 0;
  let type = '';
  let value = '';
  let inValue = false;
  parseXml(xml, {
    onopentag(name, attributes) {
      if (name === 'row') row = [];
      if (name === 'c') {
        column = columnOf(attributes['r']) ?? row.length;
        type = attributes['t'] ?? 'n';
        value = '';
      }
      inValue = name === 'v' || name === 't';
    },
    ontext(piece) {
      if (inValue) value += piece;
    },
    onclosetag(name) {
      if (name === 'v' || name === 't') inValue = false;
      if (name === 'c') {
        while (row.length < column) row.push('');
        row[column] = type === 's' ? (shared[Number(value)] ?? '') : type === 'b' ? bool(value) : value;
      }
      if (name === 'row' && row.some((cell) => cell !== '')) rows.push(row);
    },
  });
  return rows;
}

const bool = (value: string): string => (value === '1' ? 'TRUE' : 'FALSE');

/** "C7" is 2; a column past XFD is no column. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference ?? '')?.[1];
  if (letters === undefined) return undefined;
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return column < 16_384 ? column : undefined;
}
