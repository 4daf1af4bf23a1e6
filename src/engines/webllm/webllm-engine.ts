// WebLLM behind the engine seam. Every byte comes from our store by our downloader; WebLLM gets it from a virtual
// folder once all of it is there. One MLCEngine per load, so that nothing of a failed load can leak into the next.
// Nothing here chooses an engine or a model.
import type { ChatCompletionChunk, CompletionUsage } from '@mlc-ai/web-llm';
import type { UseStore } from 'idb-keyval';
import { AppError } from '../../base/errors';
import { part } from '../../base/outdated';
import { renderPrompt, partsOf, templateIn, type TemplateMode } from '../../formats/template';
import type {
  ChatMessage,
  GenerateEvent,
  GenerateRequest,
  LoadProgress,
  ModelInfo,
} from '../../protocol/chat';
import { createDatabase } from '../../store/disk/database';
import type { Fetch } from '../../store/download/request';
import { readLibrary } from '../../store/download/model-library';
import { defaultDatabaseName } from '../../store/shard-store';
import type { FetchProgress, ModelStore, StoredShard } from '../../store/store';
import { isLostPiece, stillLost } from '../../store/disk/stored-shard';
import { Tokenizer } from '../../tokenizer/tokenizer';
import type { Engine, LoadOptions } from '../engine';
import { checkAdapter, probeDevice } from '../device-probe';
import { configForWebLlm, readChatConfig, type ChatConfig } from './chat-config';
import { answerDataAddresses } from './data-fetch';
import { LoadMeter } from './load-meter';
import { toFinish, toUsage, toWebLlmRequest } from './request';
import { start, throwIfAborted, type StartedEngine } from './start';
import { toWebLlmError } from './webllm-errors';
import { infoOf, known, type KnownModel, type WebLlmModel } from './webllm-model';

export interface WebLlmEngineOptions {
  readonly store: ModelStore;
  /** Brings the model library; unless given it is fetched here. @throws AppError as readLibrary */
  readonly library?: (query: LibraryQuery) => Promise<Uint8Array<ArrayBuffer>>;
  /** Where a library that is fetched here is kept: the store's own database unless given. */
  readonly database?: UseStore;
  /** @throws AppError `model/unknown-model`, `model/bad-library` when the model has no library. */
  readonly resolve: (model: string) => WebLlmModel;
  readonly fetch?: Fetch;
  readonly gpu?: GPU;
  /** How WebLLM is to render prompts. Default: exact. */
  readonly templateMode?: TemplateMode;
}

export interface LibraryQuery {
  readonly base: string;
  readonly address: string;
  readonly signal: AbortSignal;
  readonly memoryOnly?: boolean;
}

/** Before a byte has come. */
const nothingYet: LoadProgress = {
  phase: 'config',
  loadedBytes: 0,
  totalBytes: 0,
  fraction: 0,
  fetchedBytes: 0,
};

interface Loaded extends StartedEngine {
  readonly model: KnownModel;
  readonly config: ChatConfig;
  readonly tokenizer: Tokenizer;
}

export function createWebLlmEngine(options: WebLlmEngineOptions): Engine {
  return new WebLlmEngine(options);
}

class WebLlmEngine implements Engine {
  readonly name = 'webllm';
  readonly lost: Promise<Error>;
  readonly #options: WebLlmEngineOptions;
  readonly #database: UseStore;
  #reportLost: (error: AppError) => void = () => {};
  #loaded: Loaded | undefined;
  #loading: Promise<unknown> = Promise.resolve();
  #generating = false;
  #lostError: AppError | undefined;

  constructor(options: WebLlmEngineOptions) {
    answerDataAddresses();
    this.#options = options;
    this.#database = options.database ?? createDatabase(defaultDatabaseName);
    this.lost = new Promise((resolve) => {
      this.#reportLost = resolve;
    });
  }

  load(model: string, options: LoadOptions): Promise<ModelInfo> {
    // WebLLM cannot be stopped at any point, only made to fail at the next read: a load waits for the one before.
    const load = this.#loading.then(() => this.#load(model, options));
    this.#loading = load.catch(() => undefined);
    return load;
  }

  async #load(name: string, { signal, onProgress, memoryOnly = false }: LoadOptions): Promise<ModelInfo> {
    const { store, resolve } = this.#options;
    if (this.#generating) throw busy();
    throwIfAborted(signal);
    await this.#unload();
    const resolved = resolve(name);
    const gpu = systemGpu(this.#options.gpu);
    const probe = await probeDevice(gpu);
    // Before any gigabyte: an adapter that WebLLM would refuse after the download.
    checkAdapter('webllm', probe);
    const meter = new LoadMeter(onProgress);
    onProgress({ ...nothingYet, script: import.meta.url });
    const files = await store.open(resolved.folder, {
      signal,
      onProgress: (progress: FetchProgress) => meter.fetching(progress),
      mirrors: resolved.mirrors ?? [],
      memoryOnly,
    });
    const configText = await files.text('mlc-chat-config.json');
    const read = readChatConfig(configText);
    const config = { ...read, template: templateIn(this.#options.templateMode ?? 'exact', read.template) };
    checkAdapter('webllm', probe, { f16: config.quantization.includes('f16') });
    const webLlm = part(() => import('@mlc-ai/web-llm'));
    // Its failure is handled where it is awaited; until then it must not count as unhandled.
    webLlm.catch(() => undefined);
    const query = { base: files.base, address: resolved.library, signal, memoryOnly };
    const library = await (this.#options.library?.(query) ??
      readLibrary({
        ...query,
        database: this.#database,
        fetch: this.#options.fetch ?? ((url, init) => fetch(url, init)),
      }));
    const tokenizerText = await files.text('tokenizer.json');
    const tokenizer = Tokenizer.parse(tokenizerText);
    const manifest = await files.manifest();
    const model = known(resolved, manifest, config);
    const begin = async (): Promise<StartedEngine> => {
      const shards = new Map<string, StoredShard>();
      for await (const stored of files.shards()) shards.set(stored.shard.dataPath, stored);
      const texts = new Map([
        ['mlc-chat-config.json', configForWebLlm(configText, read.template, config.template, tokenizer)],
        ['tokenizer.json', tokenizerText],
      ]);
      meter.uploading(manifest);
      throwIfAborted(signal);
      const contents = { texts, manifest, shards, library };
      return start(await webLlm, model, contents, { gpu, signal, meter });
    };
    const { engine, device, heldBytes } = await begin().catch((thrown: unknown) => {
      // A stored file was gone: once more, which fetches it again.
      if (!isLostPiece(thrown)) throw thrown;
      return begin().catch((again: unknown) => {
        throw stillLost(thrown, again);
      });
    });
    this.#loaded = { engine, device, heldBytes, model, config, tokenizer };
    this.#watchLoss(device);
    meter.ready();
    return infoOf(model, config, { weightBytes: manifest.totalBytes, gpuBytes: heldBytes() }, probe.adapter);
  }

  async *generate(
    request: GenerateRequest,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<GenerateEvent> {
    const loaded = this.#loaded;
    if (this.#lostError) throw this.#lostError;
    if (!loaded) throw new AppError('run/bad-request', 'Load a model before asking it.');
    if (this.#generating) throw busy();
    const body = toWebLlmRequest(request, loaded.model);
    if (signal.aborted) {
      yield { type: 'done', finishReason: 'cancelled' };
      return;
    }
    this.#generating = true;
    const startMs = performance.now();
    const stop = (): void => {
      // Typed as void, and a promise all the same.
      void Promise.resolve(loaded.engine.interruptGenerate());
    };
    signal.addEventListener('abort', stop);
    try {
      let ttftMs = 0;
      let finish: string | null | undefined;
      let usage: CompletionUsage | undefined;
      const chunks: AsyncIterable<ChatCompletionChunk> = await loaded.engine.chat.completions.create(body);
      for await (const chunk of chunks) {
        if (ttftMs === 0) ttftMs = performance.now() - startMs;
        // WebLLM forgets a stop that came while the run was queued or before its prefill began.
        if (signal.aborted) stop();
        const [choice] = chunk.choices;
        const text = choice?.delta.content;
        if (text) yield { type: 'token', text, tokenIds: [] };
        finish = choice?.finish_reason ?? finish;
        usage = chunk.usage ?? usage;
      }
      if (usage) {
        const promptTokens = countTokens(loaded, request.messages);
        yield { type: 'usage', usage: toUsage(usage, promptTokens, ttftMs) };
      }
      const completionTokens = usage?.completion_tokens ?? 0;
      yield { type: 'done', ...toFinish(finish, signal.aborted, completionTokens, request.max_tokens) };
    } catch (thrown) {
      // After a loss everything WebLLM says is about objects that are gone.
      throw this.#lostError ?? toWebLlmError(thrown);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#generating = false;
    }
  }

  // oxlint-disable-next-line typescript/require-await -- a missing model rejects rather than throws
  async countTokens(messages: readonly ChatMessage[]): Promise<number> {
    if (!this.#loaded) throw new AppError('run/bad-request', 'Load a model before counting tokens.');
    return countTokens(this.#loaded, messages);
  }

  /** Of the load, less what was given up since: what an answer takes for itself WebLLM does not tell. */
  get gpuBytes(): number {
    return this.#loaded?.heldBytes() ?? 0;
  }

  async dispose(): Promise<void> {
    await this.#loading;
    await this.#unload();
  }

  #watchLoss(device: GPUDevice): void {
    void device.lost.then(({ reason, message }) => {
      // Our own unload has taken the model away first.
      if (this.#loaded?.device !== device) return;
      this.#loaded = undefined;
      // WebLLM destroys the device itself when a buffer cannot be made.
      this.#lostError =
        reason === 'destroyed'
          ? new AppError(
              'gpu/out-of-memory',
              'The GPU had no memory left and WebLLM gave the device up. Close other tabs that use the GPU, shorten the context, or choose a smaller model.',
              { details: { engine: 'webllm', message }, retryable: true },
            )
          : new AppError(
              'gpu/device-lost',
              'The GPU was reset or taken away. The model has to be loaded again.',
              { details: { engine: 'webllm', reason, message }, retryable: true },
            );
      this.#reportLost(this.#lostError);
    });
  }

  async #unload(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = undefined;
    if (!loaded) return;
    try {
      await loaded.engine.unload();
    } finally {
      loaded.device.destroy();
    }
  }
}

/** Tokens of the text; a picture's own tokens are known only to WebLLM. */
function countTokens({ config, tokenizer }: Loaded, messages: readonly ChatMessage[]): number {
  const { prefixTokenIds, pieces } = renderPrompt(config.template, messages, 'mlc');
  return pieces.reduce(
    (sum, piece) => sum + tokenizer.encodeParts(partsOf(piece)).length,
    prefixTokenIds.length,
  );
}

function systemGpu(given: GPU | undefined): GPU {
  const gpu = given ?? (navigator as Partial<Navigator>).gpu;
  if (gpu) return gpu;
  throw new AppError(
    'gpu/unavailable',
    'This browser has no WebGPU. Use a current Chrome, Edge, Firefox or Safari, over https or localhost.',
  );
}

function busy(): AppError {
  return new AppError('run/busy', 'The model is still answering: stop it or wait for it.', {
    retryable: true,
  });
}
