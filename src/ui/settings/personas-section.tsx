// Personas: made, changed, shared, one of them the default.
import { newId } from '../../base/ids';
import { useState } from 'react';
import { mostPersonas, personaCode, personaNameLength, type Persona } from '../../chat/settings/personas';
import { numberSettings, systemLength } from '../../chat/settings/settings';
import { useApp, useStore } from '../app-context';
import { CopyButton } from '../common/copy-button';
import { Icon } from '../common/icons';
import { modelName } from '../models/model-view';
import { Field, NumberField } from './fields';
import { useNumberWords, useStandards } from './number-words';

export function PersonasSection() {
  const { personas, texts } = useApp();
  const { personas: all, defaultId } = useStore(personas, (state) => state);
  const [edited, setEdited] = useState<string | undefined>(undefined);
  const words = texts.personas;
  return (
    <>
      <p className="note">{words.note}</p>
      {all.length > 0 && (
        <Field label={words.defaultLabel}>
          {(props) => (
            <select
              {...props}
              value={defaultId ?? ''}
              onChange={({ target }) => personas.setDefault(target.value || undefined)}
            >
              <option value="">{words.none}</option>
              {all.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <ul className="persona-list">
        {all.map((persona) => (
          <li key={persona.id}>
            {edited === persona.id ? (
              <PersonaForm persona={persona} onDone={() => setEdited(undefined)} />
            ) : (
              <div className="persona-row">
                <span className="persona-name" dir="auto">
                  {persona.name}
                </span>
                <CopyButton label={words.copyLink(persona.name)} text={() => linkTo(persona)} />
                <button
                  type="button"
                  className="icon-button"
                  aria-label={words.edit(persona.name)}
                  title={words.edit(persona.name)}
                  onClick={() => setEdited(persona.id)}
                >
                  <Icon name="edit" />
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {edited === 'new' ? (
        <PersonaForm persona={{ id: newId(), name: '', system: '' }} onDone={() => setEdited(undefined)} />
      ) : (
        <button
          type="button"
          className="button"
          disabled={all.length >= mostPersonas}
          onClick={() => setEdited('new')}
        >
          {words.add}
        </button>
      )}
    </>
  );
}

/** Behind #, which is sent to no server. */
function linkTo(persona: Persona): string {
  const address = new URL(location.href);
  address.search = '';
  address.hash = `#/persona/${personaCode(persona)}`;
  return address.href;
}

function PersonaForm({ persona, onDone }: { readonly persona: Persona; readonly onDone: () => void }) {
  const { personas, session, texts } = useApp();
  const words = texts.personas;
  const numbers = useNumberWords();
  const standards = useStandards();
  const [draft, setDraft] = useState(persona);
  const model = useStore(session, (state) => state.model);
  const isNew = personas.get(persona.id) === undefined;
  return (
    <form
      className="persona-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.name.trim() === '') return;
        personas.put({ ...draft, name: draft.name.trim() });
        onDone();
      }}
    >
      <Field label={words.name}>
        {(props) => (
          <input
            {...props}
            autoFocus
            required
            dir="auto"
            maxLength={personaNameLength}
            value={draft.name}
            onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          />
        )}
      </Field>
      <Field label={words.system} help={words.systemHelp}>
        {(props) => (
          <textarea
            {...props}
            rows={4}
            dir="auto"
            maxLength={systemLength}
            value={draft.system}
            onChange={(event) => setDraft({ ...draft, system: event.target.value })}
          />
        )}
      </Field>
      <Field label={words.model}>
        {(props) => (
          <select
            {...props}
            value={draft.model ?? ''}
            onChange={({ target }) => setDraft({ ...draft, model: target.value || undefined })}
          >
            <option value="">{words.anyModel}</option>
            {[...new Set([model, ...(draft.model === undefined ? [] : [draft.model])])].map((id) => (
              <option key={id} value={id}>
                {modelName(id)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <details>
        <summary>{words.sampling}</summary>
        <div className="fields">
          {numberSettings.map((name) => (
            <NumberField
              key={name}
              name={name}
              {...numbers[name]}
              value={draft[name]}
              standard={standards[name]}
              onChange={(value) => setDraft((before) => ({ ...before, [name]: value }))}
            />
          ))}
        </div>
      </details>
      <div className="links">
        <button type="submit" className="button button-primary" disabled={draft.name.trim() === ''}>
          {words.save}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {texts.cancel}
        </button>
        {!isNew && (
          <button
            type="button"
            className="button button-danger"
            onClick={() => {
              personas.remove(persona.id);
              onDone();
            }}
          >
            {words.remove}
          </button>
        )}
      </div>
    </form>
  );
}
