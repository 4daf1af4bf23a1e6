// Whether a message has room in the model's context: known before it is sent, so that nothing of it is lost.
import { requestMessages, type Conversation } from '../../../chat/conversation';
import type { ModelSession } from '../../../chat/models/model-session';
import type { Settings } from '../../../chat/settings/settings';
import type { ChatMessage } from '../../../protocol/chat';

export interface TooLong {
  /** Of the message, or with `conversation` of all that would have to be sent. */
  readonly tokens: number;
  readonly contextWindow: number;
  /** About how much of the message would fit; 0 where nothing would. */
  readonly characters: number;
  readonly conversation: boolean;
}

/** What the template adds to the words, at most, for one message. */
const templateTokens = 64;
/** Kept free for at least some words of an answer. */
const answerTokens = (contextWindow: number): number => Math.min(16, Math.floor(contextWindow / 8));

/** Undefined: it fits, or nobody can say. */
export async function tooLong(
  text: string,
  conversation: Conversation | undefined,
  session: ModelSession,
  { system, trim }: Settings,
): Promise<TooLong | undefined> {
  const contextWindow = windowOf(session);
  if (contextWindow === undefined) return undefined;
  const question: ChatMessage = { role: 'user', content: text };
  const alone: readonly ChatMessage[] =
    system.trim() === '' ? [question] : [{ role: 'system', content: system }, question];
  const room = contextWindow - answerTokens(contextWindow);
  const tokens = await session.count(alone);
  if (tokens === undefined) return undefined;
  if (tokens > room) {
    const frame = (await session.count([...alone.slice(0, -1), { ...question, content: '.' }])) ?? 0;
    // A quarter for the answer, as trimming leaves it.
    const left = Math.max(0, contextWindow * 0.75 - frame);
    const characters = Math.floor((text.length * left) / Math.max(1, tokens - frame) / 100) * 100;
    return { tokens, contextWindow, characters, conversation: false };
  }
  if (trim || !conversation) return undefined;
  const all = await session.count([...requestMessages(conversation, conversation.headId, system), question]);
  return all !== undefined && all > room
    ? { tokens: all, contextWindow, characters: 0, conversation: true }
    : undefined;
}

/** Whether it is worth counting: a token is at least a byte. */
export function mayBeTooLong(
  text: string,
  hasHistory: boolean,
  session: ModelSession,
  settings: Settings,
): boolean {
  const contextWindow = windowOf(session);
  if (contextWindow === undefined) return false;
  if (!settings.trim && hasHistory) return true;
  const bytes = 3 * (text.length + settings.system.length);
  return bytes + templateTokens + answerTokens(contextWindow) > contextWindow;
}

function windowOf(session: ModelSession): number | undefined {
  const state = session.getState();
  return state.kind === 'ready' ? state.info.contextWindow : undefined;
}
