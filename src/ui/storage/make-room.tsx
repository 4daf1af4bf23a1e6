// What a person can do when storage is full: delete another model and try again, take a smaller one, or run this
// one from memory without storing it.
import { useEffect, useState } from 'react';
import type { AppError } from '../../base/errors';
import type { LibraryState } from '../../chat/models/model-library';
import type { StoredModel } from '../../chat/models/model-storage';
import { useApp, useStore } from '../app-context';
import { ConfirmDelete } from './confirm-delete';
import { formatBytes } from '../common/format';
import { storedName } from '../models/model-view';
import { pageHref } from '../common/route';

const modelsOf = (state: LibraryState): LibraryState['models'] => state.models;

/** Nothing for any other error. */
export function MakeRoom({ error }: { readonly error: AppError }) {
  return error.code === 'storage/quota' ? <Room error={error} /> : null;
}

function Room({ error }: { readonly error: AppError }) {
  const { library, session, texts } = useApp();
  const { storage, language } = texts;
  const models = useStore(library, modelsOf);
  const [freedBytes, setFreedBytes] = useState(0);
  useEffect(() => void library.refresh(), [library]);
  const { neededBytes, storedBytes } = error.details;
  const own = library.storage.folderOf(session.getState().model);
  const others = (models ?? []).filter(({ base, storedBytes: bytes }) => base !== own && bytes > 0);
  return (
    <section className="make-room" aria-label={storage.fullTitle}>
      {typeof neededBytes === 'number' && (
        <p>
          {storage.full(
            formatBytes(neededBytes, language),
            formatBytes(typeof storedBytes === 'number' ? storedBytes : 0, language),
          )}
        </p>
      )}
      <dl className="offers">
        <div>
          <dt>{storage.freeTitle}</dt>
          {others.length === 0 && <dd>{storage.nothingToFree}</dd>}
          {others.map((model) => (
            <OtherModel
              key={model.base}
              model={model}
              onDeleted={() => setFreedBytes((bytes) => bytes + model.storedBytes)}
            />
          ))}
          <dd role="status" className="offer">
            {freedBytes > 0 && (
              <>
                <span>{storage.freed(formatBytes(freedBytes, language))}</span>
                <button type="button" className="button button-primary" onClick={() => void session.load()}>
                  {texts.tryAgain}
                </button>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>{storage.smallerTitle}</dt>
          <dd className="offer">
            <span>{storage.smallerNote}</span>
            <a className="button" href={pageHref('models')}>
              {storage.smallerModel}
            </a>
          </dd>
        </div>
        <div>
          <dt>{storage.memoryTitle}</dt>
          <dd className="offer">
            <span>{storage.memoryNote}</span>
            <button
              type="button"
              className="button"
              onClick={() => void session.load(undefined, { memoryOnly: true })}
            >
              {storage.runFromMemory}
            </button>
          </dd>
        </div>
      </dl>
    </section>
  );
}

interface OtherModelProps {
  readonly model: StoredModel;
  readonly onDeleted: () => void;
}

function OtherModel({ model: { base, storedBytes }, onDeleted }: OtherModelProps) {
  const { library, texts } = useApp();
  const { storage, language } = texts;
  const [confirming, setConfirming] = useState(false);
  const name = storedName(base);
  const bytes = formatBytes(storedBytes, language);
  if (confirming) {
    return (
      <dd>
        <ConfirmDelete
          text={storage.confirmDelete(name, bytes)}
          onYes={() => void library.remove(base).then(onDeleted)}
          onNo={() => setConfirming(false)}
        />
      </dd>
    );
  }
  return (
    <dd className="offer">
      <span>
        {name}: {bytes}
      </span>
      <button
        type="button"
        className="button"
        aria-label={storage.ofModel(storage.delete, name)}
        onClick={() => setConfirming(true)}
      >
        {storage.delete}
      </button>
    </dd>
  );
}
