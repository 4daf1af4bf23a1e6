// What `/` in the composer offers: a register that other parts of the page add to. Each entry says its own words.
import type { ChatStore } from '../../../chat/chat-store';
import { Subscribable } from '../../../chat/subscribable';
import type { Texts } from '../../texts/en';

export interface CommandUse {
  readonly chat: ChatStore;
  /** The chat on show; null: one that is still to begin. */
  readonly conversationId: string | null;
  /** What was typed behind the name. */
  readonly argument: string;
  /** Puts a text into the composer, in the place of the command. */
  readonly write: (text: string) => void;
}

export interface Command {
  /** Stays the same in every language. */
  readonly id: string;
  /** What is typed behind the `/`: one word, lower case. */
  readonly name: (texts: Texts) => string;
  /** One line on what it does. */
  readonly says: (texts: Texts) => string;
  readonly run: (use: CommandUse) => void;
}

class Commands extends Subscribable<readonly Command[]> {
  /** @returns how to take it away again. */
  register(command: Command): () => void {
    this.set([...this.getState().filter(({ id }) => id !== command.id), command]);
    return () => this.set(this.getState().filter((one) => one !== command));
  }
}

export const commands = new Commands([]);
