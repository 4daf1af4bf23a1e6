// Every word that a person reads, in English: the complete set, and the shape other languages follow.
import type { ErrorCode } from '../../base/errors';
import type { LoadPhase } from '../../protocol/chat';
import { enChat } from './en-chat';
import { enChats } from './en-chats';
import { enDocumentErrors, enDocuments } from './en-documents';
import { enProcessor } from './en-processor';
import { enPages } from './en-pages';
import { enPlaces } from './en-places';
import { enPrivacy } from './en-privacy';
import { enRemoteErrors } from './en-remote-errors';
import { enTasks } from './en-tasks';

export interface ErrorText {
  readonly title: string;
  /** What to do about it. */
  readonly help: string;
}

export const en = {
  language: 'en',
  appName: 'Phield',
  skipToComposer: 'Skip to the message box',

  // chats
  chats: 'Chats',
  otherPages: 'Other pages',
  newChat: 'New chat',
  openChats: 'Open chat list',
  closeChats: 'Close chat list',
  deleteChat: 'Delete chat',
  chatOptions: 'Chat options',
  renameChat: 'Rename',
  chatName: 'Name of the chat',
  exportMarkdown: 'Export as Markdown',
  exportJson: 'Export as JSON',
  chatDeleted: (title: string) => `Deleted: ${title}`,
  undo: 'Undo',
  noChats: 'Your chats will be listed here. They are kept on this device only.',
  answeringHere: 'Answering',

  // conversation
  conversation: 'Conversation',
  you: 'You',
  message: 'Message',
  messagePlaceholder: 'Ask, or ask for a story…',
  noModelPlaceholder: 'There is no model to answer',
  send: 'Send',
  stop: 'Stop',
  removePicture: (index: number) => `Remove picture ${index}`,
  attachedPicture: (index: number) => `Picture ${index}`,
  tooManyPictures: (count: number) => `A message takes up to ${count} pictures.`,
  notAPicture: 'That file is no picture this browser can read.',
  regenerate: 'Regenerate',
  editMessage: 'Edit message',
  editedText: 'New wording',
  editSubmit: 'Ask again',
  cancel: 'Cancel',
  copyMessage: 'Copy message',
  copyCode: 'Copy code',
  copied: 'Copied',
  copyFailed: 'Could not copy: the browser refused.',
  versions: 'Versions',
  previousVersion: 'Previous version',
  nextVersion: 'Next version',
  versionOf: (index: number, count: number) => `${index} of ${count}`,
  toNewest: 'To the newest text',
  waitingForModel: 'Waiting for the model to load…',
  readingPrompt: 'Reading your message…',
  readingAgain: 'The conversation has become long: reading it again…',
  answering: 'Answering…',
  answerComplete: (text: string) => `Answer: ${text}`,
  stopped: 'Stopped.',
  stoppedBeforeText: 'Stopped before the first word.',
  emptyAnswer: 'The model ended its answer without a word. Try Regenerate, or other words.',
  maxTokens: (tokens: string) =>
    `Stopped at the limit of ${tokens} tokens. “Max tokens” in Settings raises it.`,
  maxTokensUnknown: 'Stopped at the token limit. “Max tokens” in Settings raises it.',
  contextFull: (tokens: string | undefined) =>
    `The conversation has filled the model’s context${tokens === undefined ? '' : ` of ${tokens} tokens`}, so the answer ends here. Start a new chat, or edit an earlier message to take a shorter way.`,
  busyElsewhere: 'An answer is being written in another chat.',
  imageLeftOut: (alt: string) => `[image not loaded: ${alt}]`,
  usageTokens: (count: number, text: string) => (count === 1 ? '1 token' : `${text} tokens`),
  usageFirst: (seconds: string) => `first after ${seconds}`,
  usageRate: (rate: string) => `${rate} tokens/s`,
  answeredBy: (model: string) => `Answered by ${model}`,

  suggestions: 'Suggestions',
  suggested: ['What is Phield?', 'Does my data leave my device?', 'How do I use Phield offline?'],

  // model
  modelDetails: 'Model details',
  tinyTruth:
    'Phield tiny is a very small model that comes with the app: quick to start, good for little stories and questions about Phield, in English and Portuguese. A larger one knows far more.',
  softwareAdapter: 'in software, so slowly',
  runsOn: (adapter: string) => `Runs on ${adapter}`,
  unknownAdapter: 'an unnamed GPU',
  loadingModel: (model: string) => `Loading ${model}`,
  loadingAgain: (model: string) => `Loading ${model} again`,
  loadProgress: 'Loading the model',
  bytesOf: (loaded: string, total: string) => `${loaded} of ${total}`,
  bytesPerSecond: (rate: string) => `${rate}/s`,
  timeLeft: (time: string) => `${time} left`,
  modelFailed: 'Not loaded',
  phases: {
    config: 'Reading the configuration',
    tokenizer: 'Reading the vocabulary',
    manifest: 'Reading the list of files',
    shards: 'Getting the weights',
    verify: 'Checking the weights',
    upload: 'Moving the weights to the GPU',
    compile: 'Compiling GPU programs',
    ready: 'Ready',
  } satisfies Record<LoadPhase, string>,
  starting: 'Starting',
  facts: {
    engine: 'Engine',
    parameters: 'Parameters',
    context: 'Context',
    weights: 'Weights',
    gpuMemory: 'GPU memory',
    adapter: 'Adapter',
    halfPrecision: '16-bit arithmetic',
  },
  tokens: (text: string) => `${text} tokens`,
  yes: 'yes',
  no: 'no',

  // settings
  settings: 'Settings',
  close: 'Close',
  answersHeading: 'Answers',
  answersNote: 'Your next answer uses these. The model does not have to load again.',
  modelDefault: (value: string) => `model’s own: ${value}`,
  modelDefaultUnknown: 'model’s own',
  seedDefault: 'a new one each time',
  temperature: 'Temperature',
  temperatureHelp: '0 always takes the likeliest word; higher is more varied.',
  topP: 'Top-p',
  topPHelp: 'Leaves out unlikely words: 1 leaves out none.',
  repetitionPenalty: 'Repetition penalty',
  repetitionPenaltyHelp: '1 is off; more keeps it from repeating itself.',
  maxTokensLabel: 'Max tokens',
  maxTokensHelp: 'The longest an answer may get.',
  seed: 'Seed',
  seedHelp: 'The same seed and words give the same answer.',
  systemPrompt: 'System prompt',
  systemPromptHelp: 'Goes before every conversation. Very small models may take little notice of it.',
  outOfRange: (min: string, max: string) => `Use a number from ${min} to ${max}.`,
  wholeNumber: (min: string, max: string) => `Use a whole number from ${min} to ${max}.`,
  resetAnswers: 'Reset these five to the model’s own',
  pageHeading: 'Look and language',
  theme: 'Theme',
  themes: { auto: 'Like the device', light: 'Light', dark: 'Dark' },
  languageLabel: 'Language',
  languages: { auto: 'Like the browser', en: 'English', pt: 'Português' },

  // notices
  dismiss: 'Dismiss',
  fromAddress: (names: string) => `This link has set for this visit: ${names}.`,
  useMine: 'Use my own settings',
  rejectedParameters: (names: string) => `Part of this link was not usable and was left out: ${names}.`,
  saveFailed: 'Your chats cannot be saved right now; they last until you close this page.',
  unreadableChats: (count: number) =>
    count === 1
      ? 'One saved chat could not be read. It was left as it is.'
      : `${count} saved chats could not be read. They were left as they are.`,
  updateReady: 'A new version is ready',
  reload: 'Reload',
  reloadWhenDone: 'It will reload when what is running is done.',

  // errors
  regionBroke: 'This part of the page broke.',
  partMissing: 'This part of the page could not be loaded.',
  tryAgain: 'Try again',
  reloadModel: 'Reload model',
  useBuiltIn: 'Use the built-in model',
  technicalDetails: 'Technical details',
  noWebGpu: {
    title: 'This browser does not offer WebGPU',
    lead: 'Phield computes its answers on your graphics processor through WebGPU. Without it they come from the processor, slowly, or from another browser. Your saved chats are safe and can still be read.',
    browsersHeading: 'Browsers that have it',
    browsers: [
      'Chrome or Edge 113 or newer on Windows, macOS and ChromeOS; 121 or newer on Android 12 and up',
      'Safari 26 or newer on macOS, iPhone and iPad',
      'Firefox 141 or newer on Windows, 145 or newer on Macs with Apple silicon',
    ],
    enableHeading: 'If yours is one of them',
    enable: [
      'Update the browser, then restart it.',
      'Chrome and Edge: turn on “Use graphics acceleration when available” under Settings, System.',
      'Chrome on Linux: open chrome://flags/#enable-unsafe-webgpu, choose Enabled, restart.',
      'Firefox elsewhere: open about:config and set dom.webgpu.enabled to true.',
      'Lockdown modes and some company policies switch WebGPU off.',
    ],
    insecure:
      'This page was not opened over a secure connection. Browsers offer WebGPU only on https:// addresses and on localhost, so check the address first.',
  },
  noAdapter: {
    title: 'No graphics adapter answered',
    lead: 'The browser knows WebGPU but found no adapter that it may use.',
    checks: [
      'Turn on “Use graphics acceleration when available” in the browser’s settings and restart it.',
      'Update the graphics driver: browsers block old ones.',
      'Chrome and Edge: chrome://gpu says under “WebGPU” what is blocked and why.',
      'Remote desktops and virtual machines often have no usable adapter.',
    ],
  },
  ...enPages,
  ...enChat,
  ...enChats,
  ...enDocuments,
  ...enPlaces,
  ...enPrivacy,
  ...enProcessor,
  ...enTasks,

  errors: {
    'gpu/unavailable': {
      title: 'This browser does not offer WebGPU',
      help: 'Open Phield in a browser that does, or switch it on.',
    },
    'gpu/no-adapter': {
      title: 'No graphics adapter answered',
      help: 'Switch graphics acceleration on, update the driver and restart the browser.',
    },
    'gpu/limit-too-low': {
      title: 'This graphics adapter is too small for the model',
      help: 'Choose a smaller model or the other engine under Models, or try another browser or device: each gives WebGPU other limits.',
    },
    'gpu/device-lost': {
      title: 'The graphics device was lost',
      help: 'This happens after a driver reset, on sleep, or when memory ran out. Load the model again; close other heavy tabs if it keeps happening.',
    },
    'gpu/out-of-memory': {
      title: 'The graphics memory is full',
      help: 'Close other tabs and programs that use graphics, or choose a smaller model.',
    },
    'gpu/shader-invalid': {
      title: 'The graphics driver refused a program',
      help: 'Update the driver and the browser. If it stays, please report it with the details below.',
    },
    'gpu/wrong-numbers': {
      title: 'This graphics device computes wrong numbers',
      help: 'Answers of this model would be wrong here, so it was not started. Update the graphics driver and the browser, or choose a model in another format.',
    },
    'processor/unavailable': {
      title: 'This cannot run on the processor here',
      help: 'Choose a GGUF file or the built-in model, or use a current Chrome, Edge or Firefox.',
    },
    'processor/stopped': {
      title: 'The program on the processor stopped',
      help: 'Load the model again. If it stops again the device may have too little memory: choose a smaller model.',
    },
    'network/offline': {
      title: 'The server cannot be reached',
      help: 'Check the connection and the address, then try again. A model that is stored needs no network.',
    },
    'network/bad-address': {
      title: 'That is not an address a model can be loaded from',
      help: 'Give the http:// or https:// address of a GGUF file or a folder, or the name of a model.',
    },
    'network/http-status': {
      title: 'The server did not hand out a model file',
      help: 'Check the address, or try again later.',
    },
    'network/timeout': { title: 'The server fell silent', help: 'Try again: what has arrived is kept.' },
    'network/cors': {
      title: 'That server does not let other pages read its files',
      help: 'Its owner must allow it (CORS), or the folder must be served from this address.',
    },
    'network/not-a-model': {
      title: 'There is no model there',
      help: 'It takes a GGUF file with all of its parts, or a folder in MLC layout, the one with mlc-chat-config.json in it.',
    },
    'storage/quota': {
      title: 'There is no room left to store this',
      help: 'Free some space on the device or delete other models, then try again: what has arrived is kept.',
    },
    'storage/integrity': {
      title: 'A file of the model is damaged',
      help: 'Try again: only the damaged file is fetched anew. “Verify” under Storage reads all of them back.',
    },
    'storage/blocked': {
      title: 'Another tab holds the storage',
      help: 'Close other tabs with Phield, then try again.',
    },
    'storage/unavailable': {
      title: 'The browser offers no storage here',
      help: 'Private windows and strict cookie settings can forbid it. Allow site data for this page.',
    },
    'model/lfs-pointer': {
      title: 'The large files are not in this folder yet',
      help: 'It was cloned without Git LFS and holds pointers in their place. Run “git lfs pull” in the folder, then try again.',
    },
    'model/unsupported-arch': {
      title: 'This kind of model is not supported',
      help: 'Phield runs models of the Phi-3, Llama and Qwen2 families, as GGUF files or in MLC layout. The details say what is in the way: another file of the same model may do.',
    },
    'model/bad-config': {
      title: 'The model’s configuration is not usable',
      help: 'Check that the folder is complete and in MLC layout.',
    },
    'model/bad-manifest': {
      title: 'The model’s list of files is not usable',
      help: 'Check that the folder is complete and in MLC layout.',
    },
    'model/bad-gguf': {
      title: 'This GGUF file is damaged, or is not one',
      help: 'Get it again from its source. A file that was cut off while it was copied looks like this too.',
    },
    'model/shape-mismatch': {
      title: 'The model’s weights do not fit its configuration',
      help: 'The files belong to different models or versions. Get them again from one source.',
    },
    'model/missing-tensor': {
      title: 'The model lacks some of its weights',
      help: 'The folder is incomplete. Get it again from its source.',
    },
    'model/unknown-model': {
      title: 'Phield does not know that model',
      help: 'Check its name in the address of this page, or give the address of a folder.',
    },
    'model/bad-library': {
      title: 'The model’s compiled library is not usable',
      help: 'Try again: it is fetched anew. If it stays, choose the other engine or another model.',
    },
    'tokenizer/unknown-token': {
      title: 'The vocabulary and the model do not fit together',
      help: 'Get the model again from one source.',
    },
    'tokenizer/bad-vocab': {
      title: 'The model’s vocabulary is not usable',
      help: 'Get its files again from the model’s source. If that changes nothing, choose another model.',
    },
    'worker/outdated': {
      title: 'This page is of an older version',
      help: 'A newer version of Phield has taken its place. Reload the page: chats and models stay.',
    },
    'worker/crashed': {
      title: 'The engine crashed',
      help: 'Load the model again. If memory is short, close other tabs first.',
    },
    'worker/protocol-mismatch': {
      title: 'Two versions of Phield met',
      help: 'Reload the page to bring them together.',
    },
    'widget/bad-origin': {
      title: 'A page that is not allowed tried to speak to Phield',
      help: 'Its messages are ignored.',
    },
    'widget/bad-message': {
      title: 'The page around Phield sent a message it does not know',
      help: 'It is ignored.',
    },
    'run/aborted': { title: 'Stopped', help: 'Regenerate asks again.' },
    'run/context-full': {
      title: 'This is more than the model can hold at once',
      help: 'Shorten the message, start a new chat, or edit an earlier message.',
    },
    'run/needs-consent': {
      title: 'This model has to be downloaded first',
      help: 'Nothing big is fetched before you say so.',
    },
    'run/busy': { title: 'The model is still busy', help: 'Wait a moment, then try again.' },
    'run/bad-request': {
      title: 'The engine could not use this request',
      help: 'Check the settings, then try again.',
    },
    'run/bad-logits': {
      title: 'The model computed something that is not a number',
      help: 'Load the model again. If it stays, let “Verify” under Storage look for damaged files, choose another model, or update the graphics driver.',
    },
    ...enDocumentErrors,
    ...enRemoteErrors,
    'chats/bad-file': {
      title: 'There are no chats in that file',
      help: 'Choose a chat or a backup that was exported here, or the conversations.json of a ChatGPT export.',
    },
    'chats/too-large': {
      title: 'That file is too large to take in at once',
      help: 'Split it, or import the chats that matter one by one.',
    },
    'internal/invariant': {
      title: 'Phield made a mistake',
      help: 'Try again. If it stays, please report it with the details below.',
    },
    'internal/unexpected': {
      title: 'Something unexpected happened',
      help: 'Try again. If it stays, please report it with the details below.',
    },
  } satisfies Record<ErrorCode, ErrorText>,
};

/** Literal strings widened, so that other languages may differ in words but not in shape. */
export type Texts = Omit<typeof en, never>;
