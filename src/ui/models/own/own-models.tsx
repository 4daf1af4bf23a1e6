// The models on this device that the catalogue does not know: what each is, what it needs here, and the button that takes
// it. All of it is read from what is stored, so that it is there without a network too.
import { useEffect, useId, useState } from 'react';
import type { ModelFacts, StoredModel } from '../../../chat/models/model-storage';
import type { ModelList } from '../../../protocol/models';
import { useApp, useStore } from '../../app-context';
import { formatBytes } from '../../common/format';
import { ggufWords } from '../../texts/gguf-words';
import { useChooseModel } from '../choose-model';
import { storedName } from '../model-view';
import { FactsCard, fitOf, memoryOf } from './facts-card';
import { whereFrom } from './where-from';

interface OwnProps {
  readonly list: ModelList;
}

export function OwnModels({ list }: OwnProps) {
  const { library, texts } = useApp();
  const stored = useStore(library, (state) => state.models);
  const { storage: place } = library;
  const known = new Set(
    list.cards.flatMap(({ id, fit }) => [place.folderOf(id), fit.build && place.folderOf(fit.build)]),
  );
  // One that has no folder to be loaded from can only be looked after, on the storage page.
  const own = (stored ?? []).filter(({ base }) => !known.has(base) && place.folderOf(base) !== undefined);
  if (own.length === 0) return null;
  return (
    <section aria-labelledby="own-title">
      <h2 id="own-title">{texts.models.own}</h2>
      <ul className="cards">
        {own.map((model) => (
          <OwnModel key={model.base} model={model} list={list} />
        ))}
      </ul>
    </section>
  );
}

function OwnModel({ model, list }: OwnProps & { readonly model: StoredModel }) {
  const { session, texts } = useApp();
  const { models, storage, switcher, language } = texts;
  const { base, complete, storedBytes, totalBytes } = model;
  const words = ggufWords(language);
  const facts = useFacts(model);
  const choose = useChooseModel();
  const title = useId();
  const inUse = useStore(
    session,
    (state) => (state.kind === 'ready' || state.kind === 'loading') && state.model === base,
  );
  const name = storedName(base);
  return (
    <li className={inUse ? 'card card-in-use' : 'card'} aria-labelledby={title}>
      <div className="card-head">
        <h3 id={title}>{name}</h3>
        <span className="marks">
          {inUse && <span className="badge">{models.inUse}</span>}
          {facts?.eyes && <span className="badge">{models.seesImages}</span>}
          {complete ? (
            <span className="badge">{storage.complete}</span>
          ) : (
            totalBytes !== undefined && (
              <span className="badge badge-warning">
                {storage.incomplete(formatBytes(storedBytes, language), formatBytes(totalBytes, language))}
              </span>
            )
          )}
        </span>
      </div>
      <p className="address">{whereFrom(base, language)}</p>
      <p className="card-reason">
        {`${formatBytes(storedBytes, language)}. `}
        {facts &&
          `${words.memory}: ${memoryOf(facts, words, language)}. ${words.fit} ${fitOf(facts, list, words, language)}.`}
      </p>
      {!inUse && (
        <button
          type="button"
          className="button"
          aria-label={models.useNamed(name)}
          onClick={() => choose(base)}
        >
          {models.use}
        </button>
      )}
      {facts && (
        <details className="card-details">
          <summary>{switcher.details}</summary>
          <FactsCard facts={facts} />
        </details>
      )}
    </li>
  );
}

/** Undefined until they are read, and where the files say nothing that our own engine understands. */
function useFacts({ base, complete }: StoredModel): ModelFacts | undefined {
  const { library } = useApp();
  const [facts, setFacts] = useState<ModelFacts | undefined>(undefined);
  useEffect(() => {
    let current = true;
    library.storage.facts(base).then(
      (found) => current && setFacts(found),
      // A card without figures is still one to choose; what is wrong with the store says itself elsewhere.
      () => undefined,
    );
    return () => {
      current = false;
    };
    // What is said can be there before the weights are, and be another thing once they came.
  }, [library, base, complete]);
  return facts;
}
