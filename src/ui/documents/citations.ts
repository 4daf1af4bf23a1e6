// Turns the numbers that an answer cites into links to their passages. The answer is untrusted: a number that stands for
// no passage stays a number.
import type { Source } from '../../chat/conversation';
import { documentHref } from './document-words';

/** `[1]`, `[1, 2]`: not the words of a link, not a definition, not part of code. */
const citation = /\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?![(:\]])/g;

/** The Markdown with a link for each citation. */
export function withCitations(markdown: string, sources: readonly Source[]): string {
  if (sources.length === 0) return markdown;
  return markdown
    .split(/(```[\s\S]*?(?:```|$)|`[^`\n]*`)/)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : part.replace(citation, (whole, numbers: string) => links(whole, numbers, sources)),
    )
    .join('');
}

function links(whole: string, numbers: string, sources: readonly Source[]): string {
  const cited = numbers.split(/[,;]/).map(Number);
  if (!cited.every((number) => sources[number - 1])) return whole;
  return cited
    .map((number) => {
      const source = sources[number - 1];
      // Not by backslashes, which would make a formula of it.
      return source ? `[&#91;${number}&#93;](${documentHref(source.documentId, source.passage)})` : '';
    })
    .join('');
}

/** Numbers that the answer cites, and that stand for a passage. */
export function citedNumbers(text: string, sources: readonly Source[]): ReadonlySet<number> {
  const numbers = [...text.matchAll(citation)].flatMap((match) => (match[1] ?? '').split(/[,;]/).map(Number));
  return new Set(numbers.filter((number) => sources[number - 1]));
}
