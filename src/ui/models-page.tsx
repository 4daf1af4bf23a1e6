// What can answer here: the catalogue by how it fits this device, the engine behind the loaded one, and the way
// to a model of one's own. Nothing big is fetched before the person has said so.
import { useEffect, useState } from 'react';
import { toAppError, type AppError } from '../base/errors';
import type { FitVerdict, ModelCard, ModelList } from '../protocol/models';
import { AddModel } from './add-model';
import { useApp } from './app-context';
import { EngineSection } from './engine-section';
import { ModelBar } from './load-view';
import { ModelCardView } from './model-card';
import { adapterName } from './model-view';
import { Problem } from './problem';

const verdicts: readonly FitVerdict[] = ['fits', 'tight', 'cannot'];

export function ModelsPage() {
  const { library, texts } = useApp();
  const list = useModelList();
  useEffect(() => void library.refresh(), [library]);
  const { models } = texts;
  return (
    <section className="page-body" aria-labelledby="models-title">
      <h1 id="models-title">{models.title}</h1>
      <p className="lead">{models.lead}</p>
      <ModelBar />
      {list === undefined && <p role="status">{models.looking}</p>}
      {list && 'error' in list && (
        <div role="alert">
          <Problem code={list.error.code} message={list.error.message} />
        </div>
      )}
      {list && 'cards' in list && (
        <>
          <p className="note">{models.onAdapter(adapterName(list.adapter, texts))}</p>
          {verdicts.map((verdict) => (
            <Group key={verdict} verdict={verdict} list={list} />
          ))}
        </>
      )}
      <EngineSection />
      <AddModel />
    </section>
  );
}

function Group({ verdict, list }: { readonly verdict: FitVerdict; readonly list: ModelList }) {
  const { texts } = useApp();
  const isFirst = (card: ModelCard): boolean => card.id === list.preselected;
  const cards = list.cards
    .filter((card) => card.fit.verdict === verdict)
    .sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
  if (cards.length === 0) return null;
  return (
    <section aria-labelledby={`group-${verdict}`}>
      <h2 id={`group-${verdict}`}>{texts.models.groups[verdict]}</h2>
      <ul className="cards">
        {cards.map((card) => (
          <ModelCardView key={card.id} card={card} suggested={isFirst(card)} />
        ))}
      </ul>
    </section>
  );
}

/** Undefined while the device is looked at. */
export function useModelList(): ModelList | { readonly error: AppError } | undefined {
  const { session, texts } = useApp();
  const [list, setList] = useState<ModelList | { readonly error: AppError } | undefined>(undefined);
  useEffect(() => {
    let current = true;
    session.list(texts.language).then(
      (found) => current && setList(found),
      (thrown: unknown) => current && setList({ error: toAppError(thrown) }),
    );
    return () => {
      current = false;
    };
  }, [session, texts]);
  return list;
}
