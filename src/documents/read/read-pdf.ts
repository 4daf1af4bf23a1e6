// PDF text by pdf.js, inside our own worker: no canvas, no fonts, no scripts of the document, nothing fetched. Lines are
// put together from pieces by where they stand; what is set larger than the running text is a heading.
import { AppError, toAppError } from '../../base/errors';
import { Blocks, limits, type Block } from './blocks';

export interface PdfText {
  readonly blocks: readonly Block[];
  readonly pages: number;
  readonly emptyPages: number;
}

interface Line {
  readonly text: string;
  /** Height of its letters in points. */
  readonly size: number;
  /** Of its baseline, from the bottom of the page. */
  readonly y: number;
}

/** What of a text item is used. */
interface Piece {
  readonly str: string;
  readonly transform: readonly number[];
  readonly hasEOL: boolean;
}

export async function readPdf(
  bytes: Uint8Array<ArrayBuffer>,
  onPage: (done: number, total: number) => void,
): Promise<PdfText> {
  // Its own worker would be a worker of a worker: handed over like this, its code runs here.
  await import('pdfjs-dist/legacy/build/pdf.worker.mjs');
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const loading = getDocument({
    data: bytes,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: 0,
  });
  try {
    const pdf = await loading.promise;
    const pages = pdf.numPages;
    if (pages > limits.pages)
      throw new AppError('documents/too-long', `The document has ${pages} pages.`, {
        details: { pages, limit: limits.pages },
      });
    const lines: Line[][] = [];
    for (let number = 1; number <= pages; number++) {
      lines.push(await pageLines(pdf, number));
      onPage(number, pages);
    }
    return { blocks: toBlocks(lines), pages, emptyPages: lines.filter((page) => page.length === 0).length };
  } catch (thrown) {
    throw pdfError(thrown);
  } finally {
    await loading.destroy().catch(() => undefined);
  }
}

function pdfError(thrown: unknown): AppError {
  if (thrown instanceof Error && thrown.name === 'PasswordException')
    return new AppError('documents/encrypted', 'The PDF is protected by a password.', { cause: thrown });
  return toAppError(thrown, 'documents/damaged');
}

interface PdfPages {
  getPage(number: number): Promise<{
    getTextContent(options: {
      readonly disableNormalization: boolean;
    }): Promise<{ readonly items: readonly unknown[] }>;
    cleanup(): void;
  }>;
}

async function pageLines(pdf: PdfPages, number: number): Promise<Line[]> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent({ disableNormalization: false });
    page.cleanup();
    return joinLines(items.filter(isPiece));
  } catch (thrown) {
    // One broken page does not take the others with it; it counts as empty.
    if (thrown instanceof Error && thrown.name === 'PasswordException') throw thrown;
    return [];
  }
}

function isPiece(item: unknown): item is Piece {
  if (typeof item !== 'object' || item === null) return false;
  const { str, transform } = item as Partial<Piece>;
  return typeof str === 'string' && Array.isArray(transform) && transform.length === 6;
}

/** Pieces of one line stand at one height; pdf.js says where a line ends, mostly. */
export function joinLines(pieces: readonly Piece[]): Line[] {
  const lines: Line[] = [];
  let text = '';
  let size = 0;
  let y: number | undefined;
  const flush = (): void => {
    if (text.trim() !== '') lines.push({ text, size, y: y ?? 0 });
    text = '';
    size = 0;
    y = undefined;
  };
  for (const { str, transform, hasEOL } of pieces) {
    const height = Math.hypot(transform[2] ?? 0, transform[3] ?? 0);
    const at = transform[5] ?? 0;
    if (y !== undefined && Math.abs(at - y) > Math.max(2, size * 0.5) && str.trim() !== '') flush();
    if (str.trim() !== '') {
      y ??= at;
      size = Math.max(size, height);
    }
    text += str;
    if (hasEOL) flush();
  }
  flush();
  return lines;
}

/** The size that most letters have. */
function bodySize(pages: readonly (readonly Line[])[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of pages.flat())
    letters.set(Math.round(size * 2) / 2, (letters.get(Math.round(size * 2) / 2) ?? 0) + text.length);
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
}

export function toBlocks(pages: readonly (readonly Line[])[]): readonly Block[] {
  const body = bodySize(pages);
  const furniture = repeated(pages, body);
  const blocks = new Blocks();
  pages.forEach((lines, at) => {
    const page = at + 1;
    let paragraph = '';
    let last: Line | undefined;
    const flush = (): void => {
      blocks.add(paragraph, { page });
      paragraph = '';
    };
    for (const line of lines) {
      const level = headingLevel(line, body);
      const isEdge = level === undefined && (line === lines[0] || line === lines.at(-1));
      if (isEdge && furniture.has(edgeKey(line.text))) continue;
      const gap = last ? Math.abs(last.y - line.y) : 0;
      // A paragraph ends at a gap, at another column or where the kind of line changes.
      if (level !== undefined || gap > body * 1.9 || (last && line.y > last.y + body)) flush();
      if (level === undefined) paragraph = joined(paragraph, line.text);
      else blocks.add(line.text, { level, page });
      last = line;
    }
    flush();
  });
  return blocks.list;
}

/** A word cut at the end of a line becomes one again. */
function joined(paragraph: string, line: string): string {
  if (paragraph === '') return line;
  if (/\p{L}-$/u.test(paragraph) && /^\p{Ll}/u.test(line.trimStart()))
    return paragraph.slice(0, -1) + line.trimStart();
  return `${paragraph} ${line}`;
}

function headingLevel({ text, size }: Line, body: number): number | undefined {
  if (text.trim().length > 140 || !/\p{L}/u.test(text)) return undefined;
  if (size >= body * 1.7) return 1;
  if (size >= body * 1.3) return 2;
  return size >= body * 1.12 ? 3 : undefined;
}

/**
 * Running heads and page numbers: the same first or last line, digits aside, on a third of the pages, in no larger letters than
 * the text: "Chapter 3" is none.
 */
function repeated(pages: readonly (readonly Line[])[], body: number): ReadonlySet<string> {
  if (pages.length < 4) return new Set();
  const count = new Map<string, number>();
  for (const lines of pages)
    for (const key of new Set(
      [lines[0], lines.at(-1)].flatMap((line) =>
        line && headingLevel(line, body) === undefined ? [edgeKey(line.text)] : [],
      ),
    ))
      count.set(key, (count.get(key) ?? 0) + 1);
  return new Set([...count].filter(([, times]) => times >= pages.length / 3).map(([key]) => key));
}

function edgeKey(text: string): string {
  return text.replace(/\d+/g, '#').replace(/\s+/g, ' ').trim();
}
