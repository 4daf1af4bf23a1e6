// What the menu beside the message box holds: the models that are here, what fits, and one click to change or fetch one.
import { Children, useEffect, useState, type ReactNode } from 'react';
import type { ModelState } from '../../../chat/models/model-session';
import type { ModelCard } from '../../../protocol/models';
import { useApp, useStore } from '../../app-context';
import { formatBytes } from '../../common/format';
import { Icon } from '../../common/icons';
import { pageHref } from '../../common/route';
import { useChooseModel } from '../choose-model';
import { ConfirmDownload, needsQuestion } from '../load/confirm-download';
import { modelMenu } from './model-menu';
import { Facts, isBuiltIn, storedName } from '../model-view';
import { useModelList } from '../use-model-list';

const whole = (state: ModelState): ModelState => state;

export function ModelOptions() {
  const { session, library, texts } = useApp();
  const { switcher, models } = texts;
  const list = useModelList();
  const stored = useStore(library, (state) => state.models);
  const state = useStore(session, whole);
  const [asked, setAsked] = useState<string | undefined>(undefined);
  const choose = useChooseModel();
  useEffect(() => void library.refresh(), [library]);
  const done = (): void => modelMenu.set(false);
  const take = (model: string): void => {
    choose(model);
    done();
  };
  const { storage: place } = library;
  const cards = list && 'cards' in list ? list.cards.filter(({ fit }) => fit.verdict !== 'cannot') : [];
  const baseOf = (card: ModelCard): string | undefined => place.folderOf(card.fit.build ?? card.id);
  const storedOf = (card: ModelCard) => stored?.find(({ base }) => base === baseOf(card));
  const isHere = (card: ModelCard): boolean => !needsQuestion(card, storedOf(card));
  const known = new Set((list && 'cards' in list ? list.cards : []).map(baseOf));
  const own = (stored ?? []).filter(
    ({ base, complete }) => complete && !known.has(base) && place.folderOf(base) !== undefined,
  );
  const isCurrent = (base: string | undefined, id: string): boolean =>
    state.model === id || (base !== undefined && place.folderOf(state.model) === base);

  const option = (card: ModelCard) => {
    const here = isHere(card);
    const current = isCurrent(baseOf(card), card.id);
    const bytes = formatBytes(card.downloadBytes, texts.language);
    if (asked === card.id)
      return (
        <li key={card.id}>
          <ConfirmDownload
            card={card}
            here={storedOf(card)}
            sources={place.sourcesOf(card.fit.build ?? card.id)}
            onYes={() => take(card.id)}
            onNo={() => setAsked(undefined)}
          />
        </li>
      );
    return (
      <li key={card.id}>
        <button
          type="button"
          className="model-option"
          aria-current={current ? 'true' : undefined}
          onClick={() => (current ? done() : here ? take(card.id) : setAsked(card.id))}
        >
          <span className="model-option-name">{card.name}</span>
          <span className="model-option-note">{purposeOf(card, texts)}</span>
          <span className="model-option-mark">
            {current ? <Icon name="check" /> : here ? null : switcher.get(bytes)}
          </span>
        </button>
      </li>
    );
  };
  const here = cards.filter(isHere);
  const toGet = cards.filter((card) => !isHere(card));
  return (
    <>
      {state.kind === 'ready' && <Truth />}
      {list === undefined && <p role="status">{models.looking}</p>}
      <Options title={switcher.here}>
        {here.map(option)}
        {own.map(({ base }) => (
          <li key={base}>
            <button
              type="button"
              className="model-option"
              aria-current={isCurrent(base, base) ? 'true' : undefined}
              onClick={() => take(base)}
            >
              <span className="model-option-name">{storedName(base)}</span>
              <span className="model-option-note">{models.own}</span>
              <span className="model-option-mark">{isCurrent(base, base) && <Icon name="check" />}</span>
            </button>
          </li>
        ))}
      </Options>
      <Options title={switcher.fits}>{toGet.map(option)}</Options>
      {list && 'cards' in list && toGet.length === 0 && here.length < 2 && (
        <p className="note">{switcher.onlySmall}</p>
      )}
      <div className="model-menu-foot">
        <a className="button" href={pageHref('models')} onClick={done}>
          {switcher.all}
        </a>
      </div>
      {state.kind === 'ready' && (
        <details className="model-details">
          <summary>{switcher.details}</summary>
          <Facts info={state.info} texts={texts} />
        </details>
      )}
    </>
  );
}

function Options({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  if (Children.count(children) === 0) return null;
  return (
    <>
      <h2 className="menu-title">{title}</h2>
      <ul className="model-options" aria-label={title}>
        {children}
      </ul>
    </>
  );
}

/** What the built-in model truthfully is. */
function Truth() {
  const { session, texts } = useApp();
  const tiny = useStore(session, (state) => isBuiltIn(state.model));
  return tiny ? <p className="note">{texts.tinyTruth}</p> : null;
}

/** In the page's language where it has been written for it. */
function purposeOf(card: ModelCard, texts: ReturnType<typeof useApp>['texts']): string {
  return texts.modelPurposes[card.id] ?? card.purpose;
}
