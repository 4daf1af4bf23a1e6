// Knowledge of a site -> one Markdown document, which goes the way of every document: passages, index, citations.
// Comes as Markdown, or as JSON of questions and answers.
import { AppError } from '../../base/errors';

interface Entry {
  readonly question: string;
  /** Other wordings of the question: words that find it. */
  readonly also: readonly string[];
  readonly answer: string;
  readonly url: string | undefined;
}

const mostEntries = 5_000;

/** @throws AppError `widget/bad-message` for JSON that is no list of questions and answers. */
export function knowledgeMarkdown(text: string): string {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (!trimmed.startsWith('[') || !isJson(trimmed)) return trimmed;
  const list: unknown = JSON.parse(trimmed);
  const entries = Array.isArray(list) ? list.slice(0, mostEntries).flatMap(entryOf) : [];
  if (entries.length === 0)
    throw new AppError(
      'widget/bad-message',
      'The knowledge is JSON without any entry of "question" and "answer".',
    );
  return entries
    .map(({ question, also, answer, url }) => {
      const heading = [question, ...also].map(oneLine).join(' / ');
      return `## ${heading}\n\n${answer}${url ? `\n\n<${url}>` : ''}`;
    })
    .join('\n\n');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function entryOf(value: unknown): readonly Entry[] {
  if (typeof value !== 'object' || value === null) return [];
  const { question, answer, url, also } = value as Readonly<Record<string, unknown>>;
  if (typeof question !== 'string' || typeof answer !== 'string') return [];
  const wordings = Array.isArray(also) ? also.filter((one) => typeof one === 'string') : [];
  return [
    {
      question,
      answer,
      also: wordings,
      url: typeof url === 'string' && /^https?:/.test(url) ? url : undefined,
    },
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
