// Which dialog of the conversation is open: one at a time, opened from wherever.
import type { SavedPrompt } from '../../../chat/settings/prompts';
import { Subscribable } from '../../../chat/subscribable';

export type ChatDialog =
  | { readonly kind: 'prompts' }
  | { readonly kind: 'shortcuts' }
  /** What would go to a larger model for this answer. */
  | { readonly kind: 'elsewhere'; readonly messageId: string }
  | { readonly kind: 'use-prompt'; readonly prompt: SavedPrompt; readonly write: (text: string) => void };

class OpenDialog extends Subscribable<ChatDialog | undefined> {
  open(dialog: ChatDialog): void {
    this.set(dialog);
  }
  close(): void {
    this.set(undefined);
  }
}

export const chatDialog = new OpenDialog(undefined);
