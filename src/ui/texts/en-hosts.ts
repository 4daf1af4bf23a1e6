// Pages of other sites that may use the model on this device, in English: the question, and the list in Settings > Privacy.
export const enHosts = {
  asks: (origin: string) => `${origin} asks to use the model on this device`,
  means:
    'The page could give the model texts of its own and read the answers to those, until you take this back. It sees neither your chats nor your files, here or in Phield.',
  allow: 'Allow',
  refuse: 'Do not allow',
  covered: '“Allow” works once this question is fully in sight, with nothing over it.',
  using: 'This page is using the model.',
  stop: 'Stop the page’s request',
  may: 'This page may use the model on this device.',
  takeBack: 'Take this back',
  list: 'These pages may use the model on this device:',
  none: 'No page of another site may use the model on this device.',
  since: (date: string) => `since ${date}`,
  takeBackFrom: (origin: string) => `Take it back from ${origin}`,
  apart:
    'Most browsers keep what a chat in another site’s page remembers with that site. What you allowed there is shown there, above the chat’s text box, and is taken back there.',
};

export type HostWords = typeof enHosts;
