// How much is checked of what is asked and answered on this device.
import type { SafetyLevel } from '../../safety/check';
import { useApp, useStore } from '../app-context';
import { judgeAbility } from '../../safety/judge';
import { safetyWords } from '../texts/safety-words';
import { Choice } from './fields';

export function SafetySection() {
  const { session, settings, texts } = useApp();
  const parameters = useStore(session, (state) =>
    state.kind === 'ready' ? state.info.parameters : undefined,
  );
  const safety = useStore(settings, (state) => state.settings.safety ?? 'standard');
  const words = safetyWords(texts.language);
  const ability = judgeAbility(parameters);
  return (
    <>
      <Choice<SafetyLevel>
        label={words.level}
        help={words.levelHelp}
        options={words.levels}
        value={safety}
        onChange={(next) => settings.update({ safety: next })}
      />
      <p className="note">{words.judge[ability.able ? 'able' : ability.why]}</p>
    </>
  );
}
