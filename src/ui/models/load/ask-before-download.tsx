// A link may name any model: before a big one is fetched, the person is told how much comes from where.
import { Suspense } from 'react';
import type { AppError } from '../../../base/errors';
import { useApp } from '../../app-context';
import { formatBytes } from '../../common/format';
import { Sources } from './confirm-download';
import { later } from '../../common/later';
import { builtInModel, modelName } from '../model-view';

const LinkCard = later(() => import('../own/link-card').then((module) => module.LinkCard));

export interface AskBeforeDownloadProps {
  readonly model: string;
  /** `run/needs-consent`. */
  readonly error: AppError;
}

export function AskBeforeDownload({ model, error }: AskBeforeDownloadProps) {
  const { session, library, texts } = useApp();
  const { models, language } = texts;
  // There it is not a link that asked, nor is there a page of what is stored.
  const framed = window.parent !== window;
  const sources = library.storage.sourcesOf(model);
  const name = modelName(model);
  return (
    <div className="confirm" role="group" aria-label={models.confirmTitle(name)}>
      <p className="confirm-title">{models.confirmTitle(name)}</p>
      <p>
        {framed ? models.siteAsks : models.linkAsks}{' '}
        {models.confirmBytes(formatBytes(Number(error.details['bytes']), language))}{' '}
        {sources && <Sources sources={sources} library={sources.library !== undefined} />}{' '}
        {framed ? models.confirmWhereInSite : models.confirmWhere}
      </p>
      {/\.gguf\/?$/i.test(sources?.folder ?? '') && (
        <Suspense fallback={null}>
          <LinkCard model={model} />
        </Suspense>
      )}
      <p className="links">
        <button
          type="button"
          className="button button-primary"
          onClick={() => void session.load(model, { agreed: true })}
        >
          {models.startDownload}
        </button>
        <button type="button" className="button" onClick={() => void session.load(builtInModel)}>
          {texts.useBuiltIn}
        </button>
      </p>
    </div>
  );
}
