// The GGUF files of a repository, to choose one from.
import type { RepositoryFiles as Repository } from '../../../chat/models/model-storage';
import { useApp } from '../../app-context';
import { formatBytes } from '../../common/format';
import { ggufWords } from '../../texts/gguf-words';

export interface RepositoryFilesProps {
  readonly repository: Repository;
  readonly onChoose: (address: string) => void;
}

export function RepositoryFiles({ repository: { name, files }, onChoose }: RepositoryFilesProps) {
  const { language } = useApp().texts;
  const words = ggufWords(language);
  return (
    <div className="confirm">
      <p className="confirm-title">{words.repository(name, files.length)}</p>
      <p>{words.repositoryLead}</p>
      <ul className="plain-list" aria-label={words.repository(name, files.length)}>
        {files.map(({ name: file, address, nbytes, parts }) => (
          <li key={address}>
            <button
              type="button"
              className="button"
              aria-label={words.look(file)}
              onClick={() => onChoose(address)}
            >
              {file}
            </button>{' '}
            {words.parts(formatBytes(nbytes, language), parts)}
          </li>
        ))}
      </ul>
    </div>
  );
}
