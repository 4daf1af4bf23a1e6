// What tabs of one origin tell each other about a model's download: the owner its progress and commits, anyone
// the wish to pause, resume or stop it.
import type { FetchProgress } from '../store';

export type StoreMessage = { readonly v: 1; readonly base: string } & (
  | { readonly kind: 'progress'; readonly progress: FetchProgress }
  /** A shard was committed. */
  | { readonly kind: 'committed' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** The model is being removed: whoever downloads it must stop. */
  | { readonly kind: 'stop' }
);

const kinds: readonly string[] = ['progress', 'committed', 'pause', 'resume', 'stop'];

export class StoreChannel {
  readonly #channel: BroadcastChannel | undefined;

  /** @param databaseName tabs that share the database share the channel. */
  constructor(databaseName: string, listener?: (message: StoreMessage) => void) {
    if (typeof BroadcastChannel === 'undefined') return;
    try {
      this.#channel = new BroadcastChannel(`${databaseName}/downloads`);
    } catch {
      // Firefox refuses it along with all storage: there is nothing to tell of then.
    }
    if (this.#channel && listener) {
      this.#channel.onmessage = (event: MessageEvent) => {
        if (isStoreMessage(event.data)) listener(event.data);
      };
    }
  }

  post(message: StoreMessage): void {
    this.#channel?.postMessage(message);
  }

  close(): void {
    this.#channel?.close();
  }
}

function isStoreMessage(data: unknown): data is StoreMessage {
  if (typeof data !== 'object' || data === null) return false;
  const { v, base, kind, progress } = data as Record<string, unknown>;
  if (v !== 1 || typeof base !== 'string' || typeof kind !== 'string' || !kinds.includes(kind)) return false;
  return kind !== 'progress' || (typeof progress === 'object' && progress !== null);
}
