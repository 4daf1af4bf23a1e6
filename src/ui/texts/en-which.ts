// The words of "Which for what" on the Models page, in English. Each figure is one that a command of this repository prints:
// docs/models.md names them.
import type { Task } from '../models/which-for-what';

export const enWhich = {
  title: 'Which for what',
  note: 'The smallest model that fits this device and is large enough for the task. Quality is what this project’s own tests found; speed is the median of your answers in the chats open here.',
  columns: ['Task', 'Take', 'Quality', 'Speed here', 'Memory', 'Download'],
  tasks: {
    stories: 'Little stories',
    documents: 'Questions about documents',
    support: 'Answers from a site’s own pages',
    extract: 'Facts out of texts, as a table',
    write: 'Writing, summaries, code',
    images: 'Questions about a picture',
    knowledge: 'Recent events, deep or rare knowledge, long reasoning',
  } satisfies Record<Task, string>,
  tiny: {
    stories: '199 of 200 stories use all three words asked for; 199 of 200 have no contradiction',
    support: 'It quotes: 39 of 40 right passages, 19 of 20 times it says that it does not know',
  } as Partial<Record<Task, string>>,
  larger: {
    documents:
      'The right passage is among the first three in 60 of 60 questions; what the model makes of it is not measured here',
    extract: 'The form is always right, by a mask in the sampler; the facts are not measured here',
  } as Partial<Record<Task, string>>,
  notMeasured: 'not measured',
  perSecond: (rate: string) => `${rate} tokens/s`,
  included: 'comes with the app',
  elsewhere: 'None that runs here. A larger model elsewhere is the honest answer, if you want one.',
  noneFits:
    'No model for this fits this device. A larger model elsewhere is the honest answer, if you want one.',
  setUp: 'A larger model elsewhere…',
};
export type WhichWords = typeof enWhich;
