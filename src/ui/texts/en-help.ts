// The words around the answers of the Help page, in English.
import type { HelpGroup } from '../help/groups';

export const enHelp = {
  lead: 'Questions people ask, and the answers that Phield tiny was taught. It says them in its own voice, here and in the chat.',
  find: 'Find a question',
  none: 'No question has these words. Ask in the chat.',
  ask: 'Ask in the chat',
  groups: {
    phield: 'Phield',
    privacy: 'Privacy, and without a network',
    chat: 'In the chat',
    models: 'Models',
    tiny: 'Phield tiny',
    device: 'Browser and device',
  } satisfies Record<HelpGroup, string>,
};
export type HelpWords = typeof enHelp;
