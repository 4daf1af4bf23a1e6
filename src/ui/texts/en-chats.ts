// The words of the first screen, the list of chats, search, personas and settings, in English: part of the complete
// set in en.ts.

export const enChats = {
  start: {
    title: 'An assistant that lives on your device',
    lead: 'Phield answers right here in this tab. Nothing you type leaves it, and it works offline too.',
    tilesLabel: 'What you can do',
    tiles: {
      ask: { title: 'Ask', note: 'A question, an idea, a second opinion', begin: '' },
      summarise: {
        title: 'Summarise',
        note: 'Paste a text or drop a document',
        begin: 'Summarise the following text in three sentences:\n\n',
      },
      extract: {
        title: 'Extract',
        note: 'Names, dates and figures out of a text',
        begin: 'List every name, date and figure in the following text:\n\n',
      },
      write: {
        title: 'Write',
        note: 'An e‑mail, a post, a description',
        begin: 'Write a short, friendly e-mail that ',
      },
      story: {
        title: 'Story',
        note: 'Give it three words to weave in',
        begin: 'Tell me a story with the words dog, jump and happy.',
      },
      photo: { title: 'Photo', note: 'Ask about a picture', begin: '' },
    },
    needsLarger: 'Needs a larger model',
    needsImages: 'Needs a model that sees',
  },
  sidebar: {
    collapse: 'Hide sidebar',
    expand: 'Show sidebar',
    thisDevice: 'This device',
    pages: 'Pages of this device',
    pinned: 'Pinned',
    today: 'Today',
    yesterday: 'Yesterday',
    lastWeek: 'Previous 7 days',
    lastMonth: 'Previous 30 days',
    folder: (name: string) => `Folder: ${name}`,
    pin: 'Pin',
    makePrivate: 'Make private',
    endPrivate: 'No longer private',
    unpin: 'Unpin',
    moveToFolder: 'Move to folder',
    noFolder: 'No folder',
    newFolder: 'New folder',
    folderName: 'Name of the folder',
    move: 'Move',
    search: 'Search',
  },
  switcher: {
    label: 'Model',
    open: (name: string) => `Model: ${name}. Change`,
    here: 'On this device',
    fits: 'Fits this device',
    all: 'All models',
    details: 'Details',
    get: (bytes: string) => `Get · ${bytes}`,
    onlySmall: 'No larger model fits this device.',
  },
  /** What each model of the catalogue is good for, by its id. One that is missing here has its own words. */
  modelPurposes: {
    'phield-tiny': 'Little stories and questions about Phield, in English and Portuguese. Starts at once.',
    'phi-3-mini': 'A careful all-rounder for English: questions, drafts, summaries, light code.',
    'phi-3.5-mini': 'An all-rounder in many languages, Portuguese among them.',
    'phi-4-mini': 'The best of the small ones at reasoning and maths, in many languages.',
    'phi-3.5-vision': 'Looks at pictures: describes them and reads text, tables and charts in them.',
    'phi-2': 'Completes text and code. Not trained to chat.',
    'phi-1.5': 'Completes short texts and Python. Not trained to chat.',
    'phi-3-medium': 'Knows and reasons more than mini; for a graphics card with 12 GB or more.',
    'phi-3-small': 'Between mini and medium; it cannot run in this app yet.',
  } as Readonly<Record<string, string>>,
  palette: {
    label: 'Search chats, pages and commands',
    placeholder: 'Search everything…',
    results: 'Results',
    recent: 'Recent chats',
    commands: 'Go to',
    changeModel: 'Change the model',
    changeTheme: 'Switch between light and dark',
    found: (count: number) =>
      count === 0 ? 'Nothing was said about that yet.' : count === 1 ? '1 chat' : `${count} chats`,
    reading: (count: number) => `Still reading ${count} more…`,
  },
  personas: {
    title: 'Personas',
    note: 'A persona tells the model who to be. Pick one for a chat, or make one the default.',
    none: 'No persona',
    defaultLabel: 'Default for all chats',
    add: 'New persona',
    edit: (name: string) => `Edit ${name}`,
    copyLink: (name: string) => `Copy a link to ${name}`,
    name: 'Name',
    system: 'Instructions',
    systemHelp: 'What the model is told before each conversation.',
    noSystem: 'No instructions.',
    model: 'Made for',
    anyModel: 'Any model',
    sampling: 'How its answers are drawn',
    save: 'Save',
    remove: 'Delete persona',
    choose: (name: string) => `Persona: ${name}. Change`,
    useModel: (name: string) => `Load ${name}, which it was made for`,
    manage: 'Edit personas…',
    offer: (name: string) => `Add the persona “${name}”?`,
    offerNote: 'It came with the link you opened. This is everything in it:',
    accept: 'Add it',
    decline: 'No, thanks',
    badLink: 'The persona in this link cannot be read',
  },
  data: {
    title: 'Your data',
    note: 'A backup holds all chats, personas, prompts, settings and the text of your documents, but no models. It is not encrypted: keep the file safe.',
    backUp: 'Download a backup',
    markdown: 'Export all chats as Markdown',
    import: 'Import chats',
    importNote:
      'Takes a backup or a chat from here, or the conversations.json of a ChatGPT export. Nothing you have is overwritten.',
    working: 'One moment…',
    taken: (count: number, text: string) =>
      count === 1 ? '1 chat is here now.' : `${text} chats are here now.`,
    takenPersonas: (count: number) => (count === 1 ? 'So is 1 persona.' : `So are ${count} personas.`),
    takenDocuments: (count: number, text: string) =>
      count === 1 ? '1 document came with it.' : `${text} documents came with it.`,
    takenPrompts: (count: number, text: string) =>
      count === 1 ? '1 saved prompt came with it.' : `${text} saved prompts came with it.`,
    reset: 'Reset all settings',
    resetNote:
      'Look, language, how answers are drawn, the system prompt, engine and context go back to how they came. Chats, personas, documents and models stay.',
    leftOut: (count: number) =>
      count === 1
        ? '1 chat could not be read and was left out.'
        : `${count} chats could not be read and were left out.`,
  },
  /** Asked of the model. */
  titleRequest: 'Give this conversation a title of two to six words. Answer with the title alone.',
};
