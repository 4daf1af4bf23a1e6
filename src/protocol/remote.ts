// What the page and the frame that reaches a larger model say to each other, over one port. The frame is handed what a
// person has agreed to send and nothing else; what it hands back comes from a stranger's server. Either side checks
// shape and size, and drops what it does not know.
import { fromWire, type AppError, type WireError } from '../base/errors';
import type { Role } from './chat';

export const remoteNamespace = 'phield-remote';
export const remoteVersion = 1;

export const remoteLimits = {
  addressLength: 2_000,
  keyLength: 4_000,
  modelLength: 200,
  messages: 2_000,
  /** UTF-16 units of all messages of a request. */
  requestLength: 2_000_000,
  /** Of an answer in all. */
  answerLength: 1_000_000,
  models: 2_000,
} as const;

export interface RemoteMessage {
  readonly role: Role;
  readonly content: string;
}

export interface RemoteRequest {
  readonly model: string;
  readonly messages: readonly RemoteMessage[];
  readonly max_tokens?: number;
  readonly temperature?: number;
}

export type ToRemote =
  /** Once: where this frame may go from now on, and with which key. */
  | { readonly k: 'open'; readonly address: string; readonly key?: string }
  | { readonly k: 'ask'; readonly id: number; readonly request: RemoteRequest }
  | { readonly k: 'models'; readonly id: number }
  | { readonly k: 'cancel'; readonly id: number };

export type FromRemote =
  | { readonly k: 'opened' }
  | { readonly k: 'shut'; readonly error: WireError }
  | { readonly k: 'text'; readonly id: number; readonly text: string }
  | { readonly k: 'usage'; readonly id: number; readonly prompt: number; readonly completion: number }
  | { readonly k: 'done'; readonly id: number; readonly finishReason: 'stop' | 'length' }
  | { readonly k: 'models'; readonly id: number; readonly models: readonly string[] }
  /** For the privacy ledger: what a request took, each way. */
  | { readonly k: 'took'; readonly sentBytes: number; readonly receivedBytes: number }
  | { readonly k: 'err'; readonly id: number; readonly error: WireError };

export function readToRemote(data: unknown): ToRemote | undefined {
  const { k, id, address, key, request } = fieldsOf(data);
  if (k === 'open') {
    if (!isText(address, remoteLimits.addressLength)) return undefined;
    if (key === undefined) return { k, address };
    return isText(key, remoteLimits.keyLength) ? { k, address, key } : undefined;
  }
  if (!isId(id)) return undefined;
  if (k === 'models' || k === 'cancel') return { k, id };
  if (k !== 'ask') return undefined;
  const asked = readRequest(request);
  return asked && { k, id, request: asked };
}

function readRequest(data: unknown): RemoteRequest | undefined {
  const { model, messages, max_tokens: most, temperature } = fieldsOf(data);
  if (!isText(model, remoteLimits.modelLength) || !Array.isArray(messages)) return undefined;
  if (messages.length === 0 || messages.length > remoteLimits.messages) return undefined;
  let length = 0;
  const read: RemoteMessage[] = [];
  for (const item of messages as readonly unknown[]) {
    const { role, content } = fieldsOf(item);
    if (role !== 'system' && role !== 'user' && role !== 'assistant') return undefined;
    if (typeof content !== 'string') return undefined;
    length += content.length;
    read.push({ role, content });
  }
  if (length > remoteLimits.requestLength) return undefined;
  return {
    model,
    messages: read,
    ...(typeof most === 'number' && Number.isSafeInteger(most) && most > 0 && { max_tokens: most }),
    ...(typeof temperature === 'number' && temperature >= 0 && temperature <= 2 && { temperature }),
  };
}

export function readFromRemote(data: unknown): FromRemote | undefined {
  const fields = fieldsOf(data);
  const { k, id } = fields;
  switch (k) {
    case 'opened':
      return { k };
    case 'shut':
      return { k, error: fields['error'] as WireError };
    case 'took': {
      const [sentBytes, receivedBytes] = [fields['sentBytes'], fields['receivedBytes']];
      return isCount(sentBytes) && isCount(receivedBytes) ? { k, sentBytes, receivedBytes } : undefined;
    }
    default:
  }
  if (!isId(id)) return undefined;
  switch (k) {
    case 'text': {
      const text = fields['text'];
      return typeof text === 'string' && text.length <= remoteLimits.answerLength
        ? { k, id, text }
        : undefined;
    }
    case 'usage': {
      const [prompt, completion] = [fields['prompt'], fields['completion']];
      return isCount(prompt) && isCount(completion) ? { k, id, prompt, completion } : undefined;
    }
    case 'done':
      return { k, id, finishReason: fields['finishReason'] === 'length' ? 'length' : 'stop' };
    case 'models': {
      const models = fields['models'];
      if (!Array.isArray(models)) return undefined;
      const ids = (models as readonly unknown[]).filter((one) => isText(one, remoteLimits.modelLength));
      return { k, id, models: ids.slice(0, remoteLimits.models) };
    }
    case 'err':
      return { k, id, error: fields['error'] as WireError };
    default:
      return undefined;
  }
}

/** Anything malformed becomes an error of its own. */
export const errorOfRemote = (wire: unknown): AppError => fromWire(wire);

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown, limit: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= limit;

/** Own fields alone. */
function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return {};
  return Object.fromEntries(Object.entries(data));
}
