// Characters as a person sees them: a family emoji, a flag or a letter with its accent is one.

/** Absent in old browsers, where code points have to do. */
const segmenter =
  'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : undefined;

/** The first of a text's characters. */
export function firstGraphemes(text: string, count: number): string {
  if (!segmenter) return [...text].slice(0, count).join('');
  let end = 0;
  let seen = 0;
  // Of a whole book only the beginning is looked at.
  for (const { segment, index } of segmenter.segment(text)) {
    if (seen++ === count) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}
