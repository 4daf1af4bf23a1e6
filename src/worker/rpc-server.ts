// The worker's end of the RPC: binds calls to one engine and nothing else. It knows no model and no kernel.
import { AppError, toAppError, toWire } from '../base/errors';
import type { GenerateEvent } from '../protocol/chat';
import { isToWorker, protocolVersion, type Contract, type FromWorker, type Op } from '../protocol/rpc';

/** What a port must offer: a worker's global scope, or one end of a MessageChannel in tests. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export interface CallContext<O extends Op> {
  readonly signal: AbortSignal;
  readonly emit: (event: Contract[O]['event']) => void;
}

export type Handlers = {
  [O in Op]: (body: Contract[O]['in'], context: CallContext<O>) => Promise<Contract[O]['out']>;
};

/** Longest time a token waits for company, milliseconds: one frame at 60 Hz. */
const frameMs = 16;

/** Serves calls until the port goes away. @returns a function that reports a loss outside any call. */
export function serve(port: Port, handlers: Handlers): (lost: AppError) => void {
  const running = new Map<number, AbortController>();
  const post = (message: FromWorker): void => port.postMessage(message);

  port.addEventListener('message', ({ data }) => {
    if (!isToWorker(data)) return; // Not ours, or another version's: the window's side reports that.
    if (data.k === 'cancel') {
      running.get(data.id)?.abort(new AppError('run/aborted', 'The window cancelled the call.'));
      return;
    }
    void run(data.id, data.op, data.body);
  });

  async function run(id: number, op: Op, body: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const context = {
        signal: controller.signal,
        emit: (event: unknown) => post({ v: protocolVersion, id, k: 'event', body: event }),
      };
      // The map types every handler; the wire only carries `unknown`, which each handler validates.
      const handler = handlers[op] as (input: unknown, context: unknown) => Promise<unknown>;
      const out = await handler(body, context);
      post({ v: protocolVersion, id, k: 'ok', body: out });
    } catch (thrown) {
      post({ v: protocolVersion, id, k: 'err', error: toWire(toAppError(thrown)) });
    } finally {
      running.delete(id);
    }
  }

  post({ v: protocolVersion, id: 0, k: 'hello' });
  return (lost) => post({ v: protocolVersion, id: 0, k: 'lost', error: toWire(lost) });
}

/**
 * Hands events on in batches, at most one a frame: a message per token would cost the window more than the
 * token does. The first event goes at once, since that is the moment a person waits for.
 */
export async function emitInFrames(
  events: AsyncIterable<GenerateEvent>,
  emit: (batch: readonly GenerateEvent[]) => void,
  now: () => number = () => performance.now(),
): Promise<void> {
  let batch: GenerateEvent[] = [];
  let lastMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (batch.length === 0) return;
    lastMs = now();
    emit(batch);
    batch = [];
  };
  try {
    for await (const event of events) {
      batch.push(event);
      const waitMs = lastMs + frameMs - now();
      if (waitMs <= 0) flush();
      else timer ??= setTimeout(flush, waitMs);
    }
  } finally {
    flush();
  }
}
