// How well questions find the passages that answer them, and whether a citation opens what the model was given: over
// twelve documents and sixty questions written for this, all documents searched at once, through the code the app uses.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Passage } from '../../src/documents/document';
import { passageText } from '../../src/documents/document';
import { PassageIndex } from '../../src/documents/find/find-passages';
import { ground } from '../../src/documents/ground';
import { readDocument } from '../../src/documents/read/read-document';
import { makeDocx, makePdf } from '../../src/documents/testing/make-files';

interface Question {
  readonly document: string;
  readonly question: string;
  /** Words of the one passage that answers it. */
  readonly quote: string;
}

interface EvalDocument {
  readonly id: string;
  readonly name: string;
  readonly passages: readonly Passage[];
}

export interface EvalResult {
  readonly documents: number;
  readonly kinds: readonly string[];
  readonly passages: number;
  readonly questions: number;
  readonly hitAt1: number;
  readonly hitAt3: number;
  /** Of all numbers that an answer could cite: those that open the passage whose words the model was given. */
  readonly citationsRight: number;
  readonly missed: readonly string[];
}

/** Tokens of a question with its passages, about a 4k context less the answer; four characters a token. */
const room = 1_500;

export async function evalDocuments(folder: string): Promise<EvalResult> {
  const corpus = join(folder, 'corpus');
  const documents: EvalDocument[] = [];
  const kinds = new Set<string>();
  for (const file of (await readdir(corpus)).sort()) {
    const { name, bytes } = await asFile(file, await readFile(join(corpus, file)));
    const { record, passages } = await readDocument({ name, bytes });
    kinds.add(record.kind);
    documents.push({ id: record.id, name, passages });
  }
  const questions = JSON.parse(await readFile(join(folder, 'questions.json'), 'utf8')) as Question[];
  const index = new PassageIndex(
    documents.flatMap(({ id, passages }) => passages.map((passage) => ({ documentId: id, passage }))),
  );
  let first = 0;
  let three = 0;
  let right = 0;
  let cited = 0;
  const missed: string[] = [];
  for (const { document, question, quote } of questions) {
    const owner = documents.find(({ name }) => name === document);
    const answers = owner?.passages.filter((passage) => passageText(passage).includes(quote)) ?? [];
    if (!owner || answers.length !== 1)
      throw new Error(`"${quote}" stands in ${answers.length} passages of ${document}, not in one.`);
    const found = index.find(question, 3);
    const place = found.findIndex(
      ({ documentId, passage }) => documentId === owner.id && passage.index === answers[0]?.index,
    );
    if (place === 0) first++;
    if (place >= 0) three++;
    else missed.push(`${document}: ${question}`);

    const { content, sources } = await ground(question, documents, {
      passages: (id) => Promise.resolve(documents.find((one) => one.id === id)?.passages ?? []),
      find: (words, _ids, limit) => Promise.resolve(index.find(words, limit)),
      count: (text) => Promise.resolve(Math.ceil(text.length / 4)),
      room,
    });
    sources.forEach(({ documentId, passage }, at) => {
      cited++;
      const opened = documents.find(({ id }) => id === documentId)?.passages[passage];
      if (opened && quotedAs(content, at + 1) === passageText(opened)) right++;
    });
  }
  return {
    documents: documents.length,
    kinds: [...kinds],
    passages: documents.reduce((sum, { passages }) => sum + passages.length, 0),
    questions: questions.length,
    hitAt1: first / questions.length,
    hitAt3: three / questions.length,
    citationsRight: right / cited,
    missed,
  };
}

/** What stands in the prompt under a number. */
function quotedAs(content: string, number: number): string | undefined {
  const from = content.indexOf(`\n[${number}] `);
  if (from < 0) return undefined;
  const begin = content.indexOf('\n', from + 1) + 1;
  const next = content.indexOf(`\n\n[${number + 1}] `, begin);
  const end = next >= 0 ? next : content.lastIndexOf('\npassages-');
  return content.slice(begin, end);
}

/** `x.pdf.md` and `x.docx.md` hold the text of a file that is made here; `---` begins a page. */
async function asFile(
  file: string,
  content: Uint8Array,
): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const made = /^(.*\.(pdf|docx))\.md$/.exec(file);
  if (!made?.[1]) return { name: file, bytes: new Uint8Array(content) };
  const text = new TextDecoder().decode(content);
  if (made[2] === 'docx') return { name: made[1], bytes: makeDocx(text.split(/\n\n+/)) };
  const pages = text.split(/\n---\n/).map((page) =>
    page
      .trim()
      .split(/\n\n+/)
      .flatMap((paragraph) =>
        paragraph.startsWith('# ')
          ? [{ text: paragraph.slice(2), size: 16 }]
          : [...wrapped(paragraph).map((line) => ({ text: line })), { text: ' ', size: 14 }],
      ),
  );
  return { name: made[1], bytes: makePdf(pages) };
}

/** Lines as a page has them. */
function wrapped(paragraph: string): readonly string[] {
  const lines: string[] = [''];
  for (const word of paragraph.split(/\s+/)) {
    const last = lines.length - 1;
    if ((lines[last] ?? '').length + word.length > 80) lines.push(word);
    else lines[last] = `${lines[last] ?? ''} ${word}`.trim();
  }
  return lines;
}
