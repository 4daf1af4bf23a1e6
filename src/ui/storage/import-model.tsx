// A model from a folder or files: what was found is told before anything is stored.
import { useCallback, useRef, useState } from 'react';
import { toAppError, type AppError } from '../../base/errors';
import type { FolderReport, ModelFile } from '../../chat/models/model-storage';
import { useApp, useStore } from '../app-context';
import { formatBytes } from '../common/format';
import { useHandedFiles } from '../common/handed-files';
import { FactsCard } from '../models/own/facts-card';
import { modelFiles } from '../models/own/model-files';
import { useModelList } from '../models/use-model-list';
import { Problem } from '../common/problem';
import { ggufWords } from '../texts/gguf-words';

type Found =
  | { readonly report: FolderReport; readonly files: readonly ModelFile[] }
  | { readonly error: AppError };

const pathOf = ({ webkitRelativePath, name }: File): string => webkitRelativePath || name;

type PickDirectory = (options: object) => Promise<FileSystemDirectoryHandle>;

export function ImportModel() {
  const { library, texts } = useApp();
  const { storage } = texts;
  const busy = useStore(library, (state) => state.task !== undefined);
  const [found, setFound] = useState<Found | 'looking' | undefined>(undefined);
  const section = useRef<HTMLElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const filesInput = useRef<HTMLInputElement>(null);

  const look = useCallback(
    async (read: () => Promise<readonly ModelFile[]>): Promise<void> => {
      setFound('looking');
      try {
        const files = await read();
        setFound({ files, report: await library.storage.inspect(files) });
      } catch (thrown) {
        setFound({ error: toAppError(thrown) });
      }
    },
    [library],
  );
  const takeFiles = useCallback(
    (files: readonly File[]): void => {
      void look(() => Promise.resolve(files.map((blob) => ({ path: pathOf(blob), blob }))));
    },
    [look],
  );
  useHandedFiles(
    modelFiles,
    useCallback(
      (files) => {
        // It may be far down the page, which the person has not come to by themselves.
        section.current?.focus();
        takeFiles(files);
      },
      [takeFiles],
    ),
  );
  const pickFolder = async (): Promise<void> => {
    const pick = (window as { showDirectoryPicker?: PickDirectory }).showDirectoryPicker;
    if (!pick) {
      folderInput.current?.click();
      return;
    }
    let directory: FileSystemDirectoryHandle;
    try {
      directory = await pick.call(window, { mode: 'read', id: 'phield-import' });
    } catch {
      return; // The person closed the picker.
    }
    await look(() => library.storage.filesOf(directory));
  };
  const takeInput = (input: HTMLInputElement): void => {
    const files = [...(input.files ?? [])];
    // The same files may be chosen again.
    input.value = '';
    if (files.length > 0) takeFiles(files);
  };

  return (
    <section ref={section} tabIndex={-1} aria-labelledby="import-title">
      <h2 id="import-title">{storage.importTitle}</h2>
      <p className="note">{storage.importLead}</p>
      <p className="links">
        <button type="button" className="button" disabled={busy} onClick={() => void pickFolder()}>
          {storage.importFolder}
        </button>
        <button type="button" className="button" disabled={busy} onClick={() => filesInput.current?.click()}>
          {storage.importFiles}
        </button>
      </p>
      <input
        ref={folderInput}
        type="file"
        hidden
        // Not in React's types; every browser knows it.
        {...{ webkitdirectory: '' }}
        onChange={(event) => takeInput(event.target)}
      />
      <input
        ref={filesInput}
        type="file"
        hidden
        multiple
        aria-label={storage.importFiles}
        onChange={(event) => takeInput(event.target)}
      />
      <div role="status">
        {found === 'looking' && <p>{ggufWords(texts.language).reading}</p>}
        {typeof found === 'object' && 'error' in found && (
          <Problem code={found.error.code} message={found.error.message} open />
        )}
      </div>
      {typeof found === 'object' && 'report' in found && (
        <FoundView
          {...found}
          onImport={(base) => {
            setFound(undefined);
            void library.importFiles(found.files, base);
          }}
        />
      )}
    </section>
  );
}

interface FoundViewProps {
  readonly report: FolderReport;
  readonly onImport: (base: string) => void;
}

function FoundView({ report, onImport }: FoundViewProps) {
  const { library, texts } = useApp();
  const { storage, language } = texts;
  const list = useModelList();
  const [base, setBase] = useState(report.base);
  // A folder that was not exported here does not say which model it is; the person may know.
  const known = (list && 'cards' in list ? list.cards : []).flatMap(({ id, name, fit }) => {
    const folder = fit.build === undefined ? undefined : library.storage.folderOf(fit.build);
    return folder === undefined || folder === report.base ? [] : [{ id, name, folder }];
  });
  return (
    <div className="confirm">
      <p className="confirm-title">
        {storage.importFound(report.name, formatBytes(report.totalBytes, language))}
      </p>
      {report.facts && <FactsCard facts={report.facts} />}
      {report.leftOut && report.leftOut.length > 0 && (
        <p>{storage.importLeftOut(report.leftOut.join(', '))}</p>
      )}
      {report.missing.length > 0 ? (
        <p className="problem-title">{storage.importMissing(report.missing.join(', '))}</p>
      ) : (
        <>
          <label className="field">
            {storage.importAs}
            <select value={base} onChange={(event) => setBase(event.target.value)}>
              <option value={report.base}>{storage.importAsItself(report.base)}</option>
              {known.map(({ id, name, folder }) => (
                <option key={id} value={folder}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <p className="links">
            <button type="button" className="button button-primary" onClick={() => onImport(base)}>
              {storage.importNow}
            </button>
          </p>
        </>
      )}
    </div>
  );
}
