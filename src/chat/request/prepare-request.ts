// A request as the conversation has it -> as this model can be asked it: without pictures it cannot see, with what the
// chat's documents say, and without the oldest turns where there is no room for them.
import type { EngineClient } from '../../client/client';
import type { GenerateRequest } from '../../protocol/chat';
import {
  documentsOf,
  pathTo,
  type AssistantMessage,
  type Conversation,
  type DocumentRef,
  type Source,
} from '../conversation';
import type { Settings } from '../settings/settings';
import { trimToContext } from './trim';

/** A question about documents as the model is to be asked it, within so many tokens. */
export type Ground = (
  question: string,
  documents: readonly DocumentRef[],
  options: { readonly room: number; readonly client: EngineClient },
) => Promise<{ readonly content: string; readonly sources: readonly Source[] }>;

export interface PrepareOptions {
  readonly conversation: Conversation;
  readonly answer: AssistantMessage;
  readonly client: EngineClient;
  readonly settings: () => Settings;
  readonly contextWindow?: () => number | undefined;
  readonly seesImages?: () => boolean;
  readonly ground?: Ground;
}

/** What is known of the answer before it begins. */
type Note = (change: Partial<Pick<AssistantMessage, 'leftOut' | 'sources'>>) => void;

export async function prepareRequest(
  request: GenerateRequest,
  options: PrepareOptions,
  note: Note,
): Promise<GenerateRequest> {
  const seen = options.seesImages?.() === true ? request : withoutOldImages(request);
  return fit(await ground(seen, options, note), options, note);
}

/** A model that only reads goes on with a chat that began with pictures; a new one it has to refuse itself. */
function withoutOldImages(request: GenerateRequest): GenerateRequest {
  const last = request.messages.findLastIndex(({ role }) => role === 'user');
  const messages = request.messages.map((message, i) =>
    i < last && message.images ? { role: message.role, content: message.content } : message,
  );
  return { ...request, messages };
}

/** The request with its question as it is asked about the chat's documents; itself where there are none. */
async function ground(
  request: GenerateRequest,
  { conversation, answer, client, ground: groundIn, contextWindow: windowNow }: PrepareOptions,
  note: Note,
): Promise<GenerateRequest> {
  const documents = documentsOf(pathTo(conversation, answer.parentId));
  const question = conversation.messages.get(answer.parentId);
  // Not always the last: an answer that goes on, or is to be shorter, comes after it.
  const at = request.messages.findLastIndex(
    ({ role, content }) => role === 'user' && content === question?.text,
  );
  const asked = request.messages[at];
  if (!groundIn || documents.length === 0 || !asked) return request;
  const contextWindow = windowNow?.() ?? 4096;
  const system = request.messages.filter(({ role }) => role === 'system');
  const taken = system.length > 0 ? await client.countTokens([...system, { role: 'user', content: '' }]) : 0;
  // A little for what the template puts around.
  const room = contextWindow - reserveOf(request, contextWindow) - taken - 16;
  const { content, sources } = await groundIn(asked.content, documents, { room, client });
  note({ sources });
  return { ...request, messages: request.messages.with(at, { ...asked, content }) };
}

/** The request without the turns that there is no room for, where the person has not switched that off. */
async function fit(
  request: GenerateRequest,
  { client, settings, contextWindow: windowNow }: PrepareOptions,
  note: Note,
): Promise<GenerateRequest> {
  const contextWindow = windowNow?.();
  const turns = request.messages.filter(({ role }) => role === 'user').length;
  if (contextWindow === undefined || turns < 2 || !settings().trim) return request;
  const { messages, dropped } = await trimToContext(request.messages, {
    contextWindow,
    reserve: reserveOf(request, contextWindow),
    count: (counted) => client.countTokens(counted),
  });
  if (dropped === 0) return request;
  note({ leftOut: dropped });
  return { ...request, messages };
}

/** Kept free for the answer: a quarter at most. */
function reserveOf({ max_tokens }: GenerateRequest, contextWindow: number): number {
  return Math.min(max_tokens ?? Infinity, Math.floor(contextWindow / 4));
}
