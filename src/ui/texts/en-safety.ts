// The words of the safety check, in English. Fetched with what says them.
import type { Category } from '../../safety/categories';

export const enSafety = {
  heading: 'Safety',
  level: 'Check what is asked and answered',
  levels: {
    off: 'Off',
    standard: 'Standard: only the most serious things, and help where someone is in danger',
    strict: 'Strict: catches more, and shows answers one sentence at a time',
  },
  levelHelp:
    'A list of words and forms, on this device. It is easy to get around and sometimes wrong. It always says why, and the choice is yours.',
  held: (category: string, words: string) =>
    `*This was not answered: it looks like ${category} (“${words}”). A list of words decided that, and it can be wrong.*`,
  cut: (category: string, words: string) =>
    `*The rest of this answer was held back: it looks like ${category} (“${words}”).*`,
  judged: (category: string) =>
    `*This was not answered: the model itself, asked to judge it, takes it for ${category}. It can be wrong.*`,
  yourChoice: '*You can choose another level under Settings, Safety.*',
  blocked: (topic: string) => `I cannot talk about that here (${topic}).`,
  offTopic: (topics: readonly string[]) => `I can only help with: ${topics.join(', ')}.`,
  judge: {
    able: 'At Strict, the loaded model judges each request too, before it answers.',
    'too-small': 'The loaded model is too small to judge requests, so only the list of words is used.',
    'unknown-size': 'The loaded model does not say how large it is, so only the list of words is used.',
    'none-loaded': 'No model is loaded; a large one can judge requests too, at Strict.',
  },
  categories: {
    'self-harm': 'self-harm',
    violence: 'violence against someone',
    weapons: 'making weapons',
    drugs: 'dealing in drugs',
    fraud: 'fraud or theft',
    hacking: 'breaking into what is not yours',
    sexual: 'sexual content',
    hate: 'hate against a group',
    'personal-data': 'finding out about someone in secret',
  } satisfies Record<Category, string>,
  orders: {
    answer: (count: number) =>
      count === 1
        ? 'One of the passages behind this answer tries to tell the model what to do. Check the answer against the text.'
        : `${count} of the passages behind this answer try to tell the model what to do. Check the answer against the text.`,
    title: 'Instructions aimed at the model',
    note: (count: number) =>
      `${count === 1 ? 'A passage' : `${count} passages`} in this document ${count === 1 ? 'tries' : 'try'} to tell a language model what to do. The model gets ${count === 1 ? 'it' : 'them'} as quoted text. Be careful with answers about this document.`,
  },
  help: (line: string) =>
    `**If you are thinking of hurting yourself, please talk to someone now.** ${line} If you are in danger, call the emergency number. A language model cannot take the place of a person.`,
  lines: {
    BR: 'In Brazil: CVV, 188, day and night, free of charge.',
    PT: 'In Portugal: SNS 24, 808 24 24 24, option 4; SOS Voz Amiga, 213 544 545.',
    US: 'In the US and Canada: call or text 988.',
    CA: 'In the US and Canada: call or text 988.',
    GB: 'In the UK and Ireland: Samaritans, 116 123.',
    IE: 'In the UK and Ireland: Samaritans, 116 123.',
    AU: 'In Australia: Lifeline, 13 11 14.',
    other: 'A line where you live: https://findahelpline.com',
  },
};
export type SafetyWords = typeof enSafety;
