// A conversation that another page hands over.
export const enCarried = {
  title: 'Go on with this conversation here?',
  note: (count: number, formatted: string): string =>
    `A page has handed over ${count === 1 ? 'one message' : `${formatted} messages`}. They came with the link, so keep them only if you have just come from a chat of your own.`,
  keep: 'Keep and open',
  leave: 'Discard',
  bad: 'The conversation in this link cannot be read.',
};
