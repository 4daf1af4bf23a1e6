// Files of chats, read as untrusted text: our own (one chat or a backup of all) and ChatGPT's conversations.json, whose
// tree of branches is kept. Whatever is wrong with a file, a typed error says so; of a good file what cannot be read is
// counted and left out.
import { AppError } from '../../base/errors';
import { newId as makeId } from '../../base/ids';
import { startConversation, titleFrom, type Conversation, type Message } from '../conversation';
import { fromRecord, isChatId } from '../conversation-record';
import type { BackupRest } from './export';
import { readPersonas, type Persona } from '../settings/personas';

export const mostFileBytes = 300_000_000;
const mostChats = 50_000;
const mostMessages = 20_000;
const mostLetters = 1_000_000;

export interface ImportedChats {
  readonly conversations: readonly Conversation[];
  readonly personas: readonly Persona[];
  /** As it stands in the file: nobody has looked at it yet. */
  readonly rest: BackupRest;
  /** Chats of the file that could not be read. */
  readonly unreadable: number;
}

/** @throws AppError `chats/bad-file`, `chats/too-large`. */
export function readChatFile(text: string, newId: () => string = makeId): ImportedChats {
  let file: unknown;
  try {
    file = JSON.parse(text) as unknown;
  } catch {
    throw new AppError('chats/bad-file', 'The file is not JSON.');
  }
  // The export's archive may hold them one level down.
  if (Array.isArray(file)) return readAll(file, [], (item) => fromChatGpt(item, newId));
  if (!isObject(file)) throw new AppError('chats/bad-file', 'The file holds no object and no list.');
  if (file['format'] === 'phield-chat') return readAll([file['conversation']], [], readOurs);
  if (file['format'] === 'phield-backup' && Array.isArray(file['conversations'])) {
    const { settings, prompts, documents } = file;
    const read = readAll(file['conversations'], readPersonas(file['personas']), readOurs);
    return { ...read, rest: { settings, prompts, documents } };
  }
  if (isObject(file['mapping'])) return readAll([file], [], (item) => fromChatGpt(item, newId));
  throw new AppError('chats/bad-file', 'The file is neither a chat, nor a backup, nor a conversations.json.');
}

function readAll(
  items: readonly unknown[],
  personas: readonly Persona[],
  read: (item: unknown) => Conversation | undefined,
): ImportedChats {
  if (items.length > mostChats)
    throw new AppError(
      'chats/too-large',
      `The file has ${items.length} chats; ${mostChats} are read at most.`,
    );
  const conversations = items.flatMap((item) => read(item) ?? []);
  const unreadable = items.length - conversations.length;
  if (items.length > 0 && conversations.length === 0)
    throw new AppError('chats/bad-file', 'None of the chats in the file can be read.');
  return { conversations, personas, rest: {}, unreadable };
}

function readOurs(item: unknown): Conversation | undefined {
  if (!isObject(item) || !Array.isArray(item['messages']) || item['messages'].length > mostMessages)
    return undefined;
  const conversation = fromRecord(item);
  if (!conversation) return undefined;
  const tooLong = [...conversation.messages.values()].some(({ text }) => text.length > mostLetters);
  return tooLong ? undefined : conversation;
}

interface Node {
  readonly id: string;
  readonly role: 'user' | 'assistant' | undefined;
  readonly text: string;
  readonly at: number;
  readonly model: string;
  readonly children: readonly string[];
}

/** Its nodes without words (system, tools, hidden ones) are left out, and what hangs on them moves up. */
export function fromChatGpt(item: unknown, newId: () => string): Conversation | undefined {
  if (!isObject(item) || !isObject(item['mapping'])) return undefined;
  const mapping = item['mapping'];
  const ids = Object.keys(mapping);
  if (ids.length > mostMessages) return undefined;
  const start = msOf(item['create_time']) ?? 0;
  const nodes = new Map(ids.map((id) => [id, readNode(id, mapping[id], start)]));
  const hasParent = (id: string): boolean => {
    const node = mapping[id];
    return isObject(node) && typeof node['parent'] === 'string' && nodes.has(node['parent']);
  };
  const messages = new Map<string, Message>();
  /** What each node has become: where the words of its children hang. */
  const became = new Map<string, string | null>();
  const title = typeof item['title'] === 'string' ? item['title'] : '';
  const seen = new Set<string>();
  /** Messages that others hang on. */
  const parents = new Set<string>();
  // By hand instead of by recursion: a file may nest as deeply as it likes.
  const stack = ids.filter((id) => !hasParent(id)).map((id) => ({ id, parent: null as string | null }));
  stack.reverse();
  for (let next = stack.pop(); next; next = stack.pop()) {
    const node = nodes.get(next.id);
    if (!node || seen.has(next.id)) continue;
    seen.add(next.id);
    const at = add(messages, node, next.parent, title, newId, parents);
    became.set(next.id, at);
    for (const child of [...node.children].reverse()) stack.push({ id: child, parent: at });
  }
  const [first] = messages.values();
  if (!first || first.role !== 'user') return undefined;
  const ownId = item['conversation_id'] ?? item['id'];
  const id = typeof ownId === 'string' && isChatId(ownId) ? ownId : newId();
  const last = [...messages.values()].at(-1) ?? first;
  const conversation = {
    ...startConversation(id, first),
    messages,
    headId: last.id,
    updatedAt: last.createdAt,
  };
  const head = typeof item['current_node'] === 'string' ? became.get(item['current_node']) : undefined;
  const updatedAt = msOf(item['update_time']) ?? conversation.updatedAt;
  return {
    ...conversation,
    title: title.trim() === '' ? titleFrom(first.text) : [...title.trim()].slice(0, 200).join(''),
    createdAt: start || conversation.createdAt,
    updatedAt,
    headId: head ?? conversation.headId,
  };
}

/** @returns the message that the node has become, or what it hangs on where it has no words. */
function add(
  messages: Map<string, Message>,
  node: Node,
  parentId: string | null,
  title: string,
  newId: () => string,
  parents: Set<string>,
): string | null {
  if (!node.role || node.text === '' || messages.has(node.id)) return parentId;
  const { id, text, at: createdAt } = node;
  if (node.role === 'user') {
    messages.set(id, { role: 'user', id, parentId, createdAt, text });
    if (parentId !== null) parents.add(parentId);
    return id;
  }
  const before = parentId === null ? undefined : messages.get(parentId);
  const answer = { role: 'assistant', id, createdAt, model: node.model, status: complete } as const;
  if (before?.role === 'assistant') {
    // Two answers in turn are one: the words of the first, which others may go on from too, and these.
    messages.set(id, { ...answer, parentId: before.parentId, text: `${before.text}\n\n${text}` });
    if (!parents.has(before.id)) messages.delete(before.id);
    return id;
  }
  let question = before?.id;
  if (question === undefined) {
    question = newId();
    messages.set(question, {
      role: 'user',
      id: question,
      parentId: null,
      createdAt,
      text: title.trim() || '…',
    });
  }
  messages.set(id, { ...answer, parentId: question, text });
  return id;
}

const complete = { kind: 'complete', finishReason: 'stop', contextFull: false } as const;

function readNode(id: string, value: unknown, start: number): Node {
  const record = isObject(value) ? value : {};
  const message = isObject(record['message']) ? record['message'] : {};
  const author = isObject(message['author']) ? message['author']['role'] : undefined;
  const content = isObject(message['content']) ? message['content'] : {};
  const metadata = isObject(message['metadata']) ? message['metadata'] : {};
  const parts = Array.isArray(content['parts']) ? (content['parts'] as unknown[]) : [];
  const isText = content['content_type'] === 'text' || content['content_type'] === 'multimodal_text';
  const isHidden = metadata['is_visually_hidden_from_conversation'] === true;
  const text = isText && !isHidden ? parts.filter((part) => typeof part === 'string').join('\n') : '';
  const children = Array.isArray(record['children']) ? (record['children'] as unknown[]) : [];
  return {
    id: id.slice(0, 100),
    role: author === 'user' || author === 'assistant' ? author : undefined,
    text: text.trim().slice(0, mostLetters),
    at: msOf(message['create_time']) ?? start,
    model: typeof metadata['model_slug'] === 'string' ? metadata['model_slug'].slice(0, 100) : 'ChatGPT',
    children: children.filter((child) => typeof child === 'string'),
  };
}

/** Theirs are seconds. */
function msOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
    ? Math.round(value * 1000)
    : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
