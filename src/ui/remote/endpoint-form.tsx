// Naming a larger model: what runs on this machine, found after a click, or any other by its address.
import { useState, type ReactNode } from 'react';
import { toAppError, type AppError } from '../../base/errors';
import { endpointAddress, isBlockedAsMixed, presets } from '../../remote/address';
import type { Remote } from '../../remote/remote';
import { useApp } from '../app-context';
import { Problem } from '../common/problem';
import { Field } from '../settings/fields';
import { remoteWords } from '../texts/remote-words';

const patienceMs = 5_000;

interface Found {
  readonly name: string;
  readonly address: string;
  readonly models: readonly string[];
}

type Stage =
  | { readonly kind: 'start' | 'looking' | 'none-found' | 'asking' }
  | { readonly kind: 'found'; readonly found: readonly Found[] }
  | { readonly kind: 'failed'; readonly error: AppError };

export function EndpointForm({
  remote,
  onDone,
}: {
  readonly remote: Remote;
  readonly onDone: () => void;
}): ReactNode {
  const { texts } = useApp();
  const words = remoteWords(texts.language);
  const [stage, setStage] = useState<Stage>({ kind: 'start' });
  const [address, setAddress] = useState(remote.getState().endpoint?.address ?? '');
  const [key, setKey] = useState('');
  const [keeps, setKeeps] = useState(remote.getState().keepsKey);
  const isBusy = stage.kind === 'looking' || stage.kind === 'asking';

  const look = async (): Promise<void> => {
    setStage({ kind: 'looking' });
    const asked = presets.map(async ({ name, address: at }): Promise<Found | undefined> => {
      const { models } = await remote.modelsAt(at, undefined, AbortSignal.timeout(patienceMs));
      return models.length > 0 ? { name, address: at, models } : undefined;
    });
    const found = (await Promise.all(asked.map((one) => one.catch(() => undefined)))).filter(
      (one) => one !== undefined,
    );
    setStage(found.length > 0 ? { kind: 'found', found } : { kind: 'none-found' });
  };
  const connect = async (): Promise<void> => {
    setStage({ kind: 'asking' });
    try {
      const { address: at, models } = await remote.modelsAt(
        address,
        key || undefined,
        AbortSignal.timeout(20_000),
      );
      setStage({ kind: 'found', found: [{ name: at, address: at, models }] });
    } catch (thrown) {
      setStage({ kind: 'failed', error: toAppError(thrown) });
    }
  };
  return (
    <>
      <div className="links">
        <button type="button" className="button" disabled={isBusy} onClick={() => void look()}>
          {words.look}
        </button>
      </div>
      <p className="note">{words.lookNote}</p>
      <form
        className="column-form"
        onSubmit={(event) => {
          event.preventDefault();
          void connect();
        }}
      >
        <Field label={words.address} help={isMixed(address) ? words.mixed : words.addressNote}>
          {(props) => (
            <input
              {...props}
              type="text"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              required
              value={address}
              onChange={({ target }) => setAddress(target.value)}
            />
          )}
        </Field>
        <Field label={words.key} help={words.keyNote}>
          {(props) => (
            <input
              {...props}
              type="password"
              autoComplete="off"
              value={key}
              onChange={({ target }) => setKey(target.value)}
            />
          )}
        </Field>
        <label className="check">
          <input type="checkbox" checked={keeps} onChange={({ target }) => setKeeps(target.checked)} />
          {words.keepKey}
        </label>
        <p className="note">{words.keepKeyNote}</p>
        <div className="links">
          <button type="submit" className="button" disabled={isBusy || address.trim() === ''}>
            {words.connect}
          </button>
          {remote.getState().endpoint && (
            <button type="button" className="button" onClick={onDone}>
              {texts.cancel}
            </button>
          )}
        </div>
      </form>
      <div role="status">
        {stage.kind === 'looking' && <p>{words.looking}</p>}
        {stage.kind === 'asking' && <p>{words.connecting}</p>}
        {stage.kind === 'none-found' && <HowToAllow />}
        {stage.kind === 'failed' && (
          <>
            <Problem code={stage.error.code} message={stage.error.message} open />
            {stage.error.code === 'remote/unreachable' && <HowToAllow />}
          </>
        )}
      </div>
      {stage.kind === 'found' && (
        <ChooseModel
          found={stage.found}
          onUse={(at, model) =>
            void remote
              .use({ address: at, model }, key || undefined, keeps)
              .then(onDone, (thrown: unknown) => setStage({ kind: 'failed', error: toAppError(thrown) }))
          }
        />
      )}
    </>
  );
}

function isMixed(typed: string): boolean {
  try {
    return isBlockedAsMixed(endpointAddress(typed), location.protocol);
  } catch {
    return false;
  }
}

/** What stops most people, told exactly. */
function HowToAllow(): ReactNode {
  const { texts } = useApp();
  return (
    <>
      <p>{remoteWords(texts.language).foundNone}</p>
      <ul>
        {presets.map(
          ({ id, name, allow }) =>
            allow && (
              <li key={id}>
                {name}: <code>{allow(location.origin)}</code>
              </li>
            ),
        )}
      </ul>
    </>
  );
}

function ChooseModel({
  found,
  onUse,
}: {
  readonly found: readonly Found[];
  readonly onUse: (address: string, model: string) => void;
}): ReactNode {
  const { texts } = useApp();
  const words = remoteWords(texts.language);
  const [chosen, setChosen] = useState('0 0');
  const [place = 0, model = 0] = chosen.split(' ').map(Number);
  const typed = found[place];
  const [own, setOwn] = useState('');
  // A gateway may keep its list to itself.
  const id = typed?.models[model] ?? own.trim();
  return (
    <form
      className="column-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed && id !== '') onUse(typed.address, id);
      }}
    >
      <Field label={words.model}>
        {(props) =>
          found.some(({ models }) => models.length > 0) ? (
            <select {...props} value={chosen} onChange={({ target }) => setChosen(target.value)}>
              {found.map(({ name, models }, at) => (
                <optgroup key={name} label={words.found(name, models.length)}>
                  {models.map((one, i) => (
                    <option key={one} value={`${at} ${i}`}>
                      {one}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          ) : (
            <input
              {...props}
              type="text"
              required
              value={own}
              onChange={({ target }) => setOwn(target.value)}
            />
          )
        }
      </Field>
      <div className="links">
        <button type="submit" className="button button-primary" disabled={id === ''}>
          {words.use}
        </button>
      </div>
    </form>
  );
}
