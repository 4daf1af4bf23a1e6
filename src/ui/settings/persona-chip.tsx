// Which persona answers in the chat on show, and the way to another. Absent while there is none at all.
import { useId, useRef, useState } from 'react';
import { withPersona } from '../../chat/chat-list';
import { noPersona } from '../../chat/settings/personas';
import { useApp, useStore } from '../app-context';
import { Icon } from '../common/icons';
import { Popover } from '../common/popover';
import { useChooseModel } from '../models/choose-model';
import { modelName } from '../models/model-view';
import { openSettings } from './settings-state';

export function PersonaChip() {
  const { chat, personas, session, texts } = useApp();
  const words = texts.personas;
  const { personas: all } = useStore(personas, (state) => state);
  const conversation = useStore(chat, ({ conversations, activeId }) =>
    activeId === null ? undefined : conversations.get(activeId),
  );
  const model = useStore(session, (state) => state.model);
  const choose = useChooseModel();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useId();
  if (all.length === 0) return null;
  const current = personas.get(personas.idFor(conversation));
  const take = (id: string): void => {
    if (conversation) chat.arrange(conversation.id, (one) => withPersona(one, id, Date.now()));
    else personas.setNext(id);
    setOpen(false);
  };
  const otherModel = current?.model !== undefined && current.model !== model ? current.model : undefined;
  return (
    <>
      <button
        ref={button}
        type="button"
        className="persona-chip"
        aria-label={words.choose(current?.name ?? words.none)}
        aria-expanded={open}
        aria-controls={open ? menu : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name="person" />
        <span dir="auto">{current?.name ?? words.none}</span>
        <Icon name="chevron" />
      </button>
      {open && (
        <Popover
          anchor={button}
          id={menu}
          label={words.title}
          className="menu"
          alignEnd
          onClose={() => setOpen(false)}
        >
          <button type="button" aria-current={!current} onClick={() => take(noPersona)}>
            {words.none}
          </button>
          {all.map(({ id, name }) => (
            <button key={id} type="button" aria-current={current?.id === id} onClick={() => take(id)}>
              {name}
            </button>
          ))}
          <hr />
          {otherModel !== undefined && (
            <button
              type="button"
              onClick={() => {
                setOpen(false);
                choose(otherModel);
              }}
            >
              {words.useModel(modelName(otherModel))}
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              setOpen(false);
              openSettings('personas');
            }}
          >
            {words.manage}
          </button>
        </Popover>
      )}
    </>
  );
}
