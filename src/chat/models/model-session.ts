// Which model is loaded, how far loading has come, and what to do when the worker crashes or the GPU device is
// lost: load again by itself once, then leave it to the person. Knows nothing of conversations.
import { AppError, toAppError } from '../../base/errors';
import type { BenchmarkOptions, EngineClient, EngineMemory } from '../../client/client';
import type { BenchmarkReport } from '../../protocol/benchmark';
import type { ChatMessage, EngineName, LoadPhase, LoadProgress, PromptTemplate } from '../../protocol/chat';
import type { LentModel } from '../../base/lent-model';
import type { ModelList } from '../../protocol/models';
import type { Comparison, LoadedModel } from '../../protocol/rpc';
import { Subscribable } from '../subscribable';

export type ModelState =
  /** Not begun, or cancelled: the next question loads it. */
  | { readonly kind: 'idle'; readonly model: string }
  | {
      readonly kind: 'loading';
      readonly model: string;
      readonly progress: LoadProgress | undefined;
      /** Why it loads again, when it was lost. */
      readonly recoveringFrom: AppError | undefined;
      /** Nothing of it is being stored. */
      readonly memoryOnly?: boolean;
    }
  | {
      readonly kind: 'ready';
      readonly model: string;
      readonly info: LoadedModel;
      /** It runs from memory: the next start has to fetch it again. */
      readonly memoryOnly?: boolean;
    }
  | { readonly kind: 'failed'; readonly model: string; readonly error: AppError };

/** Phases overlap while weights stream; shown, they only go forward. */
const stages: Readonly<Record<LoadPhase, number>> = {
  config: 0,
  tokenizer: 0,
  manifest: 0,
  shards: 1,
  verify: 1,
  upload: 1,
  compile: 2,
  ready: 3,
};

export interface LoadWish {
  readonly engine?: EngineName | undefined;
  /** Tokens. */
  readonly context?: number | undefined;
  readonly template?: PromptTemplate | undefined;
}

export interface LoadOptions {
  readonly memoryOnly?: boolean;
  readonly agreed?: boolean;
  /** In the place of the wish, for this load and those that mend it. */
  readonly engine?: EngineName;
  readonly lent?: LentModel;
}

export class ModelSession extends Subscribable<ModelState> {
  readonly #client: EngineClient;
  readonly #wish: () => LoadWish;
  /** By language; the device stays the same for as long as the page. */
  readonly #lists = new Map<string, Promise<ModelList>>();
  #load: AbortController | undefined;
  #recovered = false;
  /** Models whose download the person has said yes to. */
  readonly #agreed = new Set<string>();
  /** Of the last load. */
  #memoryOnly = false;
  /** Of the last load. */
  #engine: EngineName | undefined;
  /** Of the last load. */
  #lent: LentModel | undefined;

  /** @param wish what the person has asked for, if anything. */
  constructor(client: EngineClient, model: string, wish: () => LoadWish = () => ({})) {
    super({ kind: 'idle', model });
    this.#client = client;
    this.#wish = wish;
    client.onLost((error) => this.#onLost(error));
  }

  /** What is known of the loaded model; undefined while none is. */
  get loaded(): LoadedModel | undefined {
    const state = this.getState();
    return state.kind === 'ready' ? state.info : undefined;
  }

  /**
   * Loads the given model, or the present one again; a load that is under way gives way. Never rejects.
   * `memoryOnly`: without storing anything of it, for when storage is full. `engine`: the one that can do what is
   * wanted, where the person's own wish may be another. `agreed`: the person has said yes to its
   * download, however big; without it a big one fails with `run/needs-consent`. `lent`: where it lies, so that nothing is fetched.
   */
  async load(
    model: string = this.getState().model,
    { memoryOnly = false, agreed = false, engine, lent }: LoadOptions = {},
  ): Promise<void> {
    if (agreed) this.#agreed.add(model);
    this.#recovered = false;
    this.#memoryOnly = memoryOnly;
    this.#lent = lent;
    this.#engine = engine;
    await this.#start(model, undefined);
  }

  /** Stops a load that is under way; what has arrived is kept. */
  cancel(): void {
    const { kind, model } = this.getState();
    if (kind !== 'loading') return;
    const load = this.#load;
    this.#load = undefined;
    this.set({ kind: 'idle', model });
    load?.abort();
  }

  /** Every model with whether it fits this device. */
  list(language: string): Promise<ModelList> {
    const known = this.#lists.get(language);
    if (known) return known;
    const list = this.#client.models(language);
    this.#lists.set(language, list);
    list.catch(() => this.#lists.delete(language));
    return list;
  }

  /**
   * Tokens of a conversation's texts as the loaded model counts them; undefined while none is loaded, or when it cannot.
   */
  async count(messages: readonly ChatMessage[]): Promise<number | undefined> {
    if (this.getState().kind !== 'ready') return undefined;
    const texts = messages.map(({ role, content }) => ({ role, content }));
    // A meter that cannot be read is no reason to disturb anybody.
    return this.#client.countTokens(texts).catch(() => undefined);
  }

  /** Times every engine on the present model, then loads it again. `cancel` ends it. @throws AppError */
  compare(onStart: (engine: EngineName) => void): Promise<Comparison> {
    return this.#instead((model, signal) => this.#client.compareEngines(model, { signal, onStart }));
  }

  /** Measures device and engines on the present model, then loads it again. `cancel` ends it. @throws AppError */
  benchmark(options: BenchmarkOptions): Promise<BenchmarkReport> {
    return this.#instead((model, signal) =>
      this.#client.benchmark(model, { ...options, signal: AbortSignal.any([signal, options.signal]) }),
    );
  }

  /** What the engine holds now, wherever it is; undefined where it does not say. */
  async held(): Promise<EngineMemory | undefined> {
    // Figures are no reason to disturb anybody.
    return this.#client.held().catch(() => undefined);
  }

  /** An answer came through: the next loss may be recovered from by itself again. */
  noteHealthy(): void {
    this.#recovered = false;
  }

  /**
   * The client, once the model is ready; begins to load it where nothing does.
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
      if (!signal.aborted && this.getState().kind === 'idle') void this.load();
    });
  }

  /** Does something that needs the worker to itself in the place of a load. */
  async #instead<T>(work: (model: string, signal: AbortSignal) => Promise<T>): Promise<T> {
    const state = this.getState();
    const { model } = state;
    // It would fetch what the person has not said yes to.
    if (state.kind === 'failed' && state.error.code === 'run/needs-consent') throw state.error;
    this.#load?.abort();
    const load = new AbortController();
    this.#load = load;
    this.set({ kind: 'loading', model, progress: undefined, recoveringFrom: undefined });
    try {
      return await work(model, load.signal);
    } finally {
      if (this.#load === load) void this.#start(model, undefined);
    }
  }

  async #start(model: string, recoveringFrom: AppError | undefined): Promise<void> {
    this.#load?.abort();
    const load = new AbortController();
    this.#load = load;
    const isCurrent = (): boolean => this.#load === load;
    const storing = this.#memoryOnly ? ({ memoryOnly: true } as const) : {};
    this.set({ kind: 'loading', model, progress: undefined, recoveringFrom, ...storing });
    try {
      const { engine: wished, context, template } = this.#wish();
      const engine = this.#engine ?? wished;
      const info = await this.#client.load(model, {
        ...(engine && { engine }),
        ...(context && { contextWindow: context }),
        ...(template && { template }),
        ...(this.#lent && { lent: this.#lent }),
        ...(this.#agreed.has(model) && { agreed: true }),
        ...storing,
        signal: load.signal,
        onProgress: (progress) => {
          if (isCurrent()) this.#onProgress(progress);
        },
      });
      if (isCurrent()) this.set({ kind: 'ready', model, info, ...storing });
    } catch (thrown) {
      if (!isCurrent()) return;
      const error = toAppError(thrown);
      if (error.code === 'gpu/device-lost') this.#recover(model, error);
      else this.set({ kind: 'failed', model, error });
    }
  }

  #onProgress(progress: LoadProgress): void {
    const state = this.getState();
    if (state.kind !== 'loading') return;
    const { progress: last } = state;
    const before = last?.fraction ?? 0;
    // A bar that goes back looks broken, whatever an engine reports.
    const fraction = Math.min(
      1,
      Math.max(before, Number.isFinite(progress.fraction) ? progress.fraction : before),
    );
    const isLater = !last || stages[progress.phase] >= stages[last.phase];
    this.set({ ...state, progress: { ...progress, fraction, phase: isLater ? progress.phase : last.phase } });
  }

  #onLost(error: AppError): void {
    const { kind, model } = this.getState();
    // During a load the load's own promise tells; after a failure there is nothing left to lose.
    if (kind === 'ready') this.#recover(model, error);
  }

  #recover(model: string, error: AppError): void {
    if (this.#recovered) {
      this.#load = undefined;
      this.set({ kind: 'failed', model, error });
      return;
    }
    this.#recovered = true;
    void this.#start(model, error);
  }
}
