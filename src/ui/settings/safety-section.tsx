// How much is checked of what is asked and answered on this device.
import type { SafetyLevel } from '../../safety/check';
import { useApp, useStore } from '../app-context';
import { safetyWords } from '../texts/safety-words';
import { Choice } from './fields';

export function SafetySection() {
  const { settings, texts } = useApp();
  const safety = useStore(settings, (state) => state.settings.safety ?? 'standard');
  const words = safetyWords(texts.language);
  return (
    <Choice<SafetyLevel>
      label={words.level}
      help={words.levelHelp}
      options={words.levels}
      value={safety}
      onChange={(next) => settings.update({ safety: next })}
    />
  );
}
