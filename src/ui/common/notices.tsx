// Quiet bars at the top of the page: what a link has set, what could not be saved or read, a waiting update.
import { useEffect, useState, type ReactNode } from 'react';
import { useApp, useStore } from '../app-context';
import { Icon } from './icons';
import type { Texts } from '../texts/en';

export function Notices() {
  const { settings, saving, unreadableChats, rejectedParameters, texts } = useApp();
  const fromAddress = useStore(settings, (state) => state.fromAddress);
  const saveError = useStore(saving, (state) => state);
  return (
    <div className="notices">
      <UpdateNotice />
      <PersistenceOffer />
      <CrashDamage />
      {saveError && (
        <p className="notice notice-warning" role="status">
          <span>
            {texts.saveFailed} {texts.errors[saveError.code].help}
          </span>
        </p>
      )}
      {unreadableChats > 0 && <Notice>{texts.unreadableChats(unreadableChats)}</Notice>}
      {rejectedParameters.length > 0 && (
        <Notice>{texts.rejectedParameters(rejectedParameters.join(', '))}</Notice>
      )}
      {fromAddress.length > 0 && (
        <Notice
          action={
            <button type="button" className="button" onClick={() => settings.dropAddress()}>
              {texts.useMine}
            </button>
          }
        >
          {texts.fromAddress(fromAddress.map((name) => settingName(name, texts)).join(', '))}
        </Notice>
      )}
    </div>
  );
}

function settingName(name: string, texts: Texts): string {
  const names: Readonly<Record<string, string>> = {
    temperature: texts.temperature,
    top_p: texts.topP,
    repetition_penalty: texts.repetitionPenalty,
    max_tokens: texts.maxTokensLabel,
    seed: texts.seed,
    system: texts.systemPrompt,
    theme: texts.theme,
    language: texts.languageLabel,
  };
  return (names[name] ?? name).toLocaleLowerCase(texts.language);
}

interface NoticeProps {
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

function Notice({ children, action }: NoticeProps) {
  const { texts } = useApp();
  const [shown, setShown] = useState(true);
  if (!shown) return null;
  return (
    <div className="notice" role="status">
      <span>{children}</span>
      {action}
      <button
        type="button"
        className="icon-button"
        aria-label={texts.dismiss}
        onClick={() => setShown(false)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

/** Stays until it is seen: what is loaded now may have been read from those files. */
function CrashDamage() {
  const { library, session, texts } = useApp();
  const damaged = useStore(library, (state) => state.crashDamage);
  if (damaged.length === 0) return null;
  const done = (): void => library.dismissCrashDamage();
  return (
    <div className="notice notice-warning" role="status">
      <span>{texts.storage.crashDamage(damaged.join(', '))}</span>
      <button
        type="button"
        className="button"
        onClick={() => {
          done();
          void session.load();
        }}
      >
        {texts.reloadModel}
      </button>
      <button type="button" className="icon-button" aria-label={texts.dismiss} onClick={done}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** From here on a model is worth keeping. */
const bigBytes = 50_000_000;

/** Once, after the first load of a model that took a download. */
function PersistenceOffer() {
  const { session, library, settings, texts } = useApp();
  const loaded = useStore(session, (state) => state.kind === 'ready' && state.info.weightBytes >= bigBytes);
  const offered = useStore(settings, (state) => state.settings.persistenceOffered === true);
  const persistent = useStore(library, (state) => state.usage?.persistent);
  const [asked, setAsked] = useState(false);
  const due = loaded && !offered;
  useEffect(() => {
    if (due) void library.refresh();
  }, [due, library]);
  // What the browser has answered.
  if (asked && persistent !== undefined)
    return <Notice>{persistent ? texts.storage.persistent : texts.storage.notPersistent}</Notice>;
  if (!due || persistent !== false) return null;
  const done = (): void => settings.update({ persistenceOffered: true });
  return (
    <div className="notice" role="status">
      <span>{texts.storage.offerPersistence}</span>
      <button
        type="button"
        className="button"
        onClick={() => {
          done();
          void library.askPersistence().then(() => setAsked(true));
        }}
      >
        {texts.storage.askPersistence}
      </button>
      <button type="button" className="icon-button" aria-label={texts.dismiss} onClick={done}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** Never reloads under an answer, a task, a download or an import: asked for during one, it happens when that is done. */
function UpdateNotice() {
  const { chat, desk, library, session, update, texts } = useApp();
  const waiting = useStore(update, (state) => state);
  const answers = useStore(chat, (state) => state.run.state === 'running');
  const works = useStore(desk, (state) => state.live !== undefined);
  const imports = useStore(library, (state) => state.task !== undefined);
  const fetches = useStore(session, (state) => state.kind === 'loading' && !!state.progress?.fetchedBytes);
  const busy = answers || works || imports || fetches;
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (asked && !busy) update.apply();
  }, [asked, busy, update]);
  if (!waiting) return null;
  return (
    <div className="notice" role="status">
      <span>{asked && busy ? texts.reloadWhenDone : texts.updateReady}</span>
      <button type="button" className="button" disabled={asked} onClick={() => setAsked(true)}>
        {texts.reload}
      </button>
    </div>
  );
}
