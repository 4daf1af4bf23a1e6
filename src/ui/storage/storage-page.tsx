// The models kept on this device: how much, whether whole, and what can be done with each.
import { useEffect } from 'react';
import type { LibraryState } from '../../chat/models/model-library';
import { useApp, useStore } from '../app-context';
import { formatBytes, formatPercent } from '../common/format';
import { LoadTrack } from '../common/load-track';
import { GpuMemory } from './gpu-memory';
import { ImportModel } from './import-model';
import { Problem } from '../common/problem';
import { SavedPrefixes, StoredModelView, useModelName } from './stored-model-view';

const whole = (state: LibraryState): LibraryState => state;

export function StoragePage() {
  const { library, texts } = useApp();
  const { models } = useStore(library, whole);
  useEffect(() => void library.refresh(), [library]);
  const { storage } = texts;
  return (
    <section className="page-body" aria-labelledby="storage-title">
      <h1 id="storage-title">{storage.title}</h1>
      <p className="lead">{storage.lead}</p>
      <Usage />
      <GpuMemory />
      <TaskView />
      {models === undefined && <p role="status">{storage.reading}</p>}
      {models?.length === 0 && <p>{storage.none}</p>}
      {models && models.length > 0 && (
        <ul className="cards">
          {models.map((model) => (
            <StoredModelView key={model.base} model={model} />
          ))}
        </ul>
      )}
      <OrphanPrefixes />
      <ImportModel />
    </section>
  );
}

/** What is kept for models that are not stored: they ran from memory, or come with the app and were deleted. */
function OrphanPrefixes() {
  const { library, texts } = useApp();
  const { models, prefixes } = useStore(library, whole);
  const nameOf = useModelName();
  const orphans = [...prefixes.keys()].filter((base) => models?.every((model) => model.base !== base));
  if (orphans.length === 0) return null;
  return (
    <section aria-labelledby="orphans-title">
      <h2 id="orphans-title">{texts.storage.orphanPrefixes}</h2>
      <ul className="cards">
        {orphans.map((base) => (
          <li key={base} className="card" aria-label={nameOf(base)}>
            <p className="address">{base}</p>
            <SavedPrefixes base={base} name={nameOf(base)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Usage() {
  const { library, texts } = useApp();
  const usage = useStore(library, (state) => state.usage);
  const { storage, language } = texts;
  if (!usage) return null;
  const { usedBytes, quotaBytes, persistent } = usage;
  const used = usedBytes === undefined ? undefined : formatBytes(usedBytes, language);
  return (
    <div className="usage-panel">
      <p>
        {used !== undefined &&
          (quotaBytes === undefined
            ? storage.used(used)
            : storage.usedOf(used, formatBytes(quotaBytes, language)))}{' '}
        {persistent === undefined
          ? storage.persistenceUnknown
          : persistent
            ? storage.persistent
            : storage.notPersistent}
      </p>
      {persistent === false && (
        <button type="button" className="button" onClick={() => void library.askPersistence()}>
          {storage.askPersistence}
        </button>
      )}
    </div>
  );
}

/** The long task that runs, how the last one ended, or what went wrong. */
function TaskView() {
  const { library, texts } = useApp();
  const { task, outcome, error } = useStore(library, whole);
  const name = useModelName();
  const { storage, language } = texts;
  if (task) {
    const { doneBytes = 0, totalBytes = 0 } = task.progress ?? {};
    const fraction = totalBytes > 0 ? doneBytes / totalBytes : 0;
    const title = storage.tasks[task.kind](name(task.base));
    return (
      <div className="model-bar">
        <div className="load-line">
          <span className="load-title">{title}</span>
          <span className="load-percent">{formatPercent(fraction, language)}</span>
        </div>
        <LoadTrack label={title} fraction={fraction} />
        <div className="load-line load-figures">
          <span>
            {totalBytes > 0 &&
              texts.bytesOf(formatBytes(doneBytes, language), formatBytes(totalBytes, language))}
          </span>
          <button type="button" className="button" onClick={() => library.cancel()}>
            {texts.cancel}
          </button>
        </div>
      </div>
    );
  }
  return (
    <div role="status">
      {error && <Problem code={error.code} message={error.message} />}
      {outcome &&
        (outcome.damaged.length > 0 ? (
          <p className="problem-first">{storage.damaged(name(outcome.base), outcome.damaged.join(', '))}</p>
        ) : (
          <p className="outcome">{storage.outcomes[outcome.kind](name(outcome.base))}</p>
        ))}
    </div>
  );
}
