// How the page looks and what it speaks.
import type { LanguageChoice, Theme } from '../../chat/settings/settings';
import { useApp, useStore } from '../app-context';
import { Choice } from './fields';

export function LookSection() {
  const { texts, settings } = useApp();
  const { theme, language } = useStore(settings, (state) => state.settings);
  return (
    <div className="fields">
      <Choice<Theme>
        label={texts.theme}
        options={texts.themes}
        value={theme}
        onChange={(choice) => settings.update({ theme: choice })}
      />
      <Choice<LanguageChoice>
        label={texts.languageLabel}
        options={texts.languages}
        value={language}
        onChange={(choice) => settings.update({ language: choice })}
      />
    </div>
  );
}
