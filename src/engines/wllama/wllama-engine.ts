// llama.cpp behind the engine seam, on the processor: for browsers without WebGPU. The same stored file, the same
// template and the same cut between a person's words and tags; only what computes is another's.
import type { RawCompletionChunk, RawCompletionParams } from '@wllama/wllama';
import { AppError } from '../../base/errors';
import { ggufFromMlc } from '../../formats/gguf/from-mlc';
import { parameterCount } from '../../formats/decoder-tensors';
import type { ModelConfig } from '../../formats/model-config';
import { partsOf, renderPrompt } from '../../formats/template';
import type { ChatMessage, GenerateEvent, GenerateRequest, ModelInfo, Usage } from '../../protocol/chat';
import { isGguf } from '../../store/address';
import { Arrivals } from '../../store/download/arrivals';
import type { ModelStore, StoredShard } from '../../store/store';
import { Tokenizer } from '../../tokenizer/tokenizer';
import type { Engine, LoadOptions } from '../engine';
import { checkMessages, checkRequest, type CheckedRequest } from '../wgsl/check-request';
import { describe, type Description } from '../wgsl/load-model';
import { LoadMeter } from '../wgsl/load-meter';
import { TokenCache } from '../wgsl/token-cache';
import { usualContextWindow } from '../wgsl/sizes';
import { LlamaCpp } from './llama-cpp';
import { StoredFile } from './stored-file';

export interface WllamaEngineOptions {
  readonly store: ModelStore;
  /** Brings llama.cpp's program. */
  readonly program: (signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;
  /** The address of a model's folder or GGUF file, from a name. @throws AppError `model/unknown-model` */
  readonly resolve: (model: string) => string;
  readonly mirrors?: (model: string) => readonly string[];
  readonly maxContextWindow?: number;
}

interface Ready {
  readonly llama: LlamaCpp;
  readonly info: ModelInfo;
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly cache: TokenCache;
}

/** A folder of another format is held in memory twice while it is written as a GGUF file: only small ones are. */
const mostFolderBytes = 64 * 2 ** 20;

export function createWllamaEngine(options: WllamaEngineOptions): Engine {
  return new WllamaEngine(options);
}

class WllamaEngine implements Engine {
  readonly name = 'wllama';
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
      this.#ready = await this.#load(model, options);
      return this.#ready.info;
    });
  }

  async #load(model: string, { signal, onProgress, memoryOnly = false }: LoadOptions): Promise<Ready> {
    const { store, program, resolve, mirrors, maxContextWindow = usualContextWindow } = this.#options;
    needMemory64();
    const meter = new LoadMeter(onProgress);
    meter.enter('config');
    const base = resolve(model);
    const files = await store.open(base, {
      signal,
      onProgress: (progress) => meter.fetching(progress),
      mirrors: mirrors?.(model) ?? [],
      memoryOnly,
    });
    const description = await describe(files);
    const { config } = description;
    meter.enter('tokenizer');
    const tokenizerText = await description.tokenizerText();
    const tokenizer = Tokenizer.parse(tokenizerText);
    const manifest = await files.manifest();
    throwIfAborted(signal);
    const { complete, storedBytes } = await store.status(base);
    meter.manifestRead(manifest.totalBytes, complete ? 0 : storedBytes);
    const bytes = await program(signal);
    const shards = new Map<string, StoredShard>();
    for await (const stored of files.shards()) shards.set(stored.shard.dataPath, stored);
    throwIfAborted(signal);
    const onBytes = (count: number): void => meter.uploaded(count);
    const blobs = isGguf(base)
      ? manifest.shards.map(({ dataPath }) => fileOf(shards, dataPath, onBytes).asBlob())
      : [await converted(description, tokenizerText, [...shards.values()], onBytes)];
    const contextWindow = Math.min(config.contextWindow, maxContextWindow);
    const llama = new LlamaCpp({ program: bytes, contextWindow });
    const stop = (): void => void llama.exit();
    signal.addEventListener('abort', stop);
    try {
      await llama.open(blobs);
      meter.enter('compile');
      const tokensPerSecond = await trySpeed(llama);
      throwIfAborted(signal);
      meter.enter('ready');
      return {
        llama,
        config,
        tokenizer,
        cache: new TokenCache(tokenizer, config.template),
        info: infoOf(model, config, {
          contextWindow,
          weightBytes: manifest.totalBytes,
          processor: { threads: llama.threads, tokensPerSecond },
        }),
      };
    } catch (thrown) {
      await llama.exit();
      throwIfAborted(signal);
      throw llama.explain(thrown);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async *generate(
    request: GenerateRequest,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<GenerateEvent> {
    const ready = this.#need();
    if (this.#run) throw busy();
    const checked = checkRequest(request, ready.info.defaults);
    const promptTokens = ready.cache.promptIds(checked.messages).length;
    if (promptTokens > ready.info.contextWindow) throw tooLong(promptTokens, ready.info.contextWindow);
    const stop = new AbortController();
    this.#run = stop;
    try {
      yield* answer(ready, checked, promptTokens, AbortSignal.any([signal, stop.signal]));
    } catch (thrown) {
      const error = ready.llama.explain(thrown);
      if (error.code === 'processor/stopped') this.#fail(ready, error);
      throw error;
    } finally {
      this.#run = undefined;
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a bad request rejects rather than throws
  async countTokens(messages: readonly ChatMessage[]): Promise<number> {
    return this.#need().cache.promptIds(checkMessages(messages, 'either')).length;
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

/** Text in which llama.cpp, which obeys every tag, finds the template's tags and no others. */
export function promptText(
  { config, tokenizer }: { readonly config: ModelConfig; readonly tokenizer: Pick<Tokenizer, 'withoutTags'> },
  messages: readonly ChatMessage[],
): string {
  // The token that begins a text llama.cpp puts there itself, where the file says so.
  return renderPrompt(config.template, messages)
    .pieces.flatMap((piece) => partsOf(piece))
    .map(({ text, trusted }) => (trusted ? text : tokenizer.withoutTags(text)))
    .join('');
}

async function* answer(
  ready: Ready,
  request: CheckedRequest,
  promptTokens: number,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent> {
  const { llama, info, config } = ready;
  const startMs = performance.now();
  const room = info.contextWindow - promptTokens;
  const chunks = new Arrivals<RawCompletionChunk>();
  if (signal.aborted) {
    yield { type: 'done', finishReason: 'cancelled' };
    return;
  }
  const running = llama
    .createCompletion({
      ...bodyOf(request, config, Math.min(request.maxTokens, Math.max(1, room))),
      prompt: promptText(ready, request.messages),
      abortSignal: signal,
      onData: (chunk: RawCompletionChunk) => chunks.push(chunk),
    })
    .then(
      () => chunks.end(),
      (thrown: unknown) => (signal.aborted ? chunks.end() : chunks.fail(thrown)),
    );
  let [tokens, firstMs, lastMs, told] = [0, 0, 0, 0];
  let last: RawCompletionChunk | undefined;
  try {
    for await (const chunk of chunks) {
      last = chunk;
      const { prompt_progress: progress, choices } = chunk;
      if (progress && progress.total > 0) {
        const fraction = Math.min(1, progress.processed / progress.total);
        if (fraction > told && fraction < 1) yield { type: 'prefill', fraction: (told = fraction) };
        continue;
      }
      const [choice] = choices;
      if (choice?.finish_reason) continue;
      lastMs = performance.now();
      firstMs ||= lastMs;
      tokens++;
      if (choice?.text) yield { type: 'token', text: choice.text, tokenIds: [] };
      if (signal.aborted) break;
    }
  } finally {
    // Whoever asks next must find the model at rest.
    await running;
  }
  const seconds = (lastMs - firstMs) / 1000;
  const completion = last?.usage?.completion_tokens ?? tokens;
  const ttftMs = firstMs && firstMs - startMs;
  yield { type: 'usage', usage: usageOf(last, { promptTokens, completion, ttftMs, seconds, tokens }) };
  if (signal.aborted) yield { type: 'done', finishReason: 'cancelled' };
  else if (last?.choices[0]?.finish_reason !== 'length') yield { type: 'done', finishReason: 'stop' };
  else if (completion >= request.maxTokens) yield { type: 'done', finishReason: 'length' };
  else yield { type: 'done', finishReason: 'length', contextFull: true };
}

function bodyOf(
  { sampler, stop, format }: CheckedRequest,
  { template }: ModelConfig,
  maxTokens: number,
): Omit<RawCompletionParams, 'prompt'> & { readonly stream: true } {
  const { temperature, topP, repetitionPenalty, seed } = sampler;
  const schema = format && (format.type === 'json_schema' ? format.json_schema.schema : { type: 'object' });
  // llama.cpp's own names beside OpenAI's: wllama's types know only some of them.
  const own = {
    top_k: 0,
    min_p: 0,
    repeat_penalty: repetitionPenalty,
    cache_prompt: true,
    ...(schema && { json_schema: schema }),
  };
  return {
    stream: true,
    return_progress: true,
    max_tokens: maxTokens,
    temperature,
    top_p: topP,
    stop: [...template.stopStrings, ...stop],
    // Its seeds have 32 bits.
    ...(seed !== undefined && { seed: Number(BigInt.asUintN(32, BigInt(seed))) }),
    ...own,
  };
}

function usageOf(
  last: RawCompletionChunk | undefined,
  figures: {
    readonly promptTokens: number;
    readonly completion: number;
    readonly ttftMs: number;
    readonly seconds: number;
    readonly tokens: number;
  },
): Usage {
  const { timings } = last ?? {};
  const { promptTokens, completion, ttftMs, seconds, tokens } = figures;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completion,
    total_tokens: promptTokens + completion,
    cached_tokens: Math.min(timings?.cache_n ?? 0, promptTokens),
    ttft_ms: ttftMs,
    prefill_tokens_per_s:
      timings && Number.isFinite(timings.prompt_per_second) ? timings.prompt_per_second : 0,
    decode_tokens_per_s: seconds > 0 ? (tokens - 1) / seconds : 0,
  };
}

const triedTokens = 4;

/** Tokens a second, of a few that nobody sees. */
async function trySpeed(llama: LlamaCpp): Promise<number> {
  const { timings } = await llama.createCompletion({
    prompt: '1 2',
    max_tokens: triedTokens,
    temperature: 0,
  });
  return timings && timings.predicted_per_second > 0 ? timings.predicted_per_second : 0;
}

function fileOf(
  shards: ReadonlyMap<string, StoredShard>,
  name: string,
  onBytes: (bytes: number) => void,
): StoredFile {
  const stored = shards.get(name);
  if (stored) return new StoredFile(stored, { onBytes });
  throw new AppError('storage/integrity', `${name} has not come: load the model again.`, { retryable: true });
}

/** A small MLC folder as GGUF. */
async function converted(
  { config }: Description,
  tokenizerText: string,
  shards: readonly StoredShard[],
  onBytes: (bytes: number) => void,
): Promise<Blob> {
  const total = shards.reduce((sum, { shard }) => sum + shard.nbytes, 0);
  if (total > mostFolderBytes)
    throw new AppError(
      'processor/unavailable',
      `On the processor a model of ${total} bytes runs from a GGUF file only: choose one.`,
      { details: { bytes: total } },
    );
  const tensors = new Map<string, Uint8Array>();
  for (const stored of shards) {
    const bytes = new Uint8Array(await new StoredFile(stored, { onBytes }).arrayBuffer());
    for (const { name, byteOffset, nbytes } of stored.shard.records)
      tensors.set(name, bytes.subarray(byteOffset, byteOffset + nbytes));
  }
  const file = ggufFromMlc(config, tokenizerText, (name) => {
    const tensor = tensors.get(name);
    if (tensor) return tensor;
    throw new AppError('model/missing-tensor', `The folder has no ${name}: fetch it again.`, {
      details: { tensor: name },
    });
  });
  return new Blob([file]);
}

function infoOf(
  id: string,
  { shape, defaults }: ModelConfig,
  more: Pick<ModelInfo, 'contextWindow' | 'weightBytes' | 'processor'>,
): ModelInfo {
  return {
    id,
    engine: 'wllama',
    adapter: { vendor: '', architecture: '', description: '', isFallback: false, shaderF16: false },
    vocabSize: shape.vocab,
    parameters: parameterCount(shape),
    gpuBytes: 0,
    defaults: {
      temperature: defaults.temperature,
      top_p: defaults.topP,
      repetition_penalty: defaults.repetitionPenalty,
    },
    abilities: ['json', 'continue'],
    caveats: ['no-token-ids'],
    ...more,
  };
}

/** @throws AppError `processor/unavailable` where the browser has no memory of the kind that the program wants */
function needMemory64(): void {
  try {
    const wide = { address: 'i64', initial: 1n } as unknown as WebAssembly.MemoryDescriptor;
    new WebAssembly.Memory(wide);
  } catch (cause) {
    throw new AppError(
      'processor/unavailable',
      'This browser has no WebAssembly Memory64, which llama.cpp is built for here.',
      { cause },
    );
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AppError('run/aborted', 'Loading the model was cancelled; what is stored stays.');
}

function busy(): AppError {
  return new AppError('run/busy', 'The model is still answering: stop it or wait for it.', {
    retryable: true,
  });
}

function tooLong(promptTokens: number, contextWindow: number): AppError {
  return new AppError(
    'run/context-full',
    `This conversation is ${promptTokens} tokens long and the model has room for ${contextWindow}. Shorten the message, start a new chat, or choose a model with a larger context.`,
    { details: { promptTokens, contextWindow } },
  );
}
