// A stored model -> llama.cpp with that model in it: a GGUF file as it lies in the store, a small folder written as one
// on the way.
import { AppError } from '../../base/errors';
import { ggufFromMlc } from '../../formats/gguf/from-mlc';
import { parameterCount } from '../../formats/decoder-tensors';
import type { ModelConfig } from '../../formats/model-config';
import type { AdapterInfo, ModelInfo } from '../../protocol/chat';
import { heldOrNothing } from '../../store/disk/refused';
import { isGguf } from '../../store/address';
import type { ModelStore, StoredShard } from '../../store/store';
import { Tokenizer } from '../../tokenizer/tokenizer';
import { probeDevice } from '../device-probe';
import type { LoadOptions } from '../engine';
import { describe, type Description } from '../wgsl/load-model';
import { LoadMeter } from '../wgsl/load-meter';
import { TokenCache } from '../wgsl/token-cache';
import { usualContextWindow } from '../wgsl/sizes';
import { LlamaCpp } from './llama-cpp';
import { Pictures } from './pictures';
import { StoredFile } from './stored-file';

export interface WllamaEngineOptions {
  readonly store: ModelStore;
  /** Brings llama.cpp's program. */
  readonly program: (signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;
  /** The address of a model's folder or GGUF file, from a name. @throws AppError `model/unknown-model` */
  readonly resolve: (model: string) => string;
  readonly mirrors?: (model: string) => readonly string[];
  readonly maxContextWindow?: number;
  /** `gpu`: llama.cpp through WebGPU, for comparing with it. The processor without it. */
  readonly on?: 'processor' | 'gpu';
  /** Told each second while llama.cpp's worker begins, and `false` when it has: in Firefox making one can stop this worker. */
  readonly alive?: (alive: boolean) => void;
}

export interface Ready {
  readonly llama: LlamaCpp;
  readonly info: ModelInfo;
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly cache: TokenCache;
  readonly pictures: Pictures;
}

/** A folder of another format is held in memory twice while it is written as a GGUF file: only small ones are. */
const mostFolderBytes = 64 * 2 ** 20;

/**
 * @throws AppError `processor/unavailable`, `processor/stopped`, `run/aborted`, and what the store and the formats throw
 */
export async function loadOnProcessor(
  model: string,
  {
    store,
    program,
    resolve,
    mirrors,
    maxContextWindow = usualContextWindow,
    on = 'processor',
    alive = () => undefined,
  }: WllamaEngineOptions,
  { signal, onProgress, memoryOnly = false }: LoadOptions,
): Promise<Ready> {
  needMemory64();
  const adapter = on === 'gpu' ? await adapterHere() : noAdapter;
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
  const held = await heldOrNothing(store.status(base), undefined, memoryOnly);
  meter.manifestRead(manifest.totalBytes, held?.complete ? 0 : (held?.storedBytes ?? 0));
  const bytes = await program(signal);
  const shards = new Map<string, StoredShard>();
  for await (const stored of files.shards()) shards.set(stored.shard.dataPath, stored);
  throwIfAborted(signal);
  const onBytes = (count: number): void => meter.uploaded(count);
  const blobs = isGguf(base)
    ? manifest.shards.map(({ dataPath }) => fileOf(shards, dataPath, onBytes).asBlob())
    : [await converted(description, tokenizerText, [...shards.values()], onBytes)];
  const contextWindow = Math.min(config.contextWindow, maxContextWindow);
  let llama = new LlamaCpp({ program: bytes, contextWindow, on });
  const wasSilent = (thrown: unknown): boolean =>
    thrown instanceof AppError && thrown.details['silent'] === true;
  const stop = (): void => void llama.exit();
  signal.addEventListener('abort', stop);
  alive(true);
  const pulse = setInterval(alive, 1_000, true);
  try {
    for (let left = silentTries; ; left--) {
      try {
        await llama.open(blobs, silentTries - left);
        break;
      } catch (thrown) {
        if (left === 0 || !wasSilent(thrown)) throw thrown;
        // Firefox starts a worker of a worker, or a thread of it, that never runs, now and then; the next one does.
        void llama.exit();
        throwIfAborted(signal);
        llama = new LlamaCpp({ program: bytes, contextWindow, on });
      }
    }
    meter.enter('compile');
    const tokensPerSecond = await trySpeed(llama);
    throwIfAborted(signal);
    if (config.eyes && llama.marker === undefined) throw blind(config.eyes.name);
    meter.enter('ready');
    return {
      llama,
      config,
      tokenizer,
      cache: new TokenCache(tokenizer, config.template),
      pictures: new Pictures(config.eyes),
      info: infoOf(model, config, {
        contextWindow,
        weightBytes: manifest.totalBytes,
        adapter,
        sees: llama.marker !== undefined,
        ...(on === 'processor' && { processor: { threads: llama.threads, tokensPerSecond } }),
      }),
    };
  } catch (thrown) {
    await llama.exit();
    throwIfAborted(signal);
    throw llama.explain(thrown);
  } finally {
    clearInterval(pulse);
    alive(false);
    signal.removeEventListener('abort', stop);
  }
}

const triedTokens = 4;
/** More, after a first one that never began. */
const silentTries = 2;

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
  {
    sees,
    ...more
  }: Pick<ModelInfo, 'adapter' | 'contextWindow' | 'weightBytes' | 'processor'> & { readonly sees: boolean },
): ModelInfo {
  return {
    id,
    engine: 'wllama',
    vocabSize: shape.vocab,
    parameters: parameterCount(shape),
    gpuBytes: 0,
    defaults: {
      temperature: defaults.temperature,
      top_p: defaults.topP,
      repetition_penalty: defaults.repetitionPenalty,
    },
    abilities: ['json', 'continue', ...(sees ? (['images'] as const) : [])],
    caveats: ['no-token-ids'],
    ...more,
  };
}

function blind(file: string): AppError {
  return new AppError(
    'model/unsupported-arch',
    `llama.cpp does not see by ${file}. Choose the mmproj file that was made for this model, or the model alone, which then reads text only.`,
    { details: { file } },
  );
}

const noAdapter = { vendor: '', architecture: '', description: '', isFallback: false, shaderF16: false };

/** @throws AppError `gpu/unavailable`, `gpu/no-adapter`, `gpu/limit-too-low` */
async function adapterHere(): Promise<AdapterInfo> {
  const { adapter } = await probeDevice();
  if (!('Suspending' in WebAssembly))
    throw new AppError(
      'gpu/unavailable',
      'llama.cpp uses WebGPU only where WebAssembly can wait for it (JSPI), and this browser’s cannot yet.',
    );
  // Its WebGPU registers no other adapter, and it would compute on the processor without a word.
  if (!adapter.shaderF16)
    throw new AppError(
      'gpu/limit-too-low',
      'llama.cpp uses WebGPU only on graphics with half precision (shader-f16), which this has not.',
    );
  return adapter;
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
