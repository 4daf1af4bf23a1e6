// A persona that came with a link: shown whole, and taken only when the person says so.
import { newId } from '../../base/ids';
import { useEffect, useId, useRef, useState } from 'react';
import { readPersonaCode, type Persona } from '../../chat/settings/personas';
import { numberSettings } from '../../chat/settings/settings';
import { useApp } from '../app-context';
import type { Carried } from '../common/carried';
import { formatCount } from '../common/format';
import { chatHref } from '../common/route';
import { modelName } from '../models/model-view';
import { useNumberWords } from './number-words';

/** Nothing while no link has carried one. */
export function PersonaOffer({ code, drop }: Carried) {
  if (code === undefined) return null;
  const done = (): void => {
    if (drop()) location.hash = chatHref(null);
  };
  return <Offer persona={readPersonaCode(code, newId())} onDone={done} />;
}

function Offer({
  persona: found,
  onDone,
}: {
  readonly persona: Persona | undefined;
  readonly onDone: () => void;
}) {
  const { personas, texts } = useApp();
  const words = texts.personas;
  const numbers = useNumberWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // An id of its own is made once.
  const [persona] = useState(found);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={heading} onClose={onDone}>
      <div className="dialog-body">
        <h2 id={heading}>{persona ? words.offer(persona.name) : words.badLink}</h2>
        {persona && (
          <>
            <p>{words.offerNote}</p>
            <blockquote className="persona-text" dir="auto">
              {persona.system || words.noSystem}
            </blockquote>
            <ul>
              {persona.model !== undefined && <li>{`${words.model}: ${modelName(persona.model)}`}</li>}
              {numberSettings.map((name) => {
                const value = persona[name];
                return (
                  value !== undefined && (
                    <li key={name}>{`${numbers[name].label}: ${formatCount(value, texts.language)}`}</li>
                  )
                );
              })}
            </ul>
          </>
        )}
        <div className="links">
          {persona && (
            <button
              type="button"
              className="button button-primary"
              onClick={() => {
                personas.put(persona);
                onDone();
              }}
            >
              {words.accept}
            </button>
          )}
          <button type="button" className="button" onClick={onDone}>
            {persona ? words.decline : texts.close}
          </button>
        </div>
      </div>
    </dialog>
  );
}
