// llama.cpp behind the engine seam, on the processor: for browsers without WebGPU. The same stored file, the same
// template and the same cut between a person's words and tags; only what computes is another's.
import { AppError } from '../../base/errors';
import type { ChatMessage, GenerateEvent, GenerateRequest, ModelInfo } from '../../protocol/chat';
import type { Engine, LoadOptions } from '../engine';
import { checkMessages, checkRequest } from '../wgsl/check-request';
import { answer } from './answer';
import { loadOnProcessor, type Ready, type WllamaEngineOptions } from './load';
import { tokensOf } from './pictures';

export function createWllamaEngine(options: WllamaEngineOptions): Engine {
  return new WllamaEngine(options);
}

class WllamaEngine implements Engine {
  readonly name = 'wllama';
  readonly gpuBytes = 0;
  readonly lost: Promise<Error>;
  readonly #options: WllamaEngineOptions;
  #reportLost: (error: AppError) => void = () => undefined;
  #ready: Ready | undefined;
  #run: AbortController | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: WllamaEngineOptions) {
    this.#options = options;
    this.lost = new Promise((resolve) => (this.#reportLost = resolve));
  }

  load(model: string, options: LoadOptions): Promise<ModelInfo> {
    return this.#inTurn(async () => {
      await this.#unload();
      this.#ready = await loadOnProcessor(model, this.#options, options);
      return this.#ready.info;
    });
  }

  async *generate(
    request: GenerateRequest,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<GenerateEvent> {
    const ready = this.#need();
    if (this.#run) throw busy();
    const checked = checkRequest(request, ready.info.defaults, { sees: ready.config.eyes !== undefined });
    const stop = new AbortController();
    this.#run = stop;
    try {
      yield* answer(ready, checked, AbortSignal.any([signal, stop.signal]));
    } catch (thrown) {
      const error = ready.llama.explain(thrown);
      if (error.code === 'processor/stopped') this.#fail(ready, error);
      throw error;
    } finally {
      this.#run = undefined;
    }
  }

  /** Those of pictures at most: llama.cpp counts them when it has cut them up. */
  async countTokens(messages: readonly ChatMessage[]): Promise<number> {
    const { cache, config, pictures } = this.#need();
    const checked = checkMessages(messages, 'either', { sees: config.eyes !== undefined });
    return cache.promptIds(checked).length + tokensOf(await pictures.of(checked));
  }

  dispose(): Promise<void> {
    return this.#inTurn(() => this.#unload());
  }

  #need(): Ready {
    if (this.#ready) return this.#ready;
    throw new AppError('run/bad-request', 'No model is loaded: load one before asking it.');
  }

  /** Its memory is of no more use: whoever holds the engine makes a new one. */
  #fail(ready: Ready, error: AppError): void {
    if (this.#ready !== ready) return;
    this.#ready = undefined;
    void ready.llama.exit();
    this.#reportLost(error);
  }

  async #unload(): Promise<void> {
    const ready = this.#ready;
    this.#ready = undefined;
    this.#run?.abort();
    await ready?.llama.exit();
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

function busy(): AppError {
  return new AppError('run/busy', 'The model is still answering: stop it or wait for it.', {
    retryable: true,
  });
}
