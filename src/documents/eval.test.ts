// The labelled set as a test: finding may get better, never worse than the goal.
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { evalDocuments } from '../../bench/documents/eval-documents';

it('finds the passage that answers among the first three for nine questions of ten, and cites right', async () => {
  const result = await evalDocuments(fileURLToPath(new URL('../../bench/documents', import.meta.url)));
  expect(result).toMatchObject({ documents: 12, questions: 60, citationsRight: 1 });
  expect(result.kinds.length).toBeGreaterThanOrEqual(5);
  expect(result.hitAt3, result.missed.join('\n')).toBeGreaterThanOrEqual(0.9);
});
