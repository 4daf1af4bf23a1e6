// The one question before a big download: how much, where it goes, where it comes from, under what licence.
import { Suspense, useEffect, useRef } from 'react';
import type { ModelSources, StoredModel } from '../../../chat/models/model-storage';
import type { ModelCard } from '../../../protocol/models';
import { useApp } from '../../app-context';
import { formatBytes } from '../../common/format';
import { later } from '../../common/later';

const SmallInstead = later(() => import('./small-instead').then((module) => module.SmallInstead));

const bigBytes = 50_000_000;

export function needsQuestion(card: ModelCard, here: StoredModel | undefined): boolean {
  return !here?.complete && card.downloadBytes >= bigBytes;
}

export interface ConfirmDownloadProps {
  readonly card: ModelCard;
  readonly here: StoredModel | undefined;
  readonly sources: ModelSources | undefined;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

export function ConfirmDownload({ card, here, sources, onYes, onNo }: ConfirmDownloadProps) {
  const { texts } = useApp();
  const { models, language } = texts;
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => yes.current?.focus(), []);
  const stored = here?.storedBytes ?? 0;
  const total = here?.totalBytes ?? card.downloadBytes;
  return (
    <div
      className="confirm"
      role="group"
      aria-label={models.confirmTitle(card.name)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onNo();
      }}
    >
      <p className="confirm-title">{models.confirmTitle(card.name)}</p>
      <p>
        {stored > 0
          ? models.confirmRest(formatBytes(Math.max(0, total - stored), language))
          : models.confirmBytes(formatBytes(total, language))}{' '}
        {sources && <Sources sources={sources} library={card.fit.engines.includes('webllm')} />}{' '}
        {models.confirmWhere} {models.confirmLicence(card.licence)}
      </p>
      {card.fit.verdict === 'tight' && <p>{models.confirmTight}</p>}
      <Suspense fallback={null}>
        <SmallInstead card={card} />
      </Suspense>
      <p className="links">
        <button ref={yes} type="button" className="button button-primary" onClick={onYes}>
          {models.startDownload}
        </button>
        <button type="button" className="button" onClick={onNo}>
          {texts.cancel}
        </button>
      </p>
    </div>
  );
}

/** Every host that learns of the download. @param library whether one may be needed. */
export function Sources({ sources, library }: { readonly sources: ModelSources; readonly library: boolean }) {
  const { models, language } = useApp().texts;
  const first = hostOf(sources.folder);
  const mirrors = [...new Set(sources.mirrors.map(hostOf))].filter((host) => host !== first);
  const list = new Intl.ListFormat(language, { type: 'disjunction' });
  return (
    <>
      {models.confirmFrom(first)} {mirrors.length > 0 && models.confirmMirrors(list.format(mirrors))}{' '}
      {library && sources.library !== undefined && models.confirmLibrary(hostOf(sources.library))}
    </>
  );
}

function hostOf(base: string): string {
  try {
    return new URL(base).host;
  } catch {
    return base;
  }
}
