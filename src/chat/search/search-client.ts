// The window's side of search. The worker starts when it is first needed, and again after it has died.
import { AppError, type ErrorCode } from '../../base/errors';
import type { ChatSearch, SearchAnswer } from './search';

export type ToSearchWorker =
  | { readonly op: 'query'; readonly id: number; readonly text: string }
  | { readonly op: 'changed'; readonly ids: readonly string[]; readonly gone: readonly string[] };

export type FromSearchWorker =
  | { readonly id: number; readonly answer: SearchAnswer }
  | { readonly id: number; readonly error: { readonly code: ErrorCode; readonly message: string } };

interface Waiting {
  readonly resolve: (answer: SearchAnswer) => void;
  readonly reject: (error: AppError) => void;
}

export function connectSearch(createWorker: () => Worker): ChatSearch {
  let worker: Worker | undefined;
  let nextId = 0;
  const waiting = new Map<number, Waiting>();

  const start = (): Worker => {
    if (worker) return worker;
    const made = createWorker();
    worker = made;
    made.onmessage = ({ data }: MessageEvent<FromSearchWorker>) => {
      const one = waiting.get(data.id);
      waiting.delete(data.id);
      if ('answer' in data) one?.resolve(data.answer);
      else one?.reject(new AppError(data.error.code, data.error.message));
    };
    made.onerror = (event) => {
      event.preventDefault();
      worker = undefined;
      made.terminate();
      const error = new AppError('worker/crashed', 'The search worker ended.');
      for (const one of waiting.values()) one.reject(error);
      waiting.clear();
    };
    return made;
  };
  const send = (message: ToSearchWorker): void => start().postMessage(message);

  return {
    query: (text) =>
      new Promise((resolve, reject) => {
        nextId += 1;
        waiting.set(nextId, { resolve, reject });
        send({ op: 'query', id: nextId, text });
      }),
    warm: () => void start(),
    // One that has not started reads what has changed when it does.
    changed: (ids, gone) => worker && send({ op: 'changed', ids, gone }),
  };
}
