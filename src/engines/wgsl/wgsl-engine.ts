// Our own engine behind the seam: one model at a time, one answer at a time. Loading is load-model.ts, answering
// is answer.ts; here is only who may do what when.
import { AppError, invariant } from '../../base/errors';
import { parameterCount, weightBytesPerToken } from '../../formats/decoder-tensors';
import type { TemplateMode } from '../../formats/template';
import { openGpu, type Gpu } from '../../gpu/gpu';
import type { ChatMessage, GenerateEvent, GenerateRequest, ModelInfo } from '../../protocol/chat';
import type { PrefixStore } from '../../store/disk/prefix-store';
import type { ModelStore } from '../../store/store';
import type { Engine, LoadOptions } from '../engine';
import { answer, type LanguageModel } from './answer';
import { checkMessages, checkRequest } from './check-request';
import { loadModel, type LoadedModel, type LoadTuneOptions } from './load-model';
import { kvIdentity, SavedPrefixes, type PrefixSettings } from './saved-prefix';
import { usualContextWindow } from './sizes';
import { TokenCache } from './token-cache';
import type { Logprob } from '../../kernels/logprob/logprob';
import type { TuningMemory } from './tuned-model';

export interface WgslEngineOptions {
  readonly store: ModelStore;
  /**
   * The address of a model's folder, ending in a slash, from a catalogue id or an address.
   * @throws AppError `model/unknown-model`.
   */
  readonly resolve: (model: string) => string;
  /** Other folders with the same files, asked when the first fails. */
  readonly mirrors?: (model: string) => readonly string[];
  readonly openGpu?: () => Promise<Gpu>;
  /** Most positions the KV cache is given room for. */
  readonly maxContextWindow?: number;
  readonly templateMode?: TemplateMode;
  /** Where it is kept how kernels run fastest; without it they run in the usual way. */
  readonly tunings?: TuningMemory;
  readonly tuneOptions?: LoadTuneOptions;
  /** Where the cache of long prompts outlives the page; without it, it does not. */
  readonly prefixes?: PrefixStore;
  readonly prefixSettings?: PrefixSettings;
}

interface Ready extends LoadedModel {
  readonly info: ModelInfo;
  readonly cache: TokenCache;
  readonly guarded: PendingModel;
  readonly saved: SavedPrefixes | undefined;
}

interface Run {
  readonly stop: AbortController;
}

export function createWgslEngine(options: WgslEngineOptions): Engine {
  return new WgslEngine(options);
}

class WgslEngine implements Engine {
  readonly name = 'wgsl';
  readonly lost: Promise<Error>;
  #reportLost: (error: AppError) => void = () => undefined;
  #ready: Ready | undefined;
  #run: Run | undefined;
  /** Loads and disposals follow one another. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: WgslEngineOptions) {
    this.lost = new Promise((resolve) => (this.#reportLost = resolve));
  }

  load(model: string, options: LoadOptions): Promise<ModelInfo> {
    return this.#inTurn(async () => {
      await this.#unload();
      const base = this.options.resolve(model);
      const loaded = await loadModel(
        {
          store: this.options.store,
          openGpu: this.options.openGpu ?? (() => openGpu()),
          maxContextWindow: this.options.maxContextWindow ?? usualContextWindow,
          // Who wants MLC's template wants to compare with WebLLM.
          parity: this.options.templateMode === 'mlc' ? 'webllm' : 'hf',
          mirrors: this.options.mirrors?.(model) ?? [],
          tunings: this.options.tunings,
          tuneOptions: this.options.tuneOptions,
        },
        base,
        options,
      );
      const info = infoOf(model, loaded);
      const cache = new TokenCache(loaded.tokenizer, loaded.config.template, this.options.templateMode);
      const saved = this.#savedOf(loaded);
      this.#ready = { ...loaded, info, cache, saved, guarded: new PendingModel(loaded.model) };
      void loaded.gpu.lost.then((error) => this.#reportLost(error));
      return info;
    });
  }

  async *generate(
    request: GenerateRequest,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<GenerateEvent> {
    const ready = this.#need();
    if (this.#run) {
      throw new AppError('run/busy', 'The model is still answering: stop it or wait for it.', {
        retryable: true,
      });
    }
    const checked = checkRequest(request, ready.info.defaults);
    const run: Run = { stop: new AbortController() };
    this.#run = run;
    try {
      await ready.saved?.stop();
      const events = answer(
        {
          model: ready.guarded,
          tokenizer: ready.tokenizer,
          config: ready.config,
          contextWindow: ready.contextWindow,
          cache: ready.cache,
          saved: ready.saved,
        },
        checked,
        AbortSignal.any([signal, run.stop.signal]),
      );
      for await (const event of events) {
        if (event.type === 'usage') {
          const { prompt_tokens, cached_tokens, ttft_ms } = event.usage;
          ready.saved?.computed(prompt_tokens - cached_tokens, ttft_ms);
        }
        yield event;
      }
    } finally {
      if (this.#run === run) {
        this.#run = undefined;
        ready.saved?.saveLater(ready.cache.ids);
      }
    }
  }

  // oxlint-disable-next-line typescript/require-await -- a bad request rejects rather than throws
  async countTokens(messages: readonly ChatMessage[]): Promise<number> {
    return this.#need().cache.promptIds(checkMessages(messages, 'either')).length;
  }

  /** As the model's ledger has it: the cache grows with the conversation. */
  get gpuBytes(): number {
    return this.#ready?.model.gpuBytes ?? 0;
  }

  dispose(): Promise<void> {
    return this.#inTurn(() => this.#unload());
  }

  #savedOf({ shards, config, base, model }: LoadedModel): SavedPrefixes | undefined {
    const { prefixes: store, prefixSettings: settings } = this.options;
    const identity = store && kvIdentity(shards, config.shape, model.kvLayout);
    if (!identity) return undefined;
    return new SavedPrefixes({ store, base, identity, model, ...(settings && { settings }) });
  }

  #need(): Ready {
    if (this.#ready) return this.#ready;
    throw new AppError('run/bad-request', 'No model is loaded: load one before asking it.');
  }

  async #unload(): Promise<void> {
    const ready = this.#ready;
    this.#ready = undefined;
    if (!ready) return;
    // Ends an answer under way as cancelled; what the GPU is computing for it must be over before it is freed.
    this.#run?.stop.abort();
    await ready.guarded.idle();
    await ready.saved?.close();
    this.#run = undefined;
    ready.model.dispose();
    ready.gpu.dispose();
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** A model that knows whether it is at work. */
class PendingModel implements LanguageModel {
  private pending: Promise<unknown> = Promise.resolve();
  private steps: AsyncGenerator<number, void, undefined> | undefined;

  constructor(private readonly model: LanguageModel) {}

  get pipelines(): number | undefined {
    return this.model.pipelines;
  }

  prefill(...args: Parameters<LanguageModel['prefill']>): Promise<void> {
    return this.track(this.model.prefill(...args));
  }

  async *generate(...args: Parameters<LanguageModel['generate']>): AsyncGenerator<number, void, undefined> {
    const steps = (this.steps = this.model.generate(...args));
    try {
      for (;;) {
        const step = await this.track(steps.next());
        if (step.done) return;
        yield step.value;
      }
    } finally {
      await this.track(steps.return());
    }
  }

  surety(from: number, to: number): Promise<readonly Logprob[]> {
    return this.track(this.model.surety?.(from, to) ?? Promise.resolve([]));
  }

  /** Ends an answer's steps, whether or not anybody still asks for them, and waits for what ran ahead. */
  async idle(): Promise<void> {
    await this.pending;
    await this.steps?.return();
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.pending = work.catch(() => undefined);
    return work;
  }
}

function infoOf(
  id: string,
  { gpu, model, config, contextWindow, weightBytes, kernels, numerics }: LoadedModel,
): ModelInfo {
  const { vendor, architecture, description, fallback, f16 } = gpu.info;
  const { temperature, topP, repetitionPenalty } = config.defaults;
  invariant(model.gpuBytes > 0, 'A loaded model holds no memory');
  return {
    id,
    engine: 'wgsl',
    adapter: { vendor, architecture, description, isFallback: fallback, shaderF16: f16 },
    contextWindow,
    vocabSize: config.shape.vocab,
    parameters: parameterCount(config.shape),
    weightBytes,
    weightBytesPerToken: weightBytesPerToken(config.shape),
    gpuBytes: model.gpuBytes,
    defaults: { temperature, top_p: topP, repetition_penalty: repetitionPenalty },
    kernels,
    ...(numerics && { numerics }),
    abilities: ['json', 'continue'],
  };
}
