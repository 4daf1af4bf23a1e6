// Small files of each kind, whole and damaged, written by hand so that a test can say what is in them.
import { strToU8, zipSync } from 'fflate';

export interface PdfLine {
  readonly text: string;
  readonly size?: number;
}

export interface PdfOptions {
  /** A dictionary that asks for a password nobody knows. */
  readonly encrypted?: boolean;
  /** Put into the catalogue: actions, scripts. */
  readonly catalogue?: string;
}

/** A PDF with the given lines on each page, top down, in Helvetica (Latin-1 letters). */
export function makePdf(
  pages: readonly (readonly (PdfLine | string)[])[],
  { encrypted = false, catalogue = '' }: PdfOptions = {},
): Uint8Array<ArrayBuffer> {
  const objects: string[] = [];
  const pageIds = pages.map((_, at) => 4 + at * 2);
  objects[1] = `<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`;
  objects[2] = `<< /Type /Pages /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] /Count ${pages.length} >>`;
  objects[3] = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>';
  pages.forEach((lines, at) => {
    let y = 780;
    const drawn = lines.map((line) => {
      const { text, size = 11 } = typeof line === 'string' ? { text: line } : line;
      y -= size * 1.4;
      const escaped = text.replace(/[\\()]/g, '\\$&');
      return `BT /F1 ${size} Tf 1 0 0 1 60 ${y.toFixed(1)} Tm (${escaped}) Tj ET`;
    });
    const content = drawn.join('\n');
    objects[4 + at * 2] =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${5 + at * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`;
    objects[5 + at * 2] = `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
  });
  let text = '%PDF-1.4\n';
  const offsets: number[] = [];
  for (let id = 1; id < objects.length; id++) {
    offsets[id] = text.length;
    text += `${id} 0 obj\n${objects[id]}\nendobj\n`;
  }
  const start = text.length;
  text += `xref\n0 ${objects.length}\n0000000000 65535 f \n`;
  for (let id = 1; id < objects.length; id++) text += `${String(offsets[id]).padStart(10, '0')} 00000 n \n`;
  const key = 'ab'.repeat(32);
  const encrypt = encrypted
    ? ` /Encrypt << /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -4 >> /ID [<00> <00>]`
    : '';
  text += `trailer << /Size ${objects.length} /Root 1 0 R${encrypt} >>\nstartxref\n${start}\n%%EOF\n`;
  return latin1(text);
}

export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

const contentTypes =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
const rels =
  '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';

/** A DOCX of paragraphs; one that begins with "# " is a heading of the first level. */
export function makeDocx(
  paragraphs: readonly string[],
  extra: Record<string, Uint8Array> = {},
): Uint8Array<ArrayBuffer> {
  const body = paragraphs
    .map((paragraph) => {
      const isHeading = paragraph.startsWith('# ');
      const style = isHeading ? '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' : '';
      const text = isHeading ? paragraph.slice(2) : paragraph;
      return `<w:p>${style}<w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r></w:p>`;
    })
    .join('');
  const document = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`;
  const styles =
    '<?xml version="1.0"?><w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>';
  const wordRels =
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>';
  return own(
    zipSync({
      '[Content_Types].xml': strToU8(contentTypes),
      '_rels/.rels': strToU8(rels),
      'word/document.xml': strToU8(document),
      'word/styles.xml': strToU8(styles),
      'word/_rels/document.xml.rels': strToU8(wordRels),
      ...extra,
    }),
  );
}

export function makeXlsx(
  sheets: Readonly<Record<string, readonly (readonly (string | number)[])[]>>,
): Uint8Array<ArrayBuffer> {
  const strings: string[] = [];
  const files: Record<string, Uint8Array> = {};
  Object.values(sheets).forEach((rows, at) => {
    const body = rows
      .map((row, r) => {
        const cells = row.map((cell, c) => {
          const place = `${String.fromCharCode(65 + c)}${r + 1}`;
          if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
          if (cell === '') return '';
          strings.push(cell);
          return `<c r="${place}" t="s"><v>${strings.length - 1}</v></c>`;
        });
        return `<row r="${r + 1}">${cells.join('')}</row>`;
      })
      .join('');
    files[`xl/worksheets/sheet${at + 1}.xml`] = strToU8(
      `<worksheet><sheetData>${body}</sheetData></worksheet>`,
    );
  });
  const names = Object.keys(sheets).map(
    (name, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}"/>`,
  );
  files['xl/workbook.xml'] = strToU8(`<workbook><sheets>${names.join('')}</sheets></workbook>`);
  files['xl/sharedStrings.xml'] = strToU8(
    `<sst>${strings.map((text) => `<si><t>${escapeXml(text)}</t></si>`).join('')}</sst>`,
  );
  return own(zipSync(files));
}

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
