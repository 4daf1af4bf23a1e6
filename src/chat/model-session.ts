// Which model is loaded, how far loading has come, and what to do when the worker crashes or the GPU device is
// lost: load again by itself once, then leave it to the person. Knows nothing of conversations.
import { AppError, toAppError } from '../base/errors';
import type { EngineClient } from '../client/client';
import type { LoadProgress, ModelInfo } from '../protocol/chat';
import { Subscribable } from './subscribable';

export type ModelState =
  | { readonly kind: 'idle'; readonly model: string }
  | {
      readonly kind: 'loading';
      readonly model: string;
      readonly progress: LoadProgress | undefined;
      /** Why it loads again, when it was lost. */
      readonly recoveringFrom: AppError | undefined;
    }
  | { readonly kind: 'ready'; readonly model: string; readonly info: ModelInfo }
  | { readonly kind: 'failed'; readonly model: string; readonly error: AppError };

export class ModelSession extends Subscribable<ModelState> {
  readonly #client: EngineClient;
  #load: AbortController | undefined;
  #recovered = false;

  constructor(client: EngineClient, model: string) {
    super({ kind: 'idle', model });
    this.#client = client;
    client.onLost((error) => this.#onLost(error));
  }

  /** Loads the given model, or the present one again; a load that is under way gives way. Never rejects. */
  async load(model: string = this.getState().model): Promise<void> {
    this.#recovered = false;
    await this.#start(model, undefined);
  }

  /** An answer came through: the next loss may be recovered from by itself again. */
  noteHealthy(): void {
    this.#recovered = false;
  }

  /**
   * The client, once the model is ready.
   * @throws AppError `run/aborted`, or why loading failed.
   */
  whenReady(signal: AbortSignal): Promise<EngineClient> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const state = this.getState();
        if (signal.aborted)
          settle(() => reject(new AppError('run/aborted', 'Stopped before the model was ready.')));
        else if (state.kind === 'ready') settle(() => resolve(this.#client));
        else if (state.kind === 'failed') settle(() => reject(state.error));
      };
      const unsubscribe = this.subscribe(check);
      const settle = (end: () => void): void => {
        unsubscribe();
        signal.removeEventListener('abort', check);
        end();
      };
      signal.addEventListener('abort', check);
      check();
    });
  }

  async #start(model: string, recoveringFrom: AppError | undefined): Promise<void> {
    this.#load?.abort();
    const load = new AbortController();
    this.#load = load;
    const isCurrent = (): boolean => this.#load === load;
    this.set({ kind: 'loading', model, progress: undefined, recoveringFrom });
    try {
      const info = await this.#client.load(model, {
        signal: load.signal,
        onProgress: (progress) => {
          if (isCurrent()) this.#onProgress(progress);
        },
      });
      if (isCurrent()) this.set({ kind: 'ready', model, info });
    } catch (thrown) {
      if (isCurrent()) this.set({ kind: 'failed', model, error: toAppError(thrown) });
    }
  }

  #onProgress(progress: LoadProgress): void {
    const state = this.getState();
    if (state.kind !== 'loading') return;
    const before = state.progress?.fraction ?? 0;
    // A bar that goes back looks broken, whatever an engine reports.
    const fraction = Math.min(
      1,
      Math.max(before, Number.isFinite(progress.fraction) ? progress.fraction : before),
    );
    this.set({ ...state, progress: { ...progress, fraction } });
  }

  #onLost(error: AppError): void {
    const { kind, model } = this.getState();
    // During a load the load's own promise tells; after a failure there is nothing left to lose.
    if (kind !== 'ready') return;
    if (this.#recovered) {
      this.#load = undefined;
      this.set({ kind: 'failed', model, error });
      return;
    }
    this.#recovered = true;
    void this.#start(model, error);
  }
}
