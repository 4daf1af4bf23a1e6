// How a conversation is written to storage and read back. What is read is untrusted: another version, a half
// written record or a hand in the developer tools may have changed it.
import { errorCodes, type ErrorCode } from '../base/errors';
import type { Usage } from '../protocol/chat';
import { titleFrom, type Conversation, type Message, type MessageStatus } from './conversation';

export const schemaVersion = 1;

export function toRecord(conversation: Conversation): unknown {
  return { ...conversation, schema: schemaVersion, messages: [...conversation.messages.values()] };
}

/**
 * The conversation, with every message that is whole and hangs on a whole parent; undefined when nothing of it
 * can be used. An answer that was running comes back as cancelled, its text kept.
 */
export function fromRecord(record: unknown): Conversation | undefined {
  if (!isObject(record) || record['schema'] !== schemaVersion) return undefined;
  const { id, title, createdAt, updatedAt, headId } = record;
  if (typeof id !== 'string' || id === '' || !Array.isArray(record['messages'])) return undefined;
  const messages = new Map<string, Message>();
  for (const item of record['messages'] as unknown[]) {
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
  const { titledAt } = record;
  return {
    id,
    title: typeof title === 'string' && title !== '' ? title : titleFrom(first.text),
    ...(isTime(titledAt) ? { titledAt } : {}),
    createdAt: isTime(createdAt) ? createdAt : first.createdAt,
    updatedAt: isTime(updatedAt) ? updatedAt : last.createdAt,
    messages,
    headId: typeof headId === 'string' && messages.has(headId) ? headId : last.id,
  };
}

function readMessage(item: unknown): Message | undefined {
  if (!isObject(item)) return undefined;
  const { id, parentId, createdAt, text } = item;
  if (typeof id !== 'string' || id === '' || typeof text !== 'string' || !isTime(createdAt)) return undefined;
  if (parentId !== null && typeof parentId !== 'string') return undefined;
  if (item['role'] === 'user') {
    const images = readImages(item['images']);
    return { role: 'user', id, parentId, createdAt, text, ...(images.length > 0 && { images }) };
  }
  if (item['role'] !== 'assistant' || parentId === null) return undefined;
  const status = readStatus(item['status']);
  const usage = readUsage(item['usage']);
  const model = typeof item['model'] === 'string' ? item['model'] : '';
  const leftOut = item['leftOut'];
  return {
    role: 'assistant',
    id,
    parentId,
    createdAt,
    text,
    model,
    status,
    ...(usage ? { usage } : {}),
    ...(Number.isSafeInteger(leftOut) && (leftOut as number) > 0 ? { leftOut: leftOut as number } : {}),
    ...(isIds(item['tokenIds']) ? { tokenIds: item['tokenIds'] } : {}),
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
