// A model of one's own by the address of its file or folder, or by the name of a repository whose files are then listed:
// looked at first, and only then offered for loading.
import { useId, useRef, useState } from 'react';
import { toAppError, type AppError } from '../../../base/errors';
import type {
  ModelFacts,
  ModelStorage,
  RepositoryFiles as Repository,
} from '../../../chat/models/model-storage';
import { useApp } from '../../app-context';
import { useChooseModel } from '../choose-model';
import { formatBytes } from '../../common/format';
import { FactsCard } from './facts-card';
import { Problem } from '../../common/problem';
import { pageHref } from '../../common/route';
import { RepositoryFiles } from './repository-files';
import { textAlone } from './pairs';
import { ggufWords } from '../../texts/gguf-words';

type Look =
  | { readonly kind: 'none' }
  | { readonly kind: 'looking' }
  | {
      readonly kind: 'found';
      readonly name: string;
      readonly totalBytes: number;
      readonly shards: number;
      readonly facts?: ModelFacts;
      readonly eyes?: { readonly name: string; readonly nbytes: number; readonly address: string };
    }
  | { readonly kind: 'choose'; readonly repository: Repository }
  | { readonly kind: 'failed'; readonly error: AppError };

export function AddModel() {
  const { library, texts } = useApp();
  const { models, language } = texts;
  const [address, setAddress] = useState('');
  const [compiled, setCompiled] = useState('');
  const [look, setLook] = useState<Look>({ kind: 'none' });
  const looking = useRef<AbortController | undefined>(undefined);
  const choose = useChooseModel();
  const field = useId();

  const check = async (typed = address.trim()): Promise<void> => {
    looking.current?.abort();
    const controller = new AbortController();
    looking.current = controller;
    setLook({ kind: 'looking' });
    const { signal } = controller;
    let next: Look;
    try {
      const repository = await repositoryOf(library.storage, typed, signal);
      if (repository && repository.files.length > 0) next = { kind: 'choose', repository };
      else {
        const full = new URL(typed, location.href).href;
        // A name without a scheme would otherwise be taken for a folder of this site.
        const found = await library.storage.preflight(/^[./]/.test(typed) ? full : typed, {
          signal,
          ...(compiled.trim() !== '' && { library: new URL(compiled.trim(), location.href).href }),
        });
        next = { kind: 'found', ...found };
      }
    } catch (thrown) {
      next = { kind: 'failed', error: toAppError(thrown, 'network/bad-address') };
    }
    if (looking.current === controller) setLook(next);
  };

  /** What was found is of an address that stands there no more. */
  const lookAgain = (): void => {
    looking.current?.abort();
    looking.current = undefined;
    setLook({ kind: 'none' });
  };

  return (
    <section aria-labelledby="add-title">
      <h2 id="add-title">{models.addTitle}</h2>
      <p className="note">{models.addLead}</p>
      <form
        className="add-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (address.trim() !== '') void check();
        }}
      >
        <div className="field">
          <label htmlFor={field}>{models.address}</label>
          <input
            id={field}
            type="text"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://example.org/models/my-phi.Q4_K_M.gguf"
            value={address}
            onChange={(event) => {
              setAddress(event.target.value);
              lookAgain();
            }}
          />
        </div>
        <details className="add-library">
          <summary>{models.compiledTitle}</summary>
          <div className="field">
            <label htmlFor={`${field}-library`}>{models.compiledAddress}</label>
            <input
              id={`${field}-library`}
              type="text"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              placeholder="https://example.org/models/my-phi-webgpu.wasm"
              aria-describedby={`${field}-why`}
              value={compiled}
              onChange={(event) => {
                setCompiled(event.target.value);
                lookAgain();
              }}
            />
            <p id={`${field}-why`} className="note">
              {models.compiledNote}
            </p>
          </div>
        </details>
        <button type="submit" className="button" disabled={address.trim() === '' || look.kind === 'looking'}>
          {models.check}
        </button>
      </form>
      <div role="status">
        {look.kind === 'looking' && <p>{models.checking}</p>}
        {look.kind === 'failed' && <Problem code={look.error.code} message={look.error.message} open />}
        {look.kind === 'choose' && (
          <RepositoryFiles
            repository={look.repository}
            onChoose={(chosen) => {
              setAddress(chosen);
              void check(chosen);
            }}
          />
        )}
        {look.kind === 'found' && (
          <div className="confirm">
            <p className="confirm-title">
              {models.found(formatBytes(look.totalBytes, language), look.shards)}
            </p>
            {look.facts && <FactsCard facts={look.facts} />}
            <EyesOffer
              look={look}
              onLook={(chosen) => {
                setAddress(chosen);
                void check(chosen);
              }}
            />
            <p>{models.confirmWhere}</p>
            <p className="links">
              <button type="button" className="button button-primary" onClick={() => choose(look.name)}>
                {models.startDownload}
              </button>
            </p>
          </div>
        )}
      </div>
      <p>
        <a href={pageHref('storage')}>{models.fromFiles}</a>
      </p>
    </section>
  );
}

interface EyesOfferProps {
  readonly look: Look & { readonly kind: 'found' };
  readonly onLook: (address: string) => void;
}

/** The file that a model sees by is large: to be taken along or left out, as the person likes. */
function EyesOffer({ look: { name, facts, eyes }, onLook }: EyesOfferProps) {
  const { language } = useApp().texts;
  const words = ggufWords(language);
  if (eyes)
    return (
      <>
        <p>{words.alsoEyes(eyes.name, formatBytes(eyes.nbytes, language))}</p>
        <p className="links">
          <button type="button" className="button" onClick={() => onLook(eyes.address)}>
            {words.withEyes(eyes.name)}
          </button>
        </p>
      </>
    );
  const alone = facts?.eyes && textAlone(name);
  if (alone === undefined) return null;
  return (
    <p className="links">
      <button type="button" className="button" onClick={() => onLook(alone)}>
        {words.withoutEyes}
      </button>
    </p>
  );
}

/** Where its host does not list them, the address may be a folder all the same. */
async function repositoryOf(
  storage: ModelStorage,
  address: string,
  signal: AbortSignal,
): Promise<Repository | undefined> {
  try {
    return await storage.repository(address, { signal });
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return undefined;
  }
}
