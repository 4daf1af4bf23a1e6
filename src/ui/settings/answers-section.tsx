// How answers are drawn, in every chat that has no persona of its own.
import { numberSettings, systemLength } from '../../chat/settings/settings';
import { useApp, useStore } from '../app-context';
import { Choice, Field, NumberField } from './fields';
import { useNumberWords, useStandards } from './number-words';

export function AnswersSection() {
  const { texts, settings } = useApp();
  const now = useStore(settings, (state) => state.settings);
  const words = useNumberWords();
  const standards = useStandards();
  return (
    <>
      <p className="note">{texts.answersNote}</p>
      <div className="fields">
        {numberSettings.map((name) => (
          <NumberField
            key={name}
            name={name}
            {...words[name]}
            value={now[name]}
            standard={standards[name]}
            onChange={(value) => settings.update({ [name]: value })}
          />
        ))}
      </div>
      <button
        type="button"
        className="button"
        disabled={numberSettings.every((name) => now[name] === undefined)}
        onClick={() => settings.update(Object.fromEntries(numberSettings.map((name) => [name, undefined])))}
      >
        {texts.resetAnswers}
      </button>
      <Field label={texts.systemPrompt} help={texts.systemPromptHelp}>
        {(props) => (
          <textarea
            {...props}
            rows={4}
            dir="auto"
            maxLength={systemLength}
            value={now.system}
            onChange={(event) => settings.update({ system: event.target.value })}
          />
        )}
      </Field>
      <Choice<'on' | 'off'>
        label={texts.meter.trim}
        help={texts.meter.trimHelp}
        options={texts.meter.trimOptions}
        value={now.trim ? 'on' : 'off'}
        onChange={(choice) => settings.update({ trim: choice === 'on' })}
      />
    </>
  );
}
