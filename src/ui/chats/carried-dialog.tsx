// Asks whether a conversation that came with a link is to be kept.
import { newId } from '../../base/ids';
import { useEffect, useId, useRef, useState } from 'react';
import { readCarryCode } from '../../chat/saved/carry';
import { pathTo } from '../../chat/conversation';
import { useApp } from '../app-context';
import { formatCount } from '../common/format';
import { enCarried } from '../texts/en-carried';
import { ptCarried } from '../texts/pt-carried';
import { wordsIn } from '../texts/texts';

export function CarriedDialog({ code, onDone }: { readonly code: string; readonly onDone: () => void }) {
  const { chat, texts } = useApp();
  // They come with the dialog.
  const words = wordsIn(texts.language, { en: enCarried, pt: ptCarried });
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Ids of its own are made once.
  const [conversation] = useState(() => readCarryCode(code, newId));
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  const messages = conversation ? pathTo(conversation) : [];
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={heading} onClose={onDone}>
      <div className="dialog-body">
        <h2 id={heading}>{conversation ? words.title : words.bad}</h2>
        {conversation && (
          <>
            <p>{words.note(messages.length, formatCount(messages.length, texts.language))}</p>
            <blockquote className="persona-text" dir="auto">
              {conversation.title}
            </blockquote>
          </>
        )}
        <div className="links">
          {conversation && (
            <button
              type="button"
              className="button button-primary"
              onClick={() => {
                chat.absorb([conversation], []);
                chat.select(conversation.id);
                onDone();
              }}
            >
              {words.keep}
            </button>
          )}
          <button type="button" className="button" onClick={onDone}>
            {conversation ? words.leave : texts.close}
          </button>
        </div>
      </div>
    </dialog>
  );
}
