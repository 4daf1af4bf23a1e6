// Names for chats, made by the model in idle time: some seconds after an answer, when nothing else is asked of it. A
// question ends it at once and waits for it no longer than the engine takes to let go. What it is asked goes on from
// the conversation itself, so that the engine still knows all of that at the next question.
import type { EngineClient } from '../../client/client';
import type { ChatMessage } from '../../protocol/chat';
import { nameByModel } from '../chat-list';
import type { ChatState } from '../chat-state';
import type { ChatStore } from '../chat-store';
import { pathTo, requestMessages, type Conversation } from '../conversation';

export interface TitleParts {
  readonly chat: ChatStore;
  /** Undefined while no model is loaded that names chats well. */
  readonly engine: () => EngineClient | undefined;
  readonly system: (conversation: Conversation) => string;
  /** In the language of the page. */
  readonly request: () => string;
  readonly idleMs?: number;
}

const usualIdleMs = 4000;
const mostWords = 9;
const mostLetters = 60;
/** A chat longer than this has a name by its first words for good: reading it again would not be idle work. */
const mostMessages = 12;

export class TitleMaker {
  readonly #parts: TitleParts;
  readonly #unsubscribe: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #controller: AbortController | undefined;
  #working: Promise<void> = Promise.resolve();
  #lastRun: string | undefined;

  constructor(parts: TitleParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.chat.subscribe(() => this.#follow(parts.chat.getState()));
  }

  /** Ends what is under way. Resolves when the engine is free. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#controller?.abort();
    await this.#working;
  }

  close(): void {
    this.#unsubscribe();
    void this.stop();
  }

  #follow({ run }: ChatState): void {
    if (run.state === 'running') {
      this.#lastRun = run.conversationId;
      clearTimeout(this.#timer);
      this.#controller?.abort();
      return;
    }
    const id = this.#lastRun;
    if (id === undefined) return;
    this.#lastRun = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#working = this.#name(id);
    }, this.#parts.idleMs ?? usualIdleMs);
  }

  async #name(id: string): Promise<void> {
    const { chat, engine, system, request } = this.#parts;
    const conversation = chat.getState().conversations.get(id);
    const client = engine();
    if (!client || !conversation || !wantsName(conversation)) return;
    const before = requestMessages(conversation, conversation.headId, system(conversation));
    if (before.at(-1)?.role !== 'assistant') return;
    const messages: readonly ChatMessage[] = [...before, { role: 'user', content: request() }];
    const controller = new AbortController();
    this.#controller = controller;
    let text = '';
    let isWhole = false;
    try {
      for await (const batch of client.generate(
        { messages, temperature: 0, max_tokens: 24 },
        { signal: controller.signal },
      )) {
        for (const event of batch) {
          if (event.type === 'token') text += event.text;
          else if (event.type === 'done') isWhole = event.finishReason === 'stop';
        }
      }
    } catch {
      // The first words stay its name.
      return;
    }
    const title = isWhole && !controller.signal.aborted ? cleanTitle(text) : undefined;
    if (title !== undefined) chat.arrange(id, (one) => nameByModel(one, title));
  }
}

function wantsName(conversation: Conversation): boolean {
  if (conversation.titledAt !== undefined || conversation.titleByModel || conversation.stub) return false;
  const last = pathTo(conversation).at(-1);
  return (
    conversation.messages.size <= mostMessages &&
    last?.role === 'assistant' &&
    last.status.kind === 'complete' &&
    last.text.trim() !== ''
  );
}

/** Undefined where it is no name: empty, a sentence, a whole answer. */
export function cleanTitle(text: string): string | undefined {
  const line = (text.trim().split('\n')[0] ?? '')
    .replace(/^(?:[#>*\s]|title\s*:|título\s*:)+/i, '')
    .replace(/[*_`"“”«»]/g, '')
    .replace(/[\s.…:;,]+$/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const words = line.split(' ').length;
  if (!/\p{L}{2}/u.test(line) || words > mostWords || [...line].length > mostLetters) return undefined;
  return line;
}
