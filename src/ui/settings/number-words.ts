// What the numbers of an answer are called, and what the loaded model takes where none is set.
import type { NumberSetting } from '../../chat/settings/settings';
import { useApp, useStore } from '../app-context';

export function useNumberWords(): Readonly<
  Record<NumberSetting, { readonly label: string; readonly help: string }>
> {
  const { texts } = useApp();
  return {
    temperature: { label: texts.temperature, help: texts.temperatureHelp },
    top_p: { label: texts.topP, help: texts.topPHelp },
    repetition_penalty: { label: texts.repetitionPenalty, help: texts.repetitionPenaltyHelp },
    max_tokens: { label: texts.maxTokensLabel, help: texts.maxTokensHelp },
    seed: { label: texts.seed, help: texts.seedHelp },
  };
}

export function useStandards(): Partial<Record<NumberSetting, number>> {
  const { session } = useApp();
  return useStore(session, (state) => (state.kind === 'ready' ? state.info.defaults : none));
}

const none = {};
