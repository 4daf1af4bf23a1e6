// The models that could give another answer at once: those that lie on this device, whole.
import { useEffect, useState } from 'react';
import type { ModelList } from '../../../protocol/models';
import { useApp, useStore } from '../../app-context';

export interface OtherModels {
  /** What to load: catalogue ids, or addresses of folders. */
  readonly models: readonly string[];
  /** Finds out. */
  readonly look: () => void;
}

export function useOtherModels(): OtherModels {
  const { library, session, texts } = useApp();
  const stored = useStore(library, (state) => state.models);
  const current = useStore(session, (state) => state.model);
  const [list, setList] = useState<ModelList | undefined>(undefined);
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    void library.refresh();
    session.list(texts.language).then(
      (found) => !gone && setList(found),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [wanted, library, session, texts]);
  const known = new Map(
    list?.cards.map(({ id, fit }) => [library.storage.folderOf(fit.build ?? id) ?? id, fit.build ?? id]) ??
      [],
  );
  const currentBase = library.storage.folderOf(current) ?? current;
  const models = (stored ?? [])
    .filter(({ complete, base }) => complete && base !== currentBase && known.get(base) !== current)
    .map(({ base }) => known.get(base) ?? base);
  return { models: list ? [...new Set(models)] : [], look: () => setWanted(true) };
}
