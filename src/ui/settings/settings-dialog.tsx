// Everything a person may set. Changes hold at once; a number that is not allowed is said so and not taken.
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import {
  ranges,
  systemLength,
  validNumber,
  type LanguageChoice,
  type NumberSetting,
  type Theme,
} from '../../chat/settings';
import { useApp, useStore } from '../app-context';
import { formatCount } from '../common/format';
import { Icon } from '../common/icons';
import { PrivacySection } from '../privacy/privacy-section';

export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { texts, settings } = useApp();
  const { settings: now } = useStore(settings, (state) => state);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Fields hold what is being typed; a reset makes them anew.
  const [generation, setGeneration] = useState(0);

  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);

  const reset = (): void => {
    settings.update({
      temperature: undefined,
      top_p: undefined,
      repetition_penalty: undefined,
      max_tokens: undefined,
      seed: undefined,
    });
    setGeneration(generation + 1);
  };

  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => {
        // Only the backdrop is the dialog element itself.
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={heading}>{texts.settings}</h2>
          <button type="button" className="icon-button" aria-label={texts.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>

        <section key={generation} aria-labelledby={`${heading}-answers`}>
          <h3 id={`${heading}-answers`}>{texts.answersHeading}</h3>
          <p className="note">{texts.answersNote}</p>
          <div className="fields">
            <NumberField name="temperature" label={texts.temperature} help={texts.temperatureHelp} />
            <NumberField name="top_p" label={texts.topP} help={texts.topPHelp} />
            <NumberField
              name="repetition_penalty"
              label={texts.repetitionPenalty}
              help={texts.repetitionPenaltyHelp}
            />
            <NumberField name="max_tokens" label={texts.maxTokensLabel} help={texts.maxTokensHelp} />
            <NumberField name="seed" label={texts.seed} help={texts.seedHelp} />
          </div>
          <button type="button" className="button" onClick={reset}>
            {texts.resetAnswers}
          </button>
          <Field label={texts.systemPrompt} help={texts.systemPromptHelp}>
            {(props) => (
              <textarea
                {...props}
                rows={4}
                maxLength={systemLength}
                value={now.system}
                onChange={(event) => settings.update({ system: event.target.value })}
              />
            )}
          </Field>
        </section>

        <section aria-label={texts.meter.label}>
          <Choice<'on' | 'off'>
            label={texts.meter.trim}
            help={texts.meter.trimHelp}
            options={texts.meter.trimOptions}
            value={now.trim ? 'on' : 'off'}
            onChange={(choice) => settings.update({ trim: choice === 'on' })}
          />
        </section>

        <section aria-labelledby={`${heading}-page`}>
          <h3 id={`${heading}-page`}>{texts.pageHeading}</h3>
          <div className="fields">
            <Choice<Theme>
              label={texts.theme}
              options={texts.themes}
              value={now.theme}
              onChange={(theme) => settings.update({ theme })}
            />
            <Choice<LanguageChoice>
              label={texts.languageLabel}
              options={texts.languages}
              value={now.language}
              onChange={(language) => settings.update({ language })}
            />
          </div>
        </section>

        <PrivacySection id={`${heading}-privacy`} />
      </div>
    </dialog>
  );
}

interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby'?: string;
}

interface FieldProps {
  readonly label: string;
  readonly help?: string;
  readonly problem?: string | undefined;
  readonly children: (props: ControlProps) => ReactNode;
}

function Field({ label, help, problem, children }: FieldProps) {
  const id = useId();
  const note = problem ?? help;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, ...(note ? { 'aria-describedby': `${id}-note` } : {}) })}
      {note && (
        <p id={`${id}-note`} className={problem ? 'field-problem' : 'note'} aria-live="polite">
          {note}
        </p>
      )}
    </div>
  );
}

interface NumberFieldProps {
  readonly name: NumberSetting;
  readonly label: string;
  readonly help: string;
}

function NumberField({ name, label, help }: NumberFieldProps) {
  const { settings, session, texts } = useApp();
  const { language } = texts;
  const saved = useStore(settings, (state) => state.settings[name]);
  const own = useStore(session, (state) =>
    state.kind === 'ready' && name !== 'max_tokens' && name !== 'seed'
      ? state.info.defaults[name]
      : undefined,
  );
  const [text, setText] = useState(saved === undefined ? '' : String(saved));
  const range = ranges[name];
  const parsed = text.trim() === '' ? undefined : validNumber(name, Number(text.replace(',', '.')));
  const wrong = text.trim() !== '' && parsed === undefined;
  const limits = [formatCount(range.min, language), formatCount(range.max, language)] as const;
  const isWhole = Number.isInteger(range.step);
  const unset = name === 'seed' ? texts.seedDefault : texts.modelDefaultUnknown;
  const placeholder = own === undefined ? unset : texts.modelDefault(formatCount(own, language));

  return (
    <Field
      label={label}
      help={help}
      problem={wrong ? (isWhole ? texts.wholeNumber(...limits) : texts.outOfRange(...limits)) : undefined}
    >
      {(props) => (
        <input
          {...props}
          type="text"
          inputMode={isWhole ? 'numeric' : 'decimal'}
          autoComplete="off"
          aria-invalid={wrong}
          placeholder={placeholder}
          value={text}
          onChange={(event) => {
            const next = event.target.value;
            setText(next);
            const value = next.trim() === '' ? undefined : validNumber(name, Number(next.replace(',', '.')));
            if (next.trim() === '' || value !== undefined) settings.update({ [name]: value });
          }}
        />
      )}
    </Field>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly help?: string;
  readonly options: Readonly<Record<T, string>>;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, help, options, value, onChange }: ChoiceProps<T>) {
  return (
    <Field label={label} {...(help && { help })}>
      {(props) => (
        <select {...props} value={value} onChange={(event) => onChange(event.target.value as T)}>
          {(Object.entries(options) as [T, string][]).map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
