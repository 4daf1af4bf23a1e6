// The one engine of an origin, where it is: serves its own tab and every other one, each as a guest. A guest's answer is
// written by the model that the guest has loaded, whatever was loaded for another meanwhile.
import { AppError } from '../base/errors';
import type { EngineClient } from '../client/client';
import type { LoadProgress } from '../protocol/chat';
import type { LoadedModel, LoadRequest } from '../protocol/rpc';
import { serve, type Handlers, type Port } from '../worker/rpc-server';
import { Lane } from './lane';

interface Guest {
  /** What it has asked to be loaded, last. */
  wish: LoadRequest | undefined;
  /** Its answers, running or waiting. */
  readonly answers: Set<AbortController>;
  /** All its calls end with it. */
  readonly gone: AbortController;
  tellLost: (error: AppError) => void;
}

/** One load, which several guests may wait for. */
interface Loading {
  readonly key: string;
  readonly promise: Promise<LoadedModel>;
  readonly controller: AbortController;
  readonly listeners: Set<(progress: LoadProgress) => void>;
  last: LoadProgress | undefined;
}

export class EngineHub {
  readonly #engine: EngineClient;
  readonly #lane = new Lane();
  readonly #guests = new Map<string, Guest>();
  #loaded: { readonly key: string; readonly info: LoadedModel } | undefined;
  #loading: Loading | undefined;

  constructor(engine: EngineClient) {
    this.#engine = engine;
    engine.onLost((error) => {
      this.#loaded = undefined;
      for (const { tellLost } of [...this.#guests.values()]) tellLost(error);
    });
  }

  /** Serves a guest's calls, which come over this port. */
  join(id: string, port: Port): void {
    const guest: Guest = {
      wish: undefined,
      answers: new Set(),
      gone: new AbortController(),
      tellLost: () => {},
    };
    this.#guests.set(id, guest);
    guest.tellLost = serve(port, this.#handlers(id, guest));
  }

  /** The guest is no longer there: whatever it asked for is not wanted. */
  leave(id: string): void {
    this.#guests.get(id)?.gone.abort();
    this.#guests.delete(id);
  }

  #handlers(id: string, guest: Guest): Handlers {
    const inLane = <T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      const either = AbortSignal.any([signal, guest.gone.signal]);
      return this.#lane.run(id, either, () => work(either));
    };
    /** Unloads what is there. */
    const instead = <T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
      inLane(signal, async (either) => {
        this.#loaded = undefined;
        return work(either);
      });
    return {
      load: (request, { signal, emit }) => this.#load(id, guest, request, signal, emit),
      generate: async (request, { signal, emit }) => {
        const own = new AbortController();
        guest.answers.add(own);
        try {
          return await inLane(AbortSignal.any([signal, own.signal]), async (either) => {
            await this.#bring(guest, either);
            for await (const batch of this.#engine.generate(request, { signal: either })) emit(batch);
            return null;
          });
        } finally {
          guest.answers.delete(own);
        }
      },
      countTokens: ({ messages }, { signal }) => {
        if (!guest.wish || this.#loaded?.key === keyOf(guest.wish)) return this.#engine.countTokens(messages);
        return inLane(signal, async (either) => {
          await this.#bring(guest, either);
          return this.#engine.countTokens(messages);
        });
      },
      models: ({ language }) => this.#engine.models(language),
      compareEngines: ({ model }, { signal, emit }) =>
        instead(signal, (either) => this.#engine.compareEngines(model, { signal: either, onStart: emit })),
      benchmark: ({ model, llamaCpp = false }, { signal, emit }) =>
        instead(signal, (either) =>
          this.#engine.benchmark(model, { signal: either, onEvent: emit, llamaCpp }),
        ),
      // Not in the lane: it is asked for while an answer runs.
      held: async () => {
        const { gpuBytes } = await this.#engine.held();
        return { gpuBytes, guests: this.#guests.size };
      },
      // Others may be using it.
      unload: () => Promise.resolve(null),
    };
  }

  async #load(
    id: string,
    guest: Guest,
    request: LoadRequest,
    signal: AbortSignal,
    emit: (progress: LoadProgress) => void,
  ): Promise<LoadedModel> {
    const key = keyOf(request);
    // Whoever asks a second time wants it done.
    const again = guest.wish !== undefined && keyOf(guest.wish) === key;
    guest.wish = request;
    for (const answer of guest.answers) answer.abort();
    if (!again && this.#loaded?.key === key && !this.#loading)
      return { ...this.#loaded.info, id: request.model };
    const loading = this.#loading?.key === key ? this.#loading : this.#begin(id, request);
    loading.listeners.add(emit);
    if (loading.last) emit(loading.last);
    const either = AbortSignal.any([signal, guest.gone.signal]);
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        loading.listeners.delete(emit);
        reject(new AppError('run/aborted', 'Loading was cancelled.'));
        if (loading.listeners.size > 0) return;
        // Nobody waits for it any more.
        if (this.#loading === loading) this.#loading = undefined;
        loading.controller.abort();
      };
      either.addEventListener('abort', giveUp, { once: true });
      if (either.aborted) giveUp();
      const settle = (): void => either.removeEventListener('abort', giveUp);
      loading.promise.then(
        (info) => (settle(), resolve({ ...info, id: request.model })),
        (error: Error) => (settle(), reject(error)),
      );
    });
  }

  #begin(id: string, request: LoadRequest): Loading {
    const controller = new AbortController();
    const listeners = new Set<(progress: LoadProgress) => void>();
    const onProgress = (progress: LoadProgress): void => {
      loading.last = progress;
      for (const listener of [...listeners]) listener(progress);
    };
    const { signal } = controller;
    const promise = this.#lane
      .run(id, signal, () => this.#bringIn(request, signal, onProgress))
      .finally(() => {
        if (this.#loading === loading) this.#loading = undefined;
      });
    const loading: Loading = { key: keyOf(request), promise, controller, listeners, last: undefined };
    this.#loading = loading;
    return loading;
  }

  /** In the lane: the guest's model, where another guest's was brought in after it. */
  async #bring(guest: Guest, signal: AbortSignal): Promise<void> {
    const { wish } = guest;
    if (wish && this.#loaded?.key !== keyOf(wish)) await this.#bringIn(wish, signal, () => {});
  }

  async #bringIn(
    request: LoadRequest,
    signal: AbortSignal,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<LoadedModel> {
    this.#loaded = undefined;
    const { model, appBase: _, ...wish } = request;
    const info = await this.#engine.load(model, { ...wish, signal, onProgress });
    this.#loaded = { key: keyOf(request), info };
    return info;
  }
}

/** Two loads of the same are one. */
function keyOf({ model, engine, contextWindow, template }: LoadRequest): string {
  return JSON.stringify([model, engine, contextWindow, template]);
}
