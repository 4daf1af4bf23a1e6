// One model of the catalogue: what it is, what it costs here, why it fits or not, and the button that takes it.
import { useId, useState } from 'react';
import type { LibraryState } from '../../chat/models/model-library';
import type { StoredModel } from '../../chat/models/model-storage';
import type { FitReason, ModelCard } from '../../protocol/models';
import { useApp, useStore } from '../app-context';
import { useChooseModel } from './choose-model';
import { ConfirmDownload, needsQuestion } from './load/confirm-download';
import { formatBytes, formatCompact, formatCount } from '../common/format';
import { LoadLine } from './load/load-view';
import { builtInModel } from './model-view';
import { runsOnProcessor } from './load/on-processor';
import type { Texts } from '../texts/en';

/** A larger one writes slower on a processor than anybody waits for. */
const mostOnProcessor = 1_200_000_000;

const modelsOf = (state: LibraryState): LibraryState['models'] => state.models;

export interface ModelCardProps {
  readonly card: ModelCard;
  readonly suggested: boolean;
}

export function ModelCardView({ card, suggested }: ModelCardProps) {
  const { session, library, settings, texts } = useApp();
  const { models, language } = texts;
  const stored = useStore(library, modelsOf);
  const choose = useChooseModel();
  const [asking, setAsking] = useState<'usual' | 'processor' | undefined>(undefined);
  const title = useId();
  const { fit } = card;
  const name = fit.build ?? card.id;
  const base = library.storage.folderOf(name);
  // It may have been asked for by the address of its folder.
  const status = useStore(session, (state) =>
    state.model === card.id || (base !== undefined && library.storage.folderOf(state.model) === base)
      ? state.kind
      : undefined,
  );
  const here = stored?.find((model) => model.base === base);
  const inUse = status === 'ready' || status === 'loading';
  const begin = (how: 'usual' | 'processor'): void => {
    if (how === 'processor') settings.update({ engine: 'wllama' });
    setAsking(undefined);
    choose(card.id);
  };
  const take = (how: 'usual' | 'processor'): void => {
    if (needsQuestion(card, here)) setAsking(how);
    else begin(how);
  };
  // What its GPU is too little for, a device's processor may still answer with.
  const suitsProcessor =
    ['software-adapter', 'limit'].includes(fit.reason.code) &&
    card.downloadBytes <= mostOnProcessor &&
    runsOnProcessor(library.storage, card.id);
  const loading = useStore(session, (state) =>
    status === 'loading' && state.kind === 'loading' ? state : undefined,
  );
  const actions = loading ? (
    <LoadLine
      model={loading.model}
      progress={loading.progress}
      again={loading.recoveringFrom !== undefined}
    />
  ) : asking ? (
    <ConfirmDownload
      card={card}
      here={here}
      sources={library.storage.sourcesOf(name)}
      onYes={() => begin(asking)}
      onNo={() => setAsking(undefined)}
    />
  ) : fit.verdict === 'cannot' ? (
    suitsProcessor &&
    !inUse && (
      <button type="button" className="button" onClick={() => take('processor')}>
        {texts.processor.run(card.name)}
      </button>
    )
  ) : (
    !inUse && (
      <button
        type="button"
        className={suggested ? 'button button-primary' : 'button'}
        aria-label={models.useNamed(card.name)}
        onClick={() => take('usual')}
      >
        {models.use}
      </button>
    )
  );
  return (
    <li className={inUse ? 'card card-in-use' : 'card'} aria-labelledby={title}>
      <div className="card-head">
        <h3 id={title}>{card.name}</h3>
        <Marks card={card} suggested={suggested} here={here} status={status} />
      </div>
      <p>{texts.modelPurposes[card.id] ?? card.purpose}</p>
      <p className="card-reason">
        {card.id === builtInModel ? null : `${models.download}: ${downloadText(card, texts)}. `}
        {card.obstacle?.text ?? reasonText(fit.reason, texts)}
      </p>
      {actions}
      <details className="card-details">
        <summary>{texts.switcher.details}</summary>
        <dl className="figures">
          <Figure term={models.download}>{downloadText(card, texts)}</Figure>
          {fit.memory && (
            <Figure term={models.memory}>
              {`${models.memoryAt(
                formatBytes(fit.memory.total, language),
                formatCount(fit.memory.contextWindow, language),
              )}: ${models.memoryParts(
                formatBytes(fit.memory.weights, language),
                formatBytes(fit.memory.kvCache, language),
                formatBytes(fit.memory.work, language),
              )}`}
            </Figure>
          )}
          {card.features.length > 0 && <Figure term={models.needs}>{card.features.join(', ')}</Figure>}
          <Figure term={models.parameters}>{formatCompact(card.parameters, language)}</Figure>
          <Figure term={models.licence}>{card.licence}</Figure>
          <Figure term={models.languages}>{languageNames(card.languages, language)}</Figure>
          {fit.engines.length > 0 && (
            <Figure term={models.engines}>
              {fit.engines.map((engine) => models.engineNames[engine]).join(', ')}
            </Figure>
          )}
          {card.quoted && (
            <Figure term={models.quoted} wide>
              {models.quotedFigure(
                new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(
                  card.quoted.gsm8k / 100,
                ),
                card.quoted.source,
              )}
            </Figure>
          )}
        </dl>
      </details>
    </li>
  );
}

interface MarksProps extends ModelCardProps {
  readonly here: StoredModel | undefined;
  readonly status: string | undefined;
}

function Marks({ card, suggested, here, status }: MarksProps) {
  const { texts } = useApp();
  const { models, language } = texts;
  const marks: string[] = [];
  if (status === 'ready') marks.push(models.inUse);
  if (status === 'loading') marks.push(models.loadingNow);
  if (suggested) marks.push(models.suggested);
  const isWhole = here?.complete || (here?.totalBytes && here.storedBytes >= here.totalBytes);
  if (isWhole) marks.push(models.stored);
  else if (here?.totalBytes && here.storedBytes > 0)
    marks.push(
      models.partlyStored(formatBytes(here.storedBytes, language), formatBytes(here.totalBytes, language)),
    );
  else if (card.id === builtInModel) marks.push(models.builtIn);
  if (card.seesImages) marks.push(models.seesImages);
  return (
    <span className="marks">
      {marks.map((mark) => (
        <span key={mark} className="badge">
          {mark}
        </span>
      ))}
    </span>
  );
}

interface FigureProps {
  readonly term: string;
  readonly children: string;
  /** A sentence, on a line of its own. */
  readonly wide?: boolean;
}

function Figure({ term, children, wide = false }: FigureProps) {
  return (
    <div className={wide ? 'figure-wide' : undefined}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function downloadText(card: ModelCard, texts: Texts): string {
  const bytes = formatBytes(card.downloadBytes, texts.language);
  return card.downloadIsExact ? bytes : texts.models.about(bytes);
}

function languageNames(tags: readonly string[], language: string): string {
  const names = new Intl.DisplayNames([language], { type: 'language' });
  const shown = tags.slice(0, 4).map((tag) => names.of(tag) ?? tag);
  return tags.length > 4 ? `${shown.join(', ')} +${tags.length - 4}` : shown.join(', ');
}

/** In the page's language, with the numbers that decided. */
export function reasonText(reason: FitReason, texts: Texts): string {
  const { models, language } = texts;
  const { code, details, text } = reason;
  if (code === 'obstacle') return text;
  if (details['limit'] === 'shader-f16') return models.noHalfPrecision;
  // Bytes, but for a limit, which has units of its own.
  const figures = Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value !== 'number'
        ? value
        : code === 'limit'
          ? formatCount(value, language)
          : formatBytes(value, language),
    ]),
  );
  return models.reasons[code](figures);
}
