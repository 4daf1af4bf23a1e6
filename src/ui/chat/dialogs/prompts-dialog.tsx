// Saved prompts: seen, made, changed, deleted; and the blanks of one filled in before it goes into the composer.
import { newId } from '../../../base/ids';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import {
  blanksOf,
  fillBlanks,
  promptNameLength,
  promptTextLength,
  type SavedPrompt,
} from '../../../chat/settings/prompts';
import { useApp, useStore } from '../../app-context';
import { Icon } from '../../common/icons';
import { focusComposer } from '../focus';
import { chatDialog } from './dialog-state';
import { Dialog } from './dialogs';

export function PromptsDialog(): ReactNode {
  const { prompts, texts } = useApp();
  const saved = useStore(prompts, (state) => state);
  const [edited, setEdited] = useState<SavedPrompt | undefined>(undefined);
  const words = texts.prompts;
  if (edited) {
    return (
      <Dialog title={saved.some(({ id }) => id === edited.id) ? words.edit : words.add}>
        <PromptForm prompt={edited} onDone={() => setEdited(undefined)} />
      </Dialog>
    );
  }
  return (
    <Dialog title={words.manage}>
      <p className="note">{words.note}</p>
      {saved.length > 0 && (
        <ul className="prompt-list">
          {saved.map((prompt) => (
            <li key={prompt.id}>
              <span className="prompt-words" dir="auto">
                <strong>{prompt.name}</strong>
                <span>{prompt.text}</span>
              </span>
              <button
                type="button"
                className="icon-button"
                aria-label={words.editNamed(prompt.name)}
                title={words.edit}
                onClick={() => setEdited(prompt)}
              >
                <Icon name="edit" />
              </button>
              <button
                type="button"
                className="icon-button"
                aria-label={words.deleteNamed(prompt.name)}
                title={words.delete}
                onClick={() => prompts.delete(prompt.id)}
              >
                <Icon name="trash" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <button
        type="button"
        className="button button-primary"
        onClick={() => setEdited({ id: newId(), name: '', text: '' })}
      >
        {words.add}
      </button>
    </Dialog>
  );
}

interface FormProps {
  readonly prompt: SavedPrompt;
  readonly onDone: () => void;
}

function PromptForm({ prompt, onDone }: FormProps): ReactNode {
  const { prompts, texts } = useApp();
  const [name, setName] = useState(prompt.name);
  const [text, setText] = useState(prompt.text);
  const id = useId();
  const words = texts.prompts;
  const save = (event: FormEvent): void => {
    event.preventDefault();
    prompts.save({ id: prompt.id, name, text });
    onDone();
  };
  return (
    <form className="prompt-form" onSubmit={save}>
      <label htmlFor={`${id}-name`}>{words.name}</label>
      <input
        id={`${id}-name`}
        dir="auto"
        maxLength={promptNameLength}
        value={name}
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
      <label htmlFor={`${id}-text`}>{words.text}</label>
      <textarea
        id={`${id}-text`}
        dir="auto"
        rows={6}
        maxLength={promptTextLength}
        aria-describedby={`${id}-note`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p className="note" id={`${id}-note`}>
        {words.textNote}
      </p>
      <div className="edit-actions">
        <button type="button" className="button" onClick={onDone}>
          {texts.cancel}
        </button>
        <button type="submit" className="button button-primary" disabled={text.trim() === ''}>
          {words.save}
        </button>
      </div>
    </form>
  );
}

interface UseProps {
  readonly prompt: SavedPrompt;
  readonly write: (text: string) => void;
}

/** Asks for what belongs into the blanks; one without any goes into the composer as it is. */
export function UsePromptDialog({ prompt, write }: UseProps): ReactNode {
  const { texts } = useApp();
  const blanks = blanksOf(prompt.text);
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const id = useId();
  const use = (event: FormEvent): void => {
    event.preventDefault();
    chatDialog.close();
    write(fillBlanks(prompt.text, new Map([...values].filter(([, value]) => value.trim() !== ''))));
    focusComposer();
  };
  return (
    <Dialog title={prompt.name}>
      <form className="prompt-form" onSubmit={use}>
        {blanks.map((blank, index) => (
          <p key={blank}>
            <label htmlFor={`${id}-${index}`}>{blank}</label>
            <input
              id={`${id}-${index}`}
              dir="auto"
              autoFocus={index === 0}
              value={values.get(blank) ?? ''}
              onChange={(event) => setValues(new Map(values).set(blank, event.target.value))}
            />
          </p>
        ))}
        <p className="prompt-preview" dir="auto">
          {fillBlanks(prompt.text, values)}
        </p>
        <div className="edit-actions">
          <button type="button" className="button" onClick={() => chatDialog.close()}>
            {texts.cancel}
          </button>
          <button type="submit" className="button button-primary">
            {texts.prompts.use}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
