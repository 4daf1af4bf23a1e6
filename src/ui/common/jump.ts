// A message that a person wants to see: search puts it here, the transcript that can show it takes it.
import { Subscribable } from '../../chat/subscribable';

export interface JumpTarget {
  readonly chatId: string;
  readonly messageId: string;
}

export const jump = new Subscribable<JumpTarget | undefined>(undefined);
