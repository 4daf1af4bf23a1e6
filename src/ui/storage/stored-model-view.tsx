// One stored model: what of it is here, and checking, exporting, deleting and pausing it.
import { useCallback, useId, useState } from 'react';
import type { LibraryState } from '../../chat/models/model-library';
import type { ExportedFile, StoredModel, TransferProgress } from '../../chat/models/model-storage';
import { useApp, useStore } from '../app-context';
import { ConfirmDelete } from './confirm-delete';
import { MoveModel, placeOf } from './move-model';
import { formatBytes, formatDuration, formatPercent } from '../common/format';
import { LoadTrack } from '../common/load-track';
import { whereFrom } from '../models/own/where-from';
import { storedName } from '../models/model-view';
import { useModelList } from '../models/use-model-list';

const taskOf = (state: LibraryState): LibraryState['task'] => state.task;

/** A stored folder by the name that the catalogue has for it, else by the last part of its address. */
export function useModelName(): (base: string) => string {
  const { library } = useApp();
  const list = useModelList();
  return useCallback(
    (base) => {
      const cards = list && 'cards' in list ? list.cards : [];
      const card = cards.find(({ id, fit }) => library.storage.folderOf(fit.build ?? id) === base);
      return card?.name ?? storedName(base);
    },
    [library, list],
  );
}

export function StoredModelView({ model }: { readonly model: StoredModel }) {
  const { library, session, texts } = useApp();
  const { storage, language } = texts;
  const { base, complete, storedBytes } = model;
  const busy = useStore(library, taskOf) !== undefined;
  const download = useStore(library, (state) => state.downloads.get(base));
  const inUse = useStore(
    session,
    (state) =>
      state.kind !== 'failed' && state.kind !== 'idle' && library.storage.folderOf(state.model) === base,
  );
  const [confirming, setConfirming] = useState(false);
  const title = useId();
  const name = useModelName()(base);
  const label = (action: string): string => storage.ofModel(action, name);
  return (
    <li className="card" aria-labelledby={title}>
      <div className="card-head">
        <h2 id={title}>{name}</h2>
        <span className="marks">
          <span className={complete ? 'badge' : 'badge badge-warning'}>{stateText(model, texts)}</span>
          {inUse && <span className="badge">{texts.models.inUse}</span>}
        </span>
      </div>
      <p className="address">{whereFrom(base, language)}</p>
      <p className="note">
        {formatBytes(storedBytes, language)}
        {' · '}
        {storedBytes > 0 && `${texts.places.kept[placeOf(model)]} · `}
        {model.verifiedAt === undefined
          ? storage.neverVerified
          : storage.verifiedAt(
              new Date(model.verifiedAt).toLocaleString(language, {
                dateStyle: 'medium',
                timeStyle: 'short',
              }),
            )}
      </p>
      <SavedPrefixes base={base} name={name} />
      <Missing model={model} />
      {download && <DownloadView base={base} progress={download} />}
      {confirming ? (
        <ConfirmDelete
          text={storage.confirmDelete(name, formatBytes(storedBytes, language))}
          onYes={() => void library.remove(base)}
          onNo={() => setConfirming(false)}
        />
      ) : (
        <p className="links">
          <button
            type="button"
            className="button"
            aria-label={label(storage.verify)}
            disabled={busy || storedBytes === 0}
            onClick={() => void library.verify(base)}
          >
            {storage.verify}
          </button>
          <button
            type="button"
            className="button"
            aria-label={label(storage.export)}
            disabled={busy || !complete}
            onClick={() => void startExport(base, library)}
          >
            {storage.export}
          </button>
          <MoveModel model={model} name={name} busy={busy || download !== undefined} />
          <button
            type="button"
            className="button"
            aria-label={label(storage.delete)}
            disabled={busy}
            onClick={() => setConfirming(true)}
          >
            {storage.delete}
          </button>
        </p>
      )}
    </li>
  );
}

/** What is kept of a model's work on chats, and the way to drop it. Nothing where nothing is. */
export function SavedPrefixes({ base, name }: { readonly base: string; readonly name: string }) {
  const { library, texts } = useApp();
  const bytes = useStore(library, (state) => state.prefixes.get(base));
  const { storage, language } = texts;
  if (bytes === undefined) return null;
  return (
    <p className="note bar-row">
      <span>{storage.prefixes(formatBytes(bytes, language))}</span>
      <button
        type="button"
        className="button"
        aria-label={storage.forgetPrefixesOf(name)}
        onClick={() => void library.removePrefixes(base)}
      >
        {storage.forgetPrefixes}
      </button>
    </p>
  );
}

function stateText(
  { complete, storedBytes, totalBytes }: StoredModel,
  texts: ReturnType<typeof useApp>['texts'],
) {
  const { storage, language } = texts;
  if (complete) return storage.complete;
  if (totalBytes === undefined) return storage.incompleteUnknown;
  return storage.incomplete(formatBytes(storedBytes, language), formatBytes(totalBytes, language));
}

function Missing({ model: { missing } }: { readonly model: StoredModel }) {
  const { texts } = useApp();
  const { storage, language } = texts;
  if (missing.length === 0) return null;
  return (
    <details className="technical">
      <summary>{storage.missing(missing.length)}</summary>
      <ul>
        {missing.map(({ dataPath, nbytes, storedBytes }) => (
          <li key={dataPath}>
            <code>{dataPath}</code>{' '}
            {storage.bytesHere(formatBytes(storedBytes, language), formatBytes(nbytes, language))}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface DownloadViewProps {
  readonly base: string;
  readonly progress: TransferProgress;
}

function DownloadView({ base, progress }: DownloadViewProps) {
  const { library, texts } = useApp();
  const { load, storage, language } = texts;
  const { doneBytes, totalBytes, bytesPerSecond, secondsLeft, paused } = progress;
  const fraction = totalBytes > 0 ? doneBytes / totalBytes : 0;
  const figures = [formatPercent(fraction, language)];
  if (!paused && bytesPerSecond) figures.push(texts.bytesPerSecond(formatBytes(bytesPerSecond, language)));
  if (!paused && secondsLeft) figures.push(texts.timeLeft(formatDuration(secondsLeft)));
  return (
    <div className="card-download">
      <LoadTrack label={storage.downloading} fraction={fraction} />
      <div className="load-line load-figures">
        <span>
          {paused ? load.paused : storage.downloading} · {figures.join(' · ')}
        </span>
        <button
          type="button"
          className="button"
          onClick={() => (paused ? library.resume(base) : library.pause(base))}
        >
          {paused ? load.resume : load.pause}
        </button>
      </div>
    </div>
  );
}

/** Into a folder where the browser lets one be chosen, else file by file as downloads. */
async function startExport(base: string, library: ReturnType<typeof useApp>['library']): Promise<void> {
  const pick = (window as { showDirectoryPicker?: (options: object) => Promise<FileSystemDirectoryHandle> })
    .showDirectoryPicker;
  if (!pick) {
    await library.exportFiles(base, saveAsDownload);
    return;
  }
  let directory: FileSystemDirectoryHandle;
  try {
    directory = await pick.call(window, { mode: 'readwrite', id: 'phield-export' });
  } catch {
    return; // The person closed the picker.
  }
  await library.exportTo(base, directory);
}

async function saveAsDownload({ path, stream }: ExportedFile): Promise<void> {
  const blob = await new Response(stream()).blob();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = path.split('/').at(-1) ?? path;
  link.click();
  // Downloads started faster than this are dropped by some browsers.
  await new Promise((resolve) => setTimeout(resolve, 400));
  URL.revokeObjectURL(link.href);
}
