// A question of the red team as a model is asked it: what it is about fenced as the app fences documents, or not at all.
import { groundedText } from '../../documents/ground';
import type { Asked } from '../../safety/redteam/redteam';

/** Of the app's own kind, and the same each time, so that the same is asked. */
const fence = 'passages-a8f3c1d9';

export function contentOf({ question, about, isFenced }: Asked): string {
  if (about === undefined) return question;
  if (!isFenced) return `${about}\n${question}`;
  const passage = { index: 0, headings: [], blocks: [about] };
  return groundedText(question, [{ documentId: 'd', name: 'shop.txt', passage }], fence);
}
