// What can answer here: the catalogue by how it fits this device, the engine behind the loaded one, and the way
// to a model of one's own. Nothing big is fetched before the person has said so.
import { useEffect } from 'react';
import type { FitVerdict, ModelCard, ModelList } from '../../protocol/models';
import { AddModel } from './add-model';
import { useApp, useStore } from '../app-context';
import { useChooseModel } from './choose-model';
import { EngineSection } from './engine-section';
import { formatBytes } from '../common/format';
import { ModelBar } from './load-view';
import { ModelCardView } from './model-card';
import { adapterName, storedName } from './model-view';
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

/** Those on this device that the catalogue does not know. */
function OwnModels({ list }: { readonly list: ModelList }) {
  const { session, library, texts } = useApp();
  const stored = useStore(library, (state) => state.models);
  const inUse = useStore(
    session,
    (state) => (state.kind === 'ready' || state.kind === 'loading') && state.model,
  );
  const choose = useChooseModel();
  const { models, storage, language } = texts;
  const { storage: place } = library;
  const known = new Set(
    list.cards.flatMap(({ id, fit }) => [place.folderOf(id), fit.build && place.folderOf(fit.build)]),
  );
  // One that has no folder to be loaded from can only be looked after, on the storage page.
  const own = (stored ?? []).filter(({ base }) => !known.has(base) && place.folderOf(base) !== undefined);
  if (own.length === 0) return null;
  return (
    <section aria-labelledby="own-title">
      <h2 id="own-title">{models.own}</h2>
      <ul className="cards">
        {own.map(({ base, complete, storedBytes, totalBytes }) => (
          <li
            key={base}
            className={inUse === base ? 'card card-in-use' : 'card'}
            aria-label={storedName(base)}
          >
            <div className="card-head">
              <h3>{storedName(base)}</h3>
              <span className="marks">
                {inUse === base && <span className="badge">{models.inUse}</span>}
                {complete ? (
                  <span className="badge">{storage.complete}</span>
                ) : (
                  totalBytes !== undefined && (
                    <span className="badge badge-warning">
                      {storage.incomplete(
                        formatBytes(storedBytes, language),
                        formatBytes(totalBytes, language),
                      )}
                    </span>
                  )
                )}
              </span>
            </div>
            <p className="address">{base}</p>
            <p className="note">{formatBytes(storedBytes, language)}</p>
            {inUse !== base && (
              <button
                type="button"
                className="button"
                aria-label={models.useNamed(storedName(base))}
                onClick={() => choose(base)}
              >
                {models.use}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
