// What a person can do when storage is full: what is needed, what could be deleted for it, or a smaller model.
import { useEffect } from 'react';
import type { AppError } from '../base/errors';
import type { LibraryState } from '../chat/model-library';
import { useApp, useStore } from './app-context';
import { formatBytes } from './format';
import { storedName } from './model-view';
import { pageHref } from './route';

const modelsOf = (state: LibraryState): LibraryState['models'] => state.models;

/** Nothing for any other error. */
export function MakeRoom({ error }: { readonly error: AppError }) {
  return error.code === 'storage/quota' ? <Room error={error} /> : null;
}

function Room({ error }: { readonly error: AppError }) {
  const { library, session, texts } = useApp();
  const { language } = texts;
  const models = useStore(library, modelsOf);
  useEffect(() => void library.refresh(), [library]);
  const { neededBytes, storedBytes } = error.details;
  const own = library.storage.folderOf(session.getState().model);
  const others = (models ?? []).filter(({ base, storedBytes: bytes }) => base !== own && bytes > 0);
  return (
    <section className="make-room" aria-label={texts.storage.fullTitle}>
      {typeof neededBytes === 'number' && (
        <p>
          {texts.storage.full(
            formatBytes(neededBytes, language),
            formatBytes(typeof storedBytes === 'number' ? storedBytes : 0, language),
          )}
        </p>
      )}
      {others.length > 0 && (
        <>
          <p>{texts.storage.freeList}</p>
          <ul>
            {others.map(({ base, storedBytes: bytes }) => (
              <li key={base}>
                {storedName(base)}: {formatBytes(bytes, language)}
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="links">
        <a className="button" href={pageHref('storage')}>
          {texts.storage.openStorage}
        </a>
        <a className="button" href={pageHref('models')}>
          {texts.storage.smallerModel}
        </a>
      </p>
    </section>
  );
}
