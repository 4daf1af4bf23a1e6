// A conversation as the part of an address behind #, which reaches no server: how the chat in a frame of another site,
// whose storage is a place of its own, hands what was said to the app in a tab. Whoever opens such a link may have been
// sent it: it is read as untrusted text, comes under ids of its own, and is kept only if the person says so.
import { pathTo, startConversation, type Conversation, type Message } from '../conversation';
import { fromRecord, toRecord } from '../conversation-record';

/** Browsers differ in how long an address may be; all take this. */
export const codeLength = 400_000;
const mostMessages = 400;

/** What is on show of it, its words alone: documents and pictures stay where they are. Oldest turns go first. */
export function carryCode(conversation: Conversation): string {
  const words = pathTo(conversation).map(wordsOf);
  for (let from = 0; from < words.length; from += 2) {
    const kept = words
      .slice(from)
      .map((one, at) => (at === 0 && one.role === 'user' ? { ...one, parentId: null } : one));
    const messages = new Map(kept.map((one) => [one.id, one]));
    const code = encode(JSON.stringify(toRecord({ ...conversation, messages })));
    if (code.length <= codeLength) return code;
  }
  return '';
}

export function readCarryCode(code: string, newId: () => string): Conversation | undefined {
  if (code.length > codeLength || !/^[A-Za-z0-9_-]+$/.test(code)) return undefined;
  try {
    const found = fromRecord(JSON.parse(decode(code)));
    const path = found ? pathTo(found) : [];
    if (path.length > mostMessages) return undefined;
    const ids = new Map(path.map(({ id }) => [id, newId()]));
    const fresh = path.map((message) => renamed(message, ids));
    const [first] = fresh;
    const last = fresh.at(-1);
    if (first?.role !== 'user' || !last) return undefined;
    return {
      ...startConversation(newId(), first),
      messages: new Map(fresh.map((message) => [message.id, message])),
      updatedAt: last.createdAt,
      headId: last.id,
    };
  } catch {
    return undefined;
  }
}

function wordsOf(message: Message): Message {
  const { id, createdAt, text } = message;
  if (message.role === 'user') return { role: 'user', id, parentId: message.parentId, createdAt, text };
  const { parentId, model, status } = message;
  return { role: 'assistant', id, parentId, createdAt, text, model, status };
}

function renamed(message: Message, ids: ReadonlyMap<string, string>): Message {
  const of = (id: string): string => ids.get(id) ?? id;
  const bare = wordsOf(message);
  return bare.role === 'user'
    ? { ...bare, id: of(bare.id), parentId: bare.parentId === null ? null : (ids.get(bare.parentId) ?? null) }
    : { ...bare, id: of(bare.id), parentId: of(bare.parentId) };
}

function encode(text: string): string {
  const binary = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws DOMException, TypeError for what `encode` has not made. */
function decode(code: string): string {
  const binary = atob(code.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
