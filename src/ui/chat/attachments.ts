// What can be attached to a message beside pictures: a place for one other part of the page (documents) to fill. The
// composer gives it files that are picked, pasted or dropped, shows what it has, and asks it before it sends.
import type { ComponentType } from 'react';
import { Subscribable } from '../../chat/subscribable';

export interface AttachmentSource {
  /** For a file input: types and endings, separated by commas. */
  readonly accept: string;
  readonly takes: (file: File) => boolean;
  /** @param conversationId null: the chat that is still to begin. */
  readonly add: (files: readonly File[], conversationId: string | null) => void;
  /** Shown above the text; nothing while nothing is attached. */
  readonly Attached: ComponentType<{ readonly conversationId: string | null }>;
  /** @returns true when it sends the text itself, with what is attached. */
  readonly send: (text: string, conversationId: string | null) => boolean;
}

class AttachmentPlace extends Subscribable<AttachmentSource | undefined> {
  /** @returns how to take it away again. */
  fill(source: AttachmentSource): () => void {
    this.set(source);
    return () => {
      if (this.getState() === source) this.set(undefined);
    };
  }
}

export const attachments = new AttachmentPlace(undefined);
