// Ask a photo: leads to the chat where the loaded model sees, and says which models do where it does not.
import { useEffect, useId, useState } from 'react';
import type { ModelCard } from '../../protocol/models';
import { useApp, useStore } from '../app-context';
import { chatHref, pageHref } from '../common/route';
import { filesForComposer } from '../documents/attachments';
import { ModelBar } from '../models/load/load-view';
import { storedName } from '../models/model-view';
import { isPair } from '../models/own/pairs';
import { photoWords } from '../texts/photo-words';
import { TaskHead } from './task-parts';

export function PhotoPage() {
  const { session, texts } = useApp();
  const sees = useStore(
    session,
    (state) => state.kind === 'ready' && state.info.abilities?.includes('images') === true,
  );
  const onProcessor = useStore(session, (state) => state.kind === 'ready' && state.info.engine === 'wllama');
  const model = useStore(session, (state) => state.model);
  const onItsWay = useStore(session, ({ kind, model: its }) => kind !== 'ready' && isPair(its));
  return (
    <>
      <TaskHead name="photo" />
      {sees ? (
        <Choose name={storedName(model)} slow={onProcessor} />
      ) : (
        <>
          <OnProcessor />
          {onItsWay ? <ModelBar /> : <Seeing name={storedName(model)} />}
        </>
      )}
      <p>
        <a className="button button-link" href={pageHref('models')}>
          {texts.tasks.chooseModel}
        </a>
      </p>
    </>
  );
}

function Choose({ name, slow }: { readonly name: string; readonly slow: boolean }) {
  const { chat, texts } = useApp();
  const take = (files: FileList | null): void => {
    if (!files || files.length === 0) return;
    chat.newChat();
    location.hash = chatHref(null);
    filesForComposer.hand([...files]);
  };
  return (
    <>
      <p>{texts.tasks.photoSees(name)}</p>
      {slow && <p>{photoWords(texts.language).slow}</p>}
      <p className="links">
        <Picker label={texts.tasks.photoChoose} onFiles={take} />
        <Picker label={texts.tasks.photoCamera} camera onFiles={take} />
      </p>
    </>
  );
}

/** Models of the person's own that see where llama.cpp runs them, whatever engine is wished for otherwise. */
function OnProcessor() {
  const { chat, library, session, settings, texts } = useApp();
  const words = photoWords(texts.language);
  const pairs = useStore(library, (state) => state.models)?.filter(({ base }) => isPair(base)) ?? [];
  const loading = useStore(session, (state) => (state.kind === 'loading' ? state.model : undefined));
  const onGraphics = useStore(session, (state) => (state.kind === 'ready' ? state.model : undefined));
  useEffect(() => {
    void library.refresh();
  }, [library]);
  const load = (base: string): void => {
    settings.update({ model: base });
    chat.stop();
    void session.load(base, { engine: 'wllama', agreed: true });
  };
  if (pairs.length === 0)
    return (
      <p>
        {words.own} <a href={pageHref('storage')}>{words.toImport}</a>
      </p>
    );
  const now = pairs.find(({ base }) => base === onGraphics);
  return (
    <>
      <p>{now ? words.onGraphics(storedName(now.base)) : words.onThisDevice}</p>
      <p className="links">
        {pairs.map(({ base }) => (
          <button
            key={base}
            type="button"
            className="button button-primary"
            disabled={loading === base}
            onClick={() => load(base)}
          >
            {words.ask(storedName(base))}
          </button>
        ))}
      </p>
      <p>{words.slow}</p>
    </>
  );
}

interface PickerProps {
  readonly label: string;
  readonly camera?: boolean;
  readonly onFiles: (files: FileList | null) => void;
}

function Picker({ label, camera = false, onFiles }: PickerProps) {
  const id = useId();
  return (
    <label className="button button-link file-button" htmlFor={id}>
      {label}
      <input
        id={id}
        type="file"
        accept="image/*"
        className="hidden"
        {...(camera ? { capture: 'environment' as const } : {})}
        onChange={(event) => onFiles(event.target.files)}
      />
    </label>
  );
}

function Seeing({ name }: { readonly name: string }) {
  const { session, texts } = useApp();
  const [cards, setCards] = useState<readonly ModelCard[] | undefined>(undefined);
  useEffect(() => {
    let current = true;
    session.list(texts.language).then(
      (list) => current && setCards(list.cards.filter(({ seesImages }) => seesImages)),
      () => current && setCards([]),
    );
    return () => {
      current = false;
    };
  }, [session, texts.language]);
  if (!cards) return null;
  const words = texts.tasks;
  const fits = { fits: words.photoFits, tight: words.photoTight, cannot: words.photoCannot } as const;
  return (
    <div className="remark task-note">
      <p>{words.photoBlind(name)}</p>
      <ul className="seeing-models">
        {cards.map((card) => (
          <li key={card.id}>
            <strong>{card.name}</strong>: {fits[card.fit.verdict]}
          </li>
        ))}
      </ul>
      {cards.every(({ fit }) => fit.verdict === 'cannot') && <p>{words.photoNone}</p>}
    </div>
  );
}
