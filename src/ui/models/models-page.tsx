// What can answer here: the catalogue by how it fits this device, the engine behind the loaded one, and the way
// to a model of one's own. Nothing big is fetched before the person has said so.
import { useEffect } from 'react';
import type { FitVerdict, ModelCard, ModelList } from '../../protocol/models';
import { AddModel } from './own/add-model';
import { OwnModels } from './own/own-models';
import { useApp, useStore } from '../app-context';
import { EngineSection } from './engine-section';
import { ModelBar } from './load/load-view';
import { ModelCardView } from './model-card';
import { adapterName } from './model-view';
import { Problem } from '../common/problem';
import { useModelList } from './use-model-list';
import { WhichForWhat } from './which-for-what';

export function ModelsPage() {
  const { library, session, texts } = useApp();
  const list = useModelList();
  useEffect(() => void library.refresh(), [library]);
  const { models } = texts;
  const loading = useStore(session, (state) => (state.kind === 'loading' ? state.model : undefined));
  // Its progress is shown where it was asked for.
  const isOnCard = (model: string): boolean =>
    list !== undefined &&
    'cards' in list &&
    list.cards.some(({ id, fit }) => {
      const base = library.storage.folderOf(fit.build ?? id);
      return id === model || (base !== undefined && library.storage.folderOf(model) === base);
    });
  return (
    <section className="page-body" aria-labelledby="models-title">
      <h1 id="models-title">{models.title}</h1>
      <p className="lead">{models.lead}</p>
      {!(loading !== undefined && isOnCard(loading)) && <ModelBar />}
      {list === undefined && <p role="status">{models.looking}</p>}
      {list && 'error' in list && (
        <div role="alert">
          <Problem code={list.error.code} message={list.error.message} />
        </div>
      )}
      {list && 'cards' in list && (
        <>
          <p className="note">{models.onAdapter(adapterName(list.adapter, texts))}</p>
          <Group verdict="fits" list={list} />
          <Group verdict="tight" list={list} />
          <OwnModels list={list} />
          <WhichForWhat list={list} />
        </>
      )}
      <EngineSection />
      <AddModel />
      {list && 'cards' in list && <Group verdict="cannot" list={list} />}
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
