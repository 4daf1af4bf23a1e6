// The port's end in the worker that sees words: calls with answers. The port itself comes from the page, when it is
// first wanted: a model that is stored needs nobody.
import { AppError, fromWire } from '../../base/errors';
import { abortError } from '../download/retry';
import { isFromStore, type ArrivedShard, type FromStore, type StoreAnswer, type StoreCall } from './messages';
import type { FetchProgress } from '../store';

export interface Listener {
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
  readonly onShard?: (arrived: ArrivedShard) => void;
}

interface Waiting extends Listener {
  readonly resolve: (answer: StoreAnswer) => void;
  readonly reject: (error: AppError) => void;
}

export class StoreLink {
  readonly #ask: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #port: MessagePort | undefined;
  #asked = false;
  #queue: unknown[] = [];
  #lastId = 0;

  /** @param ask tells the page that a port is wanted. */
  constructor(ask: () => void) {
    this.#ask = ask;
  }

  /** The first port, or the one after its other end has died: what was under way then fails, and may be tried again. */
  attach(port: MessagePort): void {
    if (this.#port) {
      this.#port.close();
      const error = new AppError('worker/crashed', 'The worker that fetches models has stopped: try again.', {
        retryable: true,
      });
      const calls = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { reject } of calls) reject(error);
    }
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<unknown>) => this.#receive(data);
    for (const message of this.#queue.splice(0)) port.postMessage(message);
  }

  /** @throws AppError of the store, run/aborted, worker/crashed */
  call(call: StoreCall, signal: AbortSignal, listener: Listener = {}): Promise<StoreAnswer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(abortError(signal));
        return;
      }
      const id = ++this.#lastId;
      const cancel = (): void => {
        this.#send({ id, cancel: true });
        if (this.#waiting.delete(id)) reject(abortError(signal));
      };
      const settle = (): void => signal.removeEventListener('abort', cancel);
      signal.addEventListener('abort', cancel, { once: true });
      this.#waiting.set(id, {
        ...listener,
        resolve: (answer) => (settle(), resolve(answer)),
        reject: (error) => (settle(), reject(error)),
      });
      this.#send({ id, call });
    });
  }

  close(session: number): void {
    // Nobody to tell where nothing was ever asked.
    if (this.#asked) this.#send({ close: session });
  }

  #send(message: unknown): void {
    if (this.#port) {
      this.#port.postMessage(message);
      return;
    }
    this.#queue.push(message);
    if (this.#asked) return;
    this.#asked = true;
    this.#ask();
  }

  #receive(data: unknown): void {
    if (!isFromStore(data)) return;
    const message: FromStore = data;
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return; // Of a call that was given up.
    switch (message.kind) {
      case 'progress':
        waiting.onProgress?.(message.progress);
        break;
      case 'shard':
        waiting.onShard?.(message.arrived);
        break;
      case 'done':
        this.#waiting.delete(message.id);
        waiting.resolve(message.answer);
        break;
      case 'failed':
        this.#waiting.delete(message.id);
        waiting.reject(fromWire(message.error));
        break;
      default:
        message satisfies never;
    }
  }
}
