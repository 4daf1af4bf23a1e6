// What of the settings goes into a request.
import type { GenerateRequest } from '../../protocol/chat';
import type { Settings } from '../settings/settings';

export function sampling(settings: Settings): Omit<GenerateRequest, 'messages'> {
  const { temperature, top_p, repetition_penalty, max_tokens, seed } = settings;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { top_p }),
    ...(repetition_penalty === undefined ? {} : { repetition_penalty }),
    ...(max_tokens === undefined ? {} : { max_tokens }),
    ...(seed === undefined ? {} : { seed }),
  };
}
