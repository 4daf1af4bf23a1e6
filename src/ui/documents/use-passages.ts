// The passages of the documents behind an answer, by document; undefined while they are read.
import { useEffect, useState } from 'react';
import type { Source } from '../../chat/conversation';
import type { Passage } from '../../documents/document';
import { useApp } from '../app-context';

export function usePassages(sources: readonly Source[]): ReadonlyMap<string, readonly Passage[]> | undefined {
  const { shelf } = useApp();
  const [passages, setPassages] = useState<ReadonlyMap<string, readonly Passage[]>>();
  useEffect(() => {
    let current = true;
    const ids = [...new Set(sources.map(({ documentId }) => documentId))];
    void Promise.all(ids.map(async (id) => [id, await shelf.passages(id).catch(() => [])] as const)).then(
      (all) => current && setPassages(new Map(all)),
    );
    return () => {
      current = false;
    };
  }, [shelf, sources]);
  return passages;
}
