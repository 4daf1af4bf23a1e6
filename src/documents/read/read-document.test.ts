// Every kind of file, whole and broken: what is read of it, and the word for what is the matter.
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../base/errors';
import { latin1, makeDocx, makePdf, makeXlsx } from '../testing/make-files';
import { limits } from './blocks';
import { readDocument } from './read-document';
import { checkZip } from './zip';

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));
const texts = async (name: string, bytes: Uint8Array<ArrayBuffer>) =>
  (await readDocument({ name, bytes })).passages.flatMap(({ blocks }) => blocks);
const failure = async (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<ErrorCode | undefined> => {
  try {
    await readDocument({ name, bytes });
    return undefined;
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : undefined;
  }
};

describe('text', () => {
  it('reads UTF-8, both UTF-16 with and without a mark, and Windows-1252, and says which', async () => {
    const words = 'Ação e reação: não há café sem açúcar, disse a avó às três.';
    const utf16 = (little: boolean, mark: boolean) => {
      const codes = [...(mark ? '\ufeff' : ''), ...words].map((letter) => letter.charCodeAt(0));
      return Uint8Array.from(
        codes.flatMap((code) => (little ? [code & 255, code >> 8] : [code >> 8, code & 255])),
      );
    };
    for (const [bytes, encoding] of [
      [utf8(words), 'utf-8'],
      [utf8(`\ufeff${words}`), 'utf-8'],
      [utf16(true, true), 'utf-16le'],
      [utf16(false, true), 'utf-16be'],
      [utf16(true, false), 'utf-16le'],
      [utf16(false, false), 'utf-16be'],
      [latin1(words), 'windows-1252'],
    ] as const) {
      const { record, passages } = await readDocument({ name: 'a.txt', bytes });
      expect(record.encoding).toBe(encoding);
      expect(passages[0]?.blocks).toEqual([words]);
    }
  });

  it('keeps the headings of Markdown above each passage, and nothing of code as a heading', async () => {
    const { passages } = await readDocument({
      name: 'guide.md',
      bytes: utf8(
        '# Guide\n\nIntro *here*.\n\n## Install\n\nRun it: see [the page](https://e.example/x).\n\n```\n# no heading\n```\n\nLast\n====\n\nEnd.',
      ),
    });
    expect(passages.map(({ headings, blocks }) => [headings, blocks])).toEqual([
      [['Guide'], ['Intro *here*.']],
      [
        ['Guide', 'Install'],
        ['Run it: see the page.', '# no heading'],
      ],
      [['Last'], ['End.']],
    ]);
  });

  it('cuts a long paragraph at sentences, and loses nothing', async () => {
    const sentence = 'The quick brown fox jumps over the lazy dog near the old mill. ';
    const long = sentence.repeat(60).trim();
    const { passages } = await readDocument({ name: 'long.txt', bytes: utf8(long) });
    expect(passages.length).toBeGreaterThan(3);
    for (const { blocks } of passages) expect(blocks.join('').length).toBeLessThanOrEqual(1_100);
    expect(passages.flatMap(({ blocks }) => blocks).join(' ')).toBe(long);
  });

  it('turns each row of a table into a sentence of its columns, whatever the separator', async () => {
    expect(await texts('a.csv', utf8('Name;City;Born\n"Lima; Ana";Recife;1980\nBo;;1991\n'))).toEqual([
      'Name: Lima; Ana; City: Recife; Born: 1980',
      'Name: Bo; Born: 1991',
    ]);
  });
});

describe('HTML', () => {
  it('reads the article, its headings and tables, and nothing of what surrounds it', async () => {
    const page = `<html><head><title>T</title><style>p{}</style></head><body><nav>Home Shop</nav>
      <main><h1>Soil</h1><p>Clay holds <b>water</b>.</p><script>alert(1)</script><h2>Sand</h2><p>Sand does&nbsp;not.</p>
      <table><tr><th>Kind</th><th>pH</th></tr><tr><td>Clay</td><td>6.5</td></tr></table><p hidden>secret</p></main>
      <footer>© nobody</footer></body></html>`;
    const { passages } = await readDocument({ name: 'p.html', bytes: utf8(page) });
    expect(passages.map(({ headings, blocks }) => [headings, blocks])).toEqual([
      [['Soil'], ['Clay holds water.']],
      [
        ['Soil', 'Sand'],
        ['Sand does not.', 'Kind | pH', 'Clay | 6.5'],
      ],
    ]);
  });

  it('reads a page nested beyond reason without following it', async () => {
    const deep = `${'<div>'.repeat(200_000)}Deep <b>words</b>.<script>no</script>${'</div>'.repeat(200_000)}`;
    expect((await texts('deep.html', utf8(deep))).join(' ')).toBe('Deep words .');
  }, 10_000);

  it('believes a page’s own encoding where its bytes are not UTF-8', async () => {
    const page = new Uint8Array([...latin1('<meta charset="iso-8859-2"><p>Wis'), 0xb3, ...latin1('a</p>')]);
    expect(await texts('p.html', page)).toEqual(['Wisła']);
  });
});

describe('office files', () => {
  it('reads DOCX with its headings', async () => {
    const { record, passages } = await readDocument({
      name: 'letter.docx',
      bytes: makeDocx(['# Prices', 'Seeds cost 4 euros & more.', '# Terms', 'Pay in 30 days.']),
    });
    expect(record.kind).toBe('docx');
    expect(passages.map(({ headings, blocks }) => [headings, blocks])).toEqual([
      [['Prices'], ['Seeds cost 4 euros & more.']],
      [['Terms'], ['Pay in 30 days.']],
    ]);
  });

  it('reads XLSX sheet by sheet, also cells that are left out', async () => {
    const { record, passages } = await readDocument({
      name: 'book.xlsx',
      bytes: makeXlsx({
        Sales: [
          ['Month', 'Tons', 'Note'],
          ['May', 12, ''],
          ['June', '', 'rain'],
        ],
        Staff: [['Ana'], ['Bo']],
      }),
    });
    expect(record.pages).toBe(2);
    expect(passages.map(({ page, headings, blocks }) => [page, headings, blocks])).toEqual([
      [1, ['Sales'], ['Month: May; Tons: 12', 'Month: June; Note: rain']],
      [2, ['Staff'], ['Ana', 'Bo']],
    ]);
  });
});

describe('PDF', () => {
  it('reads pages, headings by their size, paragraphs and words cut at the end of a line', async () => {
    const told: number[] = [];
    const { record, passages } = await readDocument(
      {
        name: 'r.pdf',
        bytes: makePdf([
          [
            { text: 'Harvest report', size: 22 },
            'The harvest of rye was',
            'larger than expec-',
            'ted this year.',
          ],
          [{ text: 'Costs', size: 16 }, 'Fuel cost 1,200 euros (net).'],
          [],
        ]),
      },
      ({ step, done }) => step === 'read' && told.push(done),
    );
    expect(record).toMatchObject({ kind: 'pdf', pages: 3, emptyPages: 1 });
    expect(passages.map(({ page, headings, blocks }) => [page, headings, blocks])).toEqual([
      [1, ['Harvest report'], ['The harvest of rye was larger than expected this year.']],
      [2, ['Harvest report', 'Costs'], ['Fuel cost 1,200 euros (net).']],
    ]);
    expect(told).toEqual([0, 1, 2, 3]);
  });

  it('reads 500 pages, and leaves out what every page repeats', async () => {
    const pages = Array.from({ length: 500 }, (_, at) => [
      'Annual report',
      `Item ${at + 1} weighs ${at * 3} grams.`,
      `${at + 1}`,
    ]);
    const { record, passages } = await readDocument({ name: 'big.pdf', bytes: makePdf(pages) });
    expect(record.pages).toBe(500);
    expect(passages[499]).toMatchObject({ page: 500, blocks: ['Item 500 weighs 1497 grams.'] });
  }, 60_000);
});

describe('what is the matter with a file', () => {
  it.each<[ErrorCode, string, () => Uint8Array<ArrayBuffer>]>([
    ['documents/no-text', 'scan.pdf', () => makePdf([[], []])],
    ['documents/no-text', 'empty.txt', () => new Uint8Array()],
    ['documents/no-text', 'blank.txt', () => utf8(' \n\n \t')],
    ['documents/encrypted', 'locked.pdf', () => makePdf([['secret']], { encrypted: true })],
    [
      'documents/encrypted',
      'locked.docx',
      () =>
        new Uint8Array([
          0xd0,
          0xcf,
          0x11,
          0xe0,
          0,
          0,
          ...latin1('E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0'),
        ]),
    ],
    ['documents/unsupported-kind', 'old.doc', () => new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3])],
    ['documents/unsupported-kind', 'photo.png', () => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2])],
    ['documents/unsupported-kind', 'x.zip', () => new Uint8Array(zipSync({ 'a.txt': utf8('a') }))],
    [
      'documents/unsupported-kind',
      'program.txt',
      () => Uint8Array.from({ length: 4000 }, (_, at) => (at * 7) % 256),
    ],
    ['documents/damaged', 'cut.docx', () => makeDocx(['Text']).slice(0, 300)],
    ['documents/damaged', 'half.pdf', () => latin1('%PDF-1.7\nnothing more')],
    ['documents/damaged', 'no.pdf', () => utf8('This is not a PDF.')],
    ['documents/damaged', 'empty.docx', () => new Uint8Array(zipSync({ 'word/document.xml': utf8('<not') }))],
    ['documents/too-long', 'pages.pdf', () => makePdf(Array.from({ length: limits.pages + 1 }, () => []))],
    ['documents/too-long', 'words.txt', () => utf8('word '.repeat(limits.characters / 4))],
  ])('%s: %s', async (code, name, make) => {
    expect(await failure(name, make())).toBe(code);
  });

  it('too large: before a byte of it is read', async () => {
    expect(await failure('movie.txt', { length: 200_000_000 } as Uint8Array<ArrayBuffer>)).toBe(
      'documents/too-large',
    );
  });

  it('a zip bomb: by what its directory says, and by what comes out when the directory lies', async () => {
    const packed = (): Uint8Array<ArrayBuffer> =>
      makeDocx(['Text'], { 'word/media/a.bin': new Uint8Array(3_000_000) });
    await expect(checkZip(packed(), 2_000_000)).rejects.toMatchObject({ code: 'documents/zip-bomb' });
    await expect(checkZip(packed(), 4_000_000)).resolves.toBeUndefined();
    const lying = packed();
    const view = new DataView(lying.buffer);
    for (let at = 0; at < lying.length - 46; at++)
      if (view.getUint32(at, true) === 0x02014b50 && view.getUint32(at + 24, true) === 3_000_000)
        view.setUint32(at + 24, 10, true);
    await expect(checkZip(lying, 4_000_000)).rejects.toMatchObject({ code: 'documents/zip-bomb' });
  });
});
