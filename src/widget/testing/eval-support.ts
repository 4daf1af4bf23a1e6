// The support bot of the demo against 60 labelled questions: which passage it quotes, and whether it admits what it was
// not told. With phield-tiny, whose answers are quotes: no model is asked, so this runs anywhere in a second.
import { readFileSync } from 'node:fs';
import { PassageIndex } from '../../documents/find/find-passages';
import { coverageNeeded, decideAnswer } from '../knowledge/support';

interface Labelled {
  readonly lang: 'en' | 'pt';
  readonly question: string;
  /** Index of the passage that answers it; null where none does. */
  readonly passage: number | null;
}
interface Entry {
  readonly question: string;
  readonly also?: readonly string[];
  readonly answer: string;
}

export interface SupportReport {
  readonly answerable: number;
  readonly rightPassage: number;
  readonly unanswerable: number;
  readonly saidUnknown: number;
  readonly missed: readonly string[];
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as T;
}

function indexOf(entries: readonly Entry[]): PassageIndex {
  return new PassageIndex(
    entries.map(({ question, also = [], answer }, index) => ({
      documentId: 'demo',
      passage: { index, headings: [[question, ...also].join(' / ')], blocks: [answer] },
    })),
  );
}

export function evaluateSupport(least = coverageNeeded): SupportReport {
  const entries = {
    en: read<readonly Entry[]>('../../../public/demo/knowledge-en.json'),
    pt: read<readonly Entry[]>('../../../public/demo/knowledge-pt.json'),
  };
  const index = { en: indexOf(entries.en), pt: indexOf(entries.pt) };
  const labelled = read<readonly Labelled[]>('./support-questions.json');
  const missed: string[] = [];
  let rightPassage = 0;
  let saidUnknown = 0;
  for (const { lang, question, passage } of labelled) {
    const [best] = decideAnswer(question, index[lang].find(question, 5), least);
    const at = best?.passage.index;
    const right = passage === null ? at === undefined : at === passage;
    if (!right) missed.push(`${question} -> ${at === undefined ? 'unknown' : entries[lang][at]?.question}`);
    else if (passage === null) saidUnknown++;
    else rightPassage++;
  }
  const answerable = labelled.filter(({ passage }) => passage !== null).length;
  return { answerable, rightPassage, unanswerable: labelled.length - answerable, saidUnknown, missed };
}
