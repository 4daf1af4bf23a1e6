// Which question is being worded anew: one at a time, wherever that was asked for.
import { Subscribable } from '../../../chat/subscribable';

class Editing extends Subscribable<string | undefined> {
  begin(messageId: string): void {
    this.set(messageId);
  }
  end(): void {
    this.set(undefined);
  }
}

export const editing = new Editing(undefined);
