// How a conversation is written to storage and read back. What is read is untrusted: another version, a half
// written record or a hand in the developer tools may have changed it.
import { errorCodes, type ErrorCode } from '../base/errors';
import type { Usage } from '../protocol/chat';
import {
  titleFrom,
  type Conversation,
  type DocumentRef,
  type Message,
  type MessageStatus,
  type Source,
} from './conversation';

export const schemaVersion = 1;

export function toRecord(conversation: Conversation): unknown {
  const { stub: _stub, ...rest } = conversation;
  return { ...rest, schema: schemaVersion, messages: [...conversation.messages.values()] };
}

/** What of a conversation stands in the list of chats: everything but its messages. */
export type ConversationHead = Omit<Conversation, 'messages' | 'stub'>;

/** Undefined when it is not usable; what is optional and wrong is left out. */
export function readHead(record: unknown): (Partial<ConversationHead> & { readonly id: string }) | undefined {
  if (!isObject(record)) return undefined;
  const { id, title, createdAt, updatedAt, headId, titledAt, pinnedAt, folder, persona, arrangedAt } = record;
  if (typeof id !== 'string' || !isChatId(id)) return undefined;
  return {
    id,
    ...(typeof title === 'string' && title !== '' ? { title: title.slice(0, 1000) } : {}),
    ...(isTime(titledAt) ? { titledAt } : {}),
    ...(record['titleByModel'] === true ? { titleByModel: true } : {}),
    ...(isTime(pinnedAt) ? { pinnedAt } : {}),
    ...(typeof folder === 'string' && folder !== '' ? { folder: folder.slice(0, folderLength) } : {}),
    ...(typeof persona === 'string' && persona !== '' ? { persona: persona.slice(0, 100) } : {}),
    ...(record['staysHere'] === true ? { staysHere: true } : {}),
    ...(isTime(arrangedAt) ? { arrangedAt } : {}),
    ...(isTime(createdAt) ? { createdAt } : {}),
    ...(isTime(updatedAt) ? { updatedAt } : {}),
    ...(typeof headId === 'string' ? { headId } : {}),
  };
}

/** What may stand in an address and in a record's key. */
export function isChatId(id: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(id);
}

export const folderLength = 60;

/**
 * The conversation, with every message that is whole and hangs on a whole parent; undefined when nothing of it
 * can be used. An answer that was running comes back as cancelled, its text kept.
 */
export function fromRecord(record: unknown): Conversation | undefined {
  if (!isObject(record) || record['schema'] !== schemaVersion || !Array.isArray(record['messages']))
    return undefined;
  return assemble(record, record['messages'] as readonly unknown[]);
}

/** @param items messages of the conversation, parents first. */
export function assemble(record: unknown, items: readonly unknown[]): Conversation | undefined {
  const head = readHead(record);
  if (!head) return undefined;
  const messages = new Map<string, Message>();
  for (const item of items) {
    const message = readMessage(item);
    // Parents come first, so this also rules out rings.
    if (!message || messages.has(message.id)) continue;
    const parent = message.parentId === null ? undefined : messages.get(message.parentId);
    if (message.role === 'assistant' ? parent?.role === 'user' : message.parentId === null || parent)
      messages.set(message.id, message);
  }
  const all = [...messages.values()];
  const first = all[0];
  const last = all.at(-1);
  if (!first || !last) return undefined;
  return {
    ...head,
    title: head.title ?? titleFrom(first.text),
    createdAt: head.createdAt ?? first.createdAt,
    updatedAt: head.updatedAt ?? last.createdAt,
    messages,
    headId: head.headId !== undefined && messages.has(head.headId) ? head.headId : last.id,
  };
}

/** Messages as records in an order in which a parent stands before its children; those without a parent last. */
export function inOrder(items: readonly unknown[]): readonly unknown[] {
  const timeOf = (item: unknown): number =>
    isObject(item) && isTime(item['createdAt']) ? item['createdAt'] : Infinity;
  const sorted = [...items].sort((a, b) => timeOf(a) - timeOf(b));
  const done = new Set<unknown>([null]);
  const ordered: unknown[] = [];
  // By time nearly all stand right at once; clocks that were set back take another round.
  for (let rest = sorted; rest.length > 0;) {
    const later: unknown[] = [];
    for (const item of rest) {
      if (isObject(item) && done.has(item['parentId'])) {
        done.add(item['id']);
        ordered.push(item);
      } else later.push(item);
    }
    if (later.length === rest.length) return [...ordered, ...later];
    rest = later;
  }
  return ordered;
}

export function readMessage(item: unknown): Message | undefined {
  if (!isObject(item)) return undefined;
  const { id, parentId, createdAt, text } = item;
  if (typeof id !== 'string' || id === '' || typeof text !== 'string' || !isTime(createdAt)) return undefined;
  if (parentId !== null && typeof parentId !== 'string') return undefined;
  if (item['role'] === 'user') {
    const images = readImages(item['images']);
    const documents = readDocuments(item['documents']);
    return {
      role: 'user',
      id,
      parentId,
      createdAt,
      text,
      ...(images.length > 0 && { images }),
      ...(documents.length > 0 && { documents }),
    };
  }
  if (item['role'] !== 'assistant' || parentId === null) return undefined;
  const status = readStatus(item['status']);
  const usage = readUsage(item['usage']);
  const model = typeof item['model'] === 'string' ? item['model'] : '';
  const { host } = item;
  const leftOut = item['leftOut'];
  const sources = readSources(item['sources']);
  return {
    role: 'assistant',
    id,
    parentId,
    createdAt,
    text,
    model,
    ...(typeof host === 'string' && host !== '' ? { host: host.slice(0, 260) } : {}),
    status,
    ...(usage ? { usage } : {}),
    ...(Number.isSafeInteger(leftOut) && (leftOut as number) > 0 ? { leftOut: leftOut as number } : {}),
    ...(isIds(item['tokenIds']) ? { tokenIds: item['tokenIds'] } : {}),
    ...(sources.length > 0 ? { sources } : {}),
  };
}

function readDocuments(value: unknown): readonly DocumentRef[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).flatMap((item) => {
    if (!isObject(item)) return [];
    const { id, name } = item;
    return typeof id === 'string' && typeof name === 'string' ? [{ id, name }] : [];
  });
}

/** All or none: their places are the numbers that the answer cites. */
function readSources(value: unknown): readonly Source[] {
  if (!Array.isArray(value)) return [];
  const sources = (value as unknown[]).map(readSource);
  return sources.every((source) => source !== undefined) ? sources : [];
}

function readSource(value: unknown): Source | undefined {
  if (!isObject(value)) return undefined;
  const { documentId, name, passage, page, heading } = value;
  if (typeof documentId !== 'string' || typeof name !== 'string' || !Number.isSafeInteger(passage))
    return undefined;
  return {
    documentId,
    name,
    passage: passage as number,
    ...(Number.isSafeInteger(page) ? { page: page as number } : {}),
    ...(typeof heading === 'string' ? { heading } : {}),
  };
}

function isIds(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((id) => Number.isSafeInteger(id) && (id as number) >= 0)
  );
}

function readImages(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).filter(
    (image): image is string => typeof image === 'string' && image.startsWith('data:image/'),
  );
}

function readStatus(value: unknown): MessageStatus {
  if (!isObject(value)) return { kind: 'cancelled' };
  if (value['kind'] === 'complete') {
    const finishReason = value['finishReason'] === 'length' ? 'length' : 'stop';
    return { kind: 'complete', finishReason, contextFull: value['contextFull'] === true };
  }
  const { code, message } = value;
  if (value['kind'] === 'failed' && errorCodes.includes(code as ErrorCode)) {
    return {
      kind: 'failed',
      code: code as ErrorCode,
      message: typeof message === 'string' ? message : '',
      details: {},
    };
  }
  // It was running when the page went away.
  if (value['kind'] === 'running' || value['interrupted'] === true)
    return { kind: 'cancelled', interrupted: true };
  return { kind: 'cancelled' };
}

const usageFields = [
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'cached_tokens',
  'ttft_ms',
  'prefill_tokens_per_s',
  'decode_tokens_per_s',
] as const satisfies readonly (keyof Usage)[];

function readUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const pairs = usageFields.map((name) => [name, value[name]] as const);
  if (!pairs.every(([, figure]) => typeof figure === 'number' && Number.isFinite(figure))) return undefined;
  return Object.fromEntries(pairs) as unknown as Usage;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
