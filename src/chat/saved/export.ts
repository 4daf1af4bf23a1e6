// A chat as a file: Markdown of the path on show, to be read, or JSON of the whole tree, with what the models said of
// themselves. Pure; saving the file is the page's.
import { pathTo, type Conversation } from '../conversation';
import { toRecord } from '../conversation-record';
import type { Persona } from '../settings/personas';

export interface ChatFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

export interface MarkdownWords {
  readonly you: string;
  /** For a picture, which Markdown of a chat leaves out. */
  readonly picture: (index: number) => string;
  /** A model's name as the page shows it. */
  readonly model: (model: string) => string;
}

export function asMarkdown(conversation: Conversation, { you, picture, model }: MarkdownWords): ChatFile {
  const parts = [`# ${conversation.title}`];
  for (const message of pathTo(conversation)) {
    const isPerson = message.role === 'user';
    parts.push(`## ${isPerson ? you : model(message.model)}`);
    if (isPerson) message.images?.forEach((_, i) => parts.push(`[${picture(i + 1)}]`));
    if (message.text !== '') parts.push(message.text.trimEnd());
  }
  return { name: fileName(conversation, 'md'), type: 'text/markdown', text: `${parts.join('\n\n')}\n` };
}

/** `conversation` is what storage holds: `messages` in order of creation, each with its parent, and `headId`. */
export function asJson(conversation: Conversation, now: Date): ChatFile {
  const file = {
    format: 'phield-chat',
    version: 1,
    exportedAt: now.toISOString(),
    conversation: toRecord(conversation),
  };
  return {
    name: fileName(conversation, 'json'),
    type: 'application/json',
    text: `${JSON.stringify(file, null, 2)}\n`,
  };
}

/** What a backup holds beside chats and personas, each for its owner to read back. */
export interface BackupRest {
  readonly settings?: unknown;
  readonly prompts?: unknown;
  readonly documents?: unknown;
}

/** Everything but the weights of models: chats with all their branches, personas, and the rest. */
export function asBackup(
  conversations: readonly Conversation[],
  personas: readonly Persona[],
  now: Date,
  rest: BackupRest = {},
): ChatFile {
  const head = { format: 'phield-backup', version: 1, exportedAt: now.toISOString(), personas, ...rest };
  // A line a chat: a file of hundreds of megabytes stays one that tools can look at.
  const chats = conversations.map((conversation) => JSON.stringify(toRecord(conversation))).join(',\n');
  return {
    name: `phield-backup-${now.toISOString().slice(0, 10)}.json`,
    type: 'application/json',
    text: `${JSON.stringify(head).slice(0, -1)},"conversations":[\n${chats}\n]}\n`,
  };
}

/** All chats in one file, to be read; the path on show of each. */
export function asMarkdownOfAll(
  conversations: readonly Conversation[],
  words: MarkdownWords,
  now: Date,
): ChatFile {
  const parts = conversations.map((conversation) => asMarkdown(conversation, words).text);
  return {
    name: `phield-chats-${now.toISOString().slice(0, 10)}.md`,
    type: 'text/markdown',
    text: parts.join('\n---\n\n'),
  };
}

/** The chat's name with nothing in it that a file system minds. */
function fileName({ title }: Conversation, extension: string): string {
  const name = title

    .replace(/[\u0000-\u001f"*/:<>?\\|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. …]+$/g, '');
  return `${[...name].slice(0, 60).join('').trim() || 'chat'}.${extension}`;
}
