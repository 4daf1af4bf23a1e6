// The controls of settings: each with its name, what it changes in one sentence, and its value in sight.
import { useId, useState, type ReactNode } from 'react';
import { ranges, validNumber, type NumberSetting } from '../../chat/settings/settings';
import { useApp } from '../app-context';
import { formatCount } from '../common/format';

export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby'?: string;
}

export interface FieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly problem?: string | undefined;
  /** A word or two beside the label on what holds now. */
  readonly state?: string | undefined;
  readonly children: (props: ControlProps) => ReactNode;
}

export function Field({ label, help, problem, state, children }: FieldProps) {
  const id = useId();
  const note = problem ?? help;
  return (
    <div className="field">
      <div className="field-head">
        <label htmlFor={id}>{label}</label>
        {state && <span className="note">{state}</span>}
      </div>
      {children({ id, ...(note ? { 'aria-describedby': `${id}-note` } : {}) })}
      {note && (
        <p id={`${id}-note`} className={problem ? 'field-problem' : 'note'} aria-live="polite">
          {note}
        </p>
      )}
    </div>
  );
}

export interface NumberFieldProps {
  readonly name: NumberSetting;
  readonly label: string;
  readonly help: string;
  readonly value: number | undefined;
  /** What holds while there is no value of one's own, where it is known. */
  readonly standard?: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

/** These have a range in which a hand may go; the others reach too far for one. */
const withSlider: readonly NumberSetting[] = ['temperature', 'top_p', 'repetition_penalty'];

export function NumberField({ name, label, help, value, standard, onChange }: NumberFieldProps) {
  const { texts } = useApp();
  const { language } = texts;
  const range = ranges[name];
  const [text, setText] = useState(value === undefined ? '' : String(value));
  const parse = (typed: string): number | undefined => validNumber(name, Number(typed.replace(',', '.')));
  // A slider or a reset has changed it.
  const [last, setLast] = useState(value);
  if (last !== value) {
    setLast(value);
    if (value === undefined ? text.trim() !== '' && parse(text) !== undefined : parse(text) !== value)
      setText(value === undefined ? '' : String(value));
  }
  const wrong = text.trim() !== '' && parse(text) === undefined;
  const limits = [formatCount(range.min, language), formatCount(range.max, language)] as const;
  const isWhole = Number.isInteger(range.step);
  const unset = name === 'seed' ? texts.seedDefault : texts.modelDefaultUnknown;
  const usual = standard === undefined ? unset : texts.modelDefault(formatCount(standard, language));
  const hasSlider = withSlider.includes(name);
  // Beside a slider there is room for the number alone.
  const placeholder = hasSlider ? (standard === undefined ? '–' : formatCount(standard, language)) : usual;
  return (
    <Field
      label={label}
      help={help}
      state={hasSlider && text.trim() === '' ? texts.modelDefaultUnknown : undefined}
      problem={wrong ? (isWhole ? texts.wholeNumber(...limits) : texts.outOfRange(...limits)) : undefined}
    >
      {(props) => (
        <div className="number-field">
          {hasSlider && (
            <input
              type="range"
              aria-label={label}
              min={range.min}
              max={range.max}
              step={range.step}
              value={value ?? standard ?? (name === 'top_p' ? 1 : name === 'temperature' ? 0.7 : 1)}
              aria-valuetext={value === undefined ? usual : formatCount(value, language)}
              onChange={(event) => onChange(validNumber(name, Number(event.target.value)))}
            />
          )}
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
              const parsed = next.trim() === '' ? undefined : parse(next);
              if (next.trim() !== '' && parsed === undefined) return;
              setLast(parsed);
              onChange(parsed);
            }}
          />
        </div>
      )}
    </Field>
  );
}

export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly help?: string;
  readonly options: Readonly<Record<T, string>>;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

export function Choice<T extends string>({ label, help, options, value, onChange }: ChoiceProps<T>) {
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
