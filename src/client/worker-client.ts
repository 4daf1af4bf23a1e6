// The window's end of the RPC: typed calls over a port to the worker. Cancels by message, never by killing the
// worker (a kill costs a model reload); a crashed worker is replaced at the next call.
import { AppError, fromWire, isAbort } from '../base/errors';
import { outdated, scriptIsGone } from '../base/outdated';
import type { GenerateEvent, LoadProgress } from '../protocol/chat';
import {
  isFromWorker,
  isOtherVersion,
  protocolVersion,
  type Contract,
  type Op,
  type ToWorker,
} from '../protocol/rpc';
import type { EngineClient } from './client';

/** What the client needs of a Worker; one end of a MessageChannel serves in tests. */
export interface WorkerLike {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: (event: Event) => void): void;
  terminate(): void;
}

export interface ConnectOptions {
  /** Absolute address of the app, ending in a slash. */
  readonly appBase: string;
}

/** How long a worker that says that it is alive each second may be silent before it is taken for stuck. */
const silentMs = 8_000;
/** Workers in a row that may get stuck before the calls fail. */
const mostStuck = 4;

interface Pending {
  readonly message: ToWorker;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (out: unknown) => void;
  readonly reject: (error: AppError) => void;
  readonly onEvent: (event: unknown) => void;
}

/** @param spawn makes a fresh worker; called on the first call and again after a crash. */
export function connectWorker(spawn: () => WorkerLike, { appBase }: ConnectOptions): EngineClient {
  let worker: WorkerLike | undefined;
  let nextId = 1;
  let disposed = false;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const pending = new Map<number, Pending>();
  const listeners = new Set<(error: AppError) => void>();

  const failAll = (error: AppError): void => {
    clearTimeout(silence);
    worker?.terminate();
    worker = undefined;
    const calls = [...pending.values()];
    pending.clear();
    for (const call of calls) call.reject(error);
    for (const listener of [...listeners]) listener(error);
  };

  let stuck = 0;
  /** A worker that stopped where it makes workers of its own, as Firefox's do now and then: the next one gets its calls. */
  const startAnew = (): void => {
    stuck++;
    if (stuck === mostStuck) {
      stuck = 0;
      failAll(crash('it makes no workers'));
      return;
    }
    worker?.terminate();
    worker = undefined;
    const fresh = connected();
    for (const [id, { message, signal }] of pending) {
      fresh.postMessage(message);
      if (signal?.aborted) fresh.postMessage({ v: protocolVersion, id, k: 'cancel' });
    }
  };
  const hearAlive = (alive: boolean): void => {
    clearTimeout(silence);
    silence = alive ? setTimeout(startAnew, silentMs) : undefined;
    if (!alive) stuck = 0;
  };

  const onMessage = (data: unknown): void => {
    if (isOtherVersion(data)) {
      failAll(
        new AppError(
          'worker/protocol-mismatch',
          'Page and worker come from different versions: reload the page.',
        ),
      );
      return;
    }
    if (!isFromWorker(data)) return;
    if (data.k === 'hello') return;
    if (data.k === 'alive') {
      hearAlive(data.body);
      return;
    }
    if (data.k === 'lost') {
      const error = fromWire(data.error);
      for (const listener of [...listeners]) listener(error);
      return;
    }
    const call = pending.get(data.id);
    if (!call) return; // Answer to a call that was given up.
    switch (data.k) {
      case 'event':
        call.onEvent(data.body);
        break;
      case 'ok':
        pending.delete(data.id);
        call.resolve(data.body);
        break;
      case 'err':
        pending.delete(data.id);
        call.reject(fromWire(data.error));
        break;
      default:
        data satisfies never;
    }
  };

  const connected = (): WorkerLike => {
    if (disposed) throw new AppError('worker/crashed', 'The engine was shut down: reload the page.');
    if (worker) return worker;
    const fresh = spawn();
    worker = fresh;
    // A late word of a worker that was replaced must not reach the calls of the next.
    const ifCurrent = (act: () => void) => () => worker === fresh && act();
    fresh.addEventListener('message', (event) => worker === fresh && onMessage(event.data));
    fresh.addEventListener(
      'error',
      (event) => void ifCurrent(() => failAll(scriptIsGone(event) ? outdated() : crash(wordsOf(event))))(),
    );
    fresh.addEventListener(
      'messageerror',
      () => void ifCurrent(() => failAll(crash('unreadable message')))(),
    );
    return fresh;
  };

  function call<O extends Op>(
    op: O,
    body: Contract[O]['in'],
    signal: AbortSignal | undefined,
    onEvent: (event: Contract[O]['event']) => void,
  ): Promise<Contract[O]['out']> {
    return new Promise<unknown>((resolve, reject) => {
      if (signal?.aborted) throw new AppError('run/aborted', 'Cancelled before it began.');
      const id = nextId++;
      const port = connected();
      const cancel = (): void => worker?.postMessage({ v: protocolVersion, id, k: 'cancel' });
      const settle = (): void => signal?.removeEventListener('abort', cancel);
      const message: ToWorker = { v: protocolVersion, id, k: 'call', op, body };
      pending.set(id, {
        message,
        signal,
        resolve: (out) => (settle(), resolve(out)),
        reject: (error) => (settle(), reject(error)),
        onEvent: onEvent as (event: unknown) => void,
      });
      signal?.addEventListener('abort', cancel, { once: true });
      port.postMessage(message);
    }) as Promise<Contract[O]['out']>;
  }

  return {
    load: (model, { signal, onProgress, engine, contextWindow, template, agreed, memoryOnly, lent }) =>
      call(
        'load',
        {
          model,
          appBase,
          ...(engine && { engine }),
          ...(contextWindow && { contextWindow }),
          ...(template && { template }),
          ...(agreed && { agreed }),
          ...(memoryOnly && { memoryOnly }),
          ...(lent && { lent }),
        },
        signal,
        (progress: LoadProgress) => onProgress(progress),
      ),

    async *generate(request, { signal }) {
      const own = new AbortController();
      const abort = (): void => own.abort();
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
      const queue: (readonly GenerateEvent[])[] = [];
      let wake: () => void = () => {};
      let ended = false;
      let failure: unknown;
      const run = call('generate', request, own.signal, (batch) => {
        queue.push(batch);
        wake();
      })
        .catch((error: unknown) => (failure = error))
        .finally(() => {
          ended = true;
          wake();
        });
      try {
        for (;;) {
          const batch = queue.shift();
          if (batch) yield batch;
          else if (ended) break;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
        // Cancelled before the engine began: the same ending as a run cancelled half way.
        if (failure && own.signal.aborted && isAbort(failure)) {
          yield [{ type: 'done', finishReason: 'cancelled' }];
        } else if (failure) throw failure as AppError;
      } finally {
        signal.removeEventListener('abort', abort);
        if (!ended) abort();
        await run;
      }
    },

    countTokens: (messages) => call('countTokens', { messages }, undefined, () => {}),

    models: (language) => call('models', { appBase, language }, undefined, () => {}),
    compareEngines: (model, { signal, onStart }) =>
      call('compareEngines', { model, appBase }, signal, onStart),
    benchmark: (model, { signal, onEvent, llamaCpp = false }) =>
      call('benchmark', { model, appBase, ...(llamaCpp && { llamaCpp }) }, signal, onEvent),
    held: async () => ({ ...(await call('held', null, undefined, () => {})), here: true }),

    onLost(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    dispose() {
      disposed = true;
      listeners.clear();
      failAll(new AppError('run/aborted', 'The engine was shut down.'));
    },
  };
}

function wordsOf(event: Event): string {
  return 'message' in event ? String(event.message) : '';
}

function crash(message: string): AppError {
  return new AppError('worker/crashed', `The engine's worker stopped${message ? `: ${message}` : ''}.`, {
    retryable: true,
  });
}
