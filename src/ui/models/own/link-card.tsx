// What the GGUF file behind a link says of itself, beside the question whether to fetch it. Its head was read to learn
// how big it is; it is read once more for this.
import { useEffect, useState } from 'react';
import type { ModelFacts } from '../../../chat/models/model-storage';
import { useApp } from '../../app-context';
import { ggufWords } from '../../texts/gguf-words';
import { FactsCard } from './facts-card';

export function LinkCard({ model }: { readonly model: string }) {
  const { library, texts } = useApp();
  const [facts, setFacts] = useState<ModelFacts | undefined | 'reading'>('reading');
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    library.storage.preflight(library.storage.folderOf(model) ?? model, { signal }).then(
      (found) => setFacts(found.facts),
      // What is wrong with it is said when it is fetched.
      () => setFacts(undefined),
    );
    return () => stop.abort();
  }, [library, model]);
  if (facts === 'reading') return <p role="status">{ggufWords(texts.language).reading}</p>;
  return facts === undefined ? null : <FactsCard facts={facts} />;
}
