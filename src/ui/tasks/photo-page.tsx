// Ask a photo: leads to the chat where the loaded model sees, and says which models do where it does not.
import { useEffect, useId, useState } from 'react';
import type { ModelCard } from '../../protocol/models';
import { useApp, useStore } from '../app-context';
import { chatHref, pageHref } from '../common/route';
import { filesForComposer } from '../documents/attachments';
import { modelName } from '../models/model-view';
import { TaskHead } from './task-parts';

export function PhotoPage() {
  const { session, texts } = useApp();
  const sees = useStore(
    session,
    (state) => state.kind === 'ready' && state.info.abilities?.includes('images') === true,
  );
  const model = useStore(session, (state) => state.model);
  return (
    <>
      <TaskHead name="photo" />
      {sees ? <Choose name={modelName(model)} /> : <Seeing name={modelName(model)} />}
      <p>
        <a className="button button-link" href={pageHref('models')}>
          {texts.tasks.chooseModel}
        </a>
      </p>
    </>
  );
}

function Choose({ name }: { readonly name: string }) {
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
      <p className="links">
        <Picker label={texts.tasks.photoChoose} onFiles={take} />
        <Picker label={texts.tasks.photoCamera} camera onFiles={take} />
      </p>
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
