// Looks through the passages behind an answer for orders to a model, and says how many have some.
import { useEffect, useState, type ReactNode } from 'react';
import type { Source } from '../../chat/conversation';
import { findInjections } from '../../safety/injections';
import { useApp } from '../app-context';
import { safetyWords } from '../texts/safety-words';

export function SourceOrdersNote({ sources }: { readonly sources: readonly Source[] }): ReactNode {
  const { shelf, texts } = useApp();
  const [count, setCount] = useState(0);
  useEffect(() => {
    let current = true;
    const ids = [...new Set(sources.map(({ documentId }) => documentId))];
    void Promise.all(ids.map(async (id) => [id, await shelf.passages(id).catch(() => [])] as const)).then(
      (all) => {
        if (!current) return;
        const passages = new Map(all);
        const withOrders = sources.filter(({ documentId, passage }) => {
          const found = passages.get(documentId)?.[passage];
          return found !== undefined && findInjections(found.blocks.join('\n')).length > 0;
        });
        setCount(withOrders.length);
      },
    );
    return () => {
      current = false;
    };
  }, [shelf, sources]);
  if (count === 0) return null;
  const words = safetyWords(texts.language).orders;
  return (
    <p className="remark" role="note" aria-label={words.title}>
      {words.answer(count)}
    </p>
  );
}
