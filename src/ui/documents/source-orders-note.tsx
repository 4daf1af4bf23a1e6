// Beside an answer: how many of the passages that the model was given try to give it orders.
import { useMemo, type ReactNode } from 'react';
import type { Source } from '../../chat/conversation';
import { findInjections } from '../../safety/injections';
import { useApp } from '../app-context';
import { safetyWords } from '../texts/safety-words';
import { usePassages } from './use-passages';

export function SourceOrdersNote({ sources }: { readonly sources: readonly Source[] }): ReactNode {
  const { texts } = useApp();
  const passages = usePassages(sources);
  const count = useMemo(
    () =>
      sources.filter(({ documentId, passage }) => {
        const found = passages?.get(documentId)?.[passage];
        return found !== undefined && findInjections(found.blocks.join('\n')).length > 0;
      }).length,
    [passages, sources],
  );
  if (count === 0) return null;
  const words = safetyWords(texts.language).orders;
  return (
    <p className="remark" role="note" aria-label={words.title}>
      {words.answer(count)}
    </p>
  );
}
