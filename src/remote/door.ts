// The page's end of the frame: questions out, answers in, as the chat wants them. The frame is opened for one endpoint and
// closed with it.
import { AppError } from '../base/errors';
import type { GenerateEvent, Usage } from '../protocol/chat';
import {
  errorOfRemote,
  readFromRemote,
  type FromRemote,
  type RemoteRequest,
  type ToRemote,
} from '../protocol/remote';
import type { EndpointAccess } from './frame/ask';
import { Restorer } from './redact';

/** A frame that has been loaded, and is bound to nothing yet. */
export interface Frame {
  readonly port: MessagePort;
  remove(): void;
}

export interface Took {
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export interface Question {
  readonly request: RemoteRequest;
  /** Placeholder -> what it stands for, put back into the answer. */
  readonly values: ReadonlyMap<string, string>;
}

type Listener = (message: FromRemote) => void;

export class Door {
  readonly #frame: Promise<Frame>;
  readonly #onTook: (took: Took) => void;
  readonly #listeners = new Map<number, Listener>();
  #shut: AppError | undefined;
  #next = 1;

  constructor(
    { address, key }: EndpointAccess,
    load: () => Promise<Frame>,
    onTook: (took: Took) => void = () => {},
  ) {
    this.#onTook = onTook;
    this.#frame = load().then((frame) => {
      frame.port.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#hear(data));
      frame.port.start();
      frame.port.postMessage({ k: 'open', address, ...(key !== undefined && { key }) } satisfies ToRemote);
      return frame;
    });
    this.#frame.catch(() => {});
  }

  /** @throws AppError as src/remote/frame/ask.ts */
  async *ask(
    { request, values }: Question,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<readonly GenerateEvent[]> {
    const startMs = performance.now();
    const restorer = new Restorer(values);
    let firstMs: number | undefined;
    for await (const message of this.#call((id) => ({ k: 'ask', id, request }), signal)) {
      switch (message.k) {
        case 'text': {
          firstMs ??= performance.now();
          const text = restorer.push(message.text);
          if (text !== '') yield [{ type: 'token', text, tokenIds: [] }];
          break;
        }
        case 'usage':
          yield [{ type: 'usage', usage: usageOf(message, startMs, firstMs ?? performance.now()) }];
          break;
        case 'done': {
          const rest = restorer.end();
          yield [
            ...(rest === '' ? [] : [{ type: 'token', text: rest, tokenIds: [] } as const]),
            { type: 'done', finishReason: message.finishReason },
          ];
          return;
        }
        default:
      }
    }
  }

  async models({ signal }: { readonly signal: AbortSignal }): Promise<readonly string[]> {
    for await (const message of this.#call((id) => ({ k: 'models', id }), signal))
      if (message.k === 'models') return message.models;
    return [];
  }

  /** What is under way ends as stopped. */
  close(): void {
    this.#shut ??= new AppError('run/aborted', 'The connection was closed.');
    for (const [id, listener] of [...this.#listeners])
      listener({
        k: 'err',
        id,
        error: { code: 'run/aborted', message: 'Closed.', details: {}, retryable: false },
      });
    void this.#frame.then(
      (frame) => frame.remove(),
      () => {},
    );
  }

  async *#call(make: (id: number) => ToRemote, signal: AbortSignal): AsyncGenerator<FromRemote> {
    const id = this.#next++;
    const queue: FromRemote[] = [];
    let wake = (): void => {};
    this.#listeners.set(id, (message) => {
      queue.push(message);
      wake();
    });
    const frame = await this.#frame;
    const cancel = (): void => frame.port.postMessage({ k: 'cancel', id } satisfies ToRemote);
    try {
      if (this.#shut) throw this.#shut;
      if (signal.aborted) throw new AppError('run/aborted', 'Stopped.');
      signal.addEventListener('abort', cancel);
      frame.port.postMessage(make(id));
      for (;;) {
        const message = queue.shift();
        if (!message) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        if (message.k === 'err') throw errorOfRemote(message.error);
        yield message;
      }
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#listeners.delete(id);
      cancel();
    }
  }

  #hear(data: unknown): void {
    const message = readFromRemote(data);
    if (!message || message.k === 'opened') return;
    if (message.k === 'took') {
      this.#onTook(message);
      return;
    }
    if (message.k === 'shut') {
      this.#shut = errorOfRemote(message.error);
      for (const [id, listener] of [...this.#listeners]) listener({ k: 'err', id, error: message.error });
      return;
    }
    this.#listeners.get(message.id)?.(message);
  }
}

function usageOf(
  { prompt, completion }: { readonly prompt: number; readonly completion: number },
  startMs: number,
  firstMs: number,
): Usage {
  const seconds = (performance.now() - firstMs) / 1000;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    cached_tokens: 0,
    ttft_ms: firstMs - startMs,
    // Not known: what lies between is the network's too.
    prefill_tokens_per_s: 0,
    decode_tokens_per_s: completion > 1 && seconds > 0 ? (completion - 1) / seconds : 0,
  };
}
