// One guest's line to the engine: to the guest it looks like the engine's worker, to whoever has the engine like a port.
import type { WorkerLike } from '../client/worker-client';
import type { Port } from '../worker/rpc-server';

type Hear = (event: { readonly data: unknown }) => void;

/** The engine's end. */
export class EnginePort implements Port {
  readonly #send: (message: unknown) => void;
  readonly #listeners: Hear[] = [];

  constructor(send: (message: unknown) => void) {
    this.#send = send;
  }

  postMessage(message: unknown): void {
    this.#send(message);
  }

  addEventListener(_type: 'message', listener: Hear): void {
    this.#listeners.push(listener);
  }

  deliver(data: unknown): void {
    for (const listener of this.#listeners) listener({ data });
  }
}

/** The guest's end. */
export class EngineLine implements WorkerLike {
  readonly #send: (message: unknown) => void;
  readonly #events = new EventTarget();
  #open = true;

  constructor(send: (message: unknown) => void) {
    this.#send = send;
  }

  postMessage(message: unknown): void {
    if (this.#open) this.#send(message);
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#events.addEventListener(type, listener as (event: Event) => void);
  }

  deliver(data: unknown): void {
    if (this.#open) this.#events.dispatchEvent(new MessageEvent('message', { data }));
  }

  /** The other end is gone: every call that is under way fails. */
  break(): void {
    if (!this.#open) return;
    this.#open = false;
    // With words, as an error inside a worker has them: one without is a script that could not be fetched.
    const message = 'the tab that had the engine was closed';
    this.#events.dispatchEvent(Object.assign(new Event('error'), { message }));
  }

  terminate(): void {
    this.#open = false;
  }
}
