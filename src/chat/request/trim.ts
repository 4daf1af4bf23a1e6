// What of a conversation is sent when it no longer fits the context: the system text and as many of the last
// turns as there is room for. Pure; counting is the engine's, deciding to trim is the person's.
import type { ChatMessage } from '../../protocol/chat';

export interface TrimOptions {
  readonly contextWindow: number;
  /** Tokens kept free for the answer. */
  readonly reserve: number;
  /** Tokens of the templated conversation. */
  readonly count: (messages: readonly ChatMessage[]) => Promise<number>;
}

export interface Trimmed {
  readonly messages: readonly ChatMessage[];
  /** Messages left out, oldest first. */
  readonly dropped: number;
  readonly promptTokens: number;
  /** False when even the system text and the last message are too long. */
  readonly fits: boolean;
}

/**
 * Drops whole turns, a question with its answer, from the oldest on; never the system text, never the last
 * message. Counts the conversation about log2(turns) times.
 */
export async function trimToContext(
  messages: readonly ChatMessage[],
  { contextWindow, reserve, count }: TrimOptions,
): Promise<Trimmed> {
  const room = contextWindow - reserve;
  const system = messages[0]?.role === 'system' ? messages.slice(0, 1) : [];
  const rest = messages.slice(system.length);
  // Where a kept part may begin: a template wants the person to speak first.
  const starts = rest.flatMap(({ role }, at) => (role === 'user' ? [at] : []));
  const from = async (start: number): Promise<Trimmed> => {
    const kept = [...system, ...rest.slice(start)];
    const promptTokens = await count(kept);
    return { messages: kept, dropped: start, promptTokens, fits: promptTokens <= room };
  };
  let best = await from(0);
  if (best.fits || starts.length === 0) return best;
  // The first start that fits, by halving: leaving out more never needs more room.
  let low = 0;
  let high = starts.length - 1;
  best = await from(starts[high] ?? 0);
  while (best.fits && low < high) {
    const middle = (low + high) >> 1;
    const tried = await from(starts[middle] ?? 0);
    if (tried.fits) {
      best = tried;
      high = middle;
    } else low = middle + 1;
  }
  return best;
}
