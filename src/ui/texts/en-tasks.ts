// The words of tasks, in English.
import type { Audience, JobKind, SummaryLength, Tone, WriteForm, WriteLength } from '../../tasks/job';

export const enTasks = {
  tasks: {
    title: 'Tasks',
    lead: 'For what takes more than one question. Each runs on this device, can be stopped and resumed, and ends up as a chat.',
    names: {
      summarise: 'Summarise',
      extract: 'Extract',
      write: 'Write',
      story: 'Story',
      photo: 'Ask a photo',
    } satisfies Record<JobKind | 'photo', string>,
    leads: {
      summarise: 'A long document in a few paragraphs, part by part, so that you can check each.',
      extract: 'The facts you name, or a report’s key insights, as a table with the source of each value.',
      write: 'A product description, a post or an e‑mail from a few notes, in three versions.',
      story: 'A short story around a noun, a verb and an adjective. Roll the dice.',
      photo: 'A question about a picture, for models that see.',
    } satisfies Record<JobKind | 'photo', string>,
    back: 'All tasks',
    start: 'Start',
    startTiny: 'Try with Phield tiny anyway',
    stop: 'Stop',
    resume: 'Resume',
    remove: 'Delete',
    openChat: 'Open as chat',
    earlier: 'Earlier',
    running: 'Running',
    paused: 'Stopped; what was done is kept.',
    waiting: 'Waiting for the model…',
    tiny: 'Phield tiny writes short stories and answers questions about Phield. This task is beyond it; a model like Phi-3-mini can do it.',
    chooseModel: 'Choose a model',

    document: 'Document',
    noDocuments: 'Add a document first.',
    addDocument: 'Add a file',
    chooseDocument: 'Choose a document',

    lengthLabel: 'Length',
    lengths: { short: 'Short', medium: 'Medium', long: 'Long' } satisfies Record<
      SummaryLength | WriteLength,
      string
    >,
    audienceLabel: 'For',
    audiences: {
      everyone: 'Everyone',
      experts: 'Experts',
      children: 'Children',
    } satisfies Record<Audience, string>,
    parts: 'Parts',
    partOf: (done: string, total: string) => `part ${done} of ${total}`,
    part: (number: string) => `Part ${number}`,
    partOfParts: (number: string) => `Summary of summaries ${number}`,
    source: 'Open in the document',
    result: 'Result',

    fieldsLabel: 'What to look for',
    fieldsHint: 'One a line: supplier, price, delivery date. Leave it empty for key insights and trends.',
    field: 'Field',
    value: 'Value',
    from: 'From',
    passage: (number: string) => `passage ${number}`,
    notVerbatim: 'not word for word in the source',
    nothingFound: 'Nothing was found.',
    unusable: (count: number, text: string) =>
      count === 1
        ? 'For one part the model gave no usable answer.'
        : `For ${text} parts the model gave no usable answer.`,
    csv: 'Save as CSV',
    json: 'Save as JSON',
    insights: 'Key insights',

    formLabel: 'What',
    forms: {
      product: 'Product description',
      post: 'Social post',
      email: 'E-mail',
    } satisfies Record<WriteForm, string>,
    toneLabel: 'Tone',
    tones: { friendly: 'Friendly', formal: 'Formal', lively: 'Lively' } satisfies Record<Tone, string>,
    brief: 'Notes',
    briefHint: 'What it is about, for whom, and what must be in it.',
    variant: (number: string) => `Version ${number}`,
    refine: 'Take it and refine',
    copyVariant: 'Copy version',

    noun: 'Noun',
    verb: 'Verb',
    adjective: 'Adjective',
    roll: (what: string) => `Roll the dice: ${what}`,
    rollAll: 'Roll all three',
    tell: 'Tell the story',

    photoSees: (model: string) => `${model} sees pictures.`,
    photoBlind: (model: string) => `${model} reads text only. These models see pictures:`,
    photoNone: 'None of them runs on this device.',
    photoChoose: 'Choose a picture',
    photoCamera: 'Take a photo',
    photoFits: 'fits this device',
    photoTight: 'tight on this device',
    photoCannot: 'not on this device',

    questions: {
      summarise: (name: string) => `Summarise ${name}.`,
      extract: (name: string, fields: string) =>
        fields === '' ? `Key insights of ${name}` : `From ${name}: ${fields}`,
      write: (form: string, brief: string) => `${form}: ${brief}`,
      story: (words: string) => `A story with ${words}`,
    },
  },
};
