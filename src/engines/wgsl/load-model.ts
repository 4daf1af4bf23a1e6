// A model folder -> a model on the GPU. Small files first, every check that needs no weights before the first
// weight, compilers at work as soon as the model's shape is known; then shards from the store straight into GPU buffers, a piece at a time, while pipelines compile. Whatever
// fails, or an abort, frees all of it: there is no half-loaded model.
import { AppError, toAppError } from '../../base/errors';
import type { TensorManifest, TensorRecord } from '../../formats/mlc/manifest';
import type { ModelConfig, ModelShape } from '../../formats/model-config';
import { configFile, parseConfig } from '../../formats/mlc/parse-config';
import { ggufConfig } from '../../formats/gguf/config';
import { Metadata } from '../../formats/gguf/metadata';
import { ggufHeadFile, parseHeads } from '../../formats/gguf/model-file';
import { tokenizerJson } from '../../formats/gguf/tokenizer-json';
import { requiredTensors } from '../../formats/decoder-tensors';
import type { Gpu } from '../../gpu/gpu';
import { DecoderModel } from '../../model/decoder-model';
import type { TuneOptions } from '../../model/tuning/tune';
import { tuningNames } from '../../model/tuning/tuning';
import type { KernelChoice } from '../../protocol/chat';
import { isGguf } from '../../store/address';
import { trainedWindow } from '../../store/catalogue/catalogue';
import { heldOrNothing } from '../../store/disk/refused';
import type { ModelFiles, ModelStore } from '../../store/store';
import { tokenizerFile } from '../../tokenizer/check-tokenizer';
import { Tokenizer } from '../../tokenizer/tokenizer';
import type { LoadOptions } from '../engine';
import { checkKernels, throwIfWrong, type KernelReport } from './kernel-check';
import { LoadMeter } from './load-meter';
import { kvFormat, prefillRows } from './sizes';
import { isWorthTuning, recallTuning, tuneModel, tuningKey, type TuningMemory } from './tuned-model';
import { aborted, throwIfAborted, uploadShards, type UploadTarget } from './upload-shards';

export interface LoadContext {
  readonly store: ModelStore;
  readonly openGpu: () => Promise<Gpu>;
  /** The KV cache grows up to this, so a folder that promises 131072 positions must not decide alone. */
  readonly maxContextWindow: number;
  /** Whose logits: without it Transformers'. WebLLM knows no window, and short rope factors only. */
  readonly parity?: 'hf' | 'webllm' | undefined;
  /** Other folders with the same files. */
  readonly mirrors?: readonly string[];
  /** Where it is kept how kernels run fastest here; without it they run in the usual way. */
  readonly tunings?: TuningMemory | undefined;
  readonly tuneOptions?: LoadTuneOptions | undefined;
}

export interface LoadTuneOptions extends TuneOptions {
  /** Whatever the adapter and the model: for tests of tuning itself. */
  readonly always?: boolean;
}

export interface LoadedModel {
  readonly gpu: Gpu;
  readonly model: DecoderModel;
  readonly tokenizer: Tokenizer;
  readonly config: ModelConfig;
  readonly contextWindow: number;
  readonly weightBytes: number;
  readonly kernels: KernelChoice;
  /** Of the kernels that read its blocks, where it has any. */
  readonly numerics: KernelReport | undefined;
  readonly base: string;
  readonly shards: TensorManifest['shards'];
}

/** @param base the folder's address, ending in a slash. @throws AppError; nothing stays behind. */
export async function loadModel(
  context: LoadContext,
  base: string,
  { signal, onProgress, memoryOnly = false }: LoadOptions,
): Promise<LoadedModel> {
  const failed = new AbortController();
  const meter = new LoadMeter(onProgress);
  let gpu: Gpu | undefined;
  let model: DecoderModel | undefined;
  try {
    throwIfAborted(signal);
    meter.enter('config');
    // Before any gigabyte: a device that cannot run a model should say so at once.
    gpu = await context.openGpu();
    throwIfAborted(signal);
    const files = await context.store.open(base, {
      signal: AbortSignal.any([signal, failed.signal]),
      onProgress: (progress) => meter.fetching(progress),
      mirrors: context.mirrors ?? [],
      memoryOnly,
    });
    const { config, manifest, required, readTokenizer } = await readShape(files, context, meter, signal);
    const held = await heldOrNothing(context.store.status(base), undefined, memoryOnly);
    throwIfAborted(signal);
    meter.manifestRead(manifest.totalBytes, held?.complete ? 0 : (held?.storedBytes ?? 0));
    const contextWindow = Math.min(config.contextWindow, context.maxContextWindow);
    const { tuneOptions } = context;
    const worthTuning = tuneOptions?.always ?? isWorthTuning(gpu.info, manifest.totalBytes);
    const tunings = worthTuning ? context.tunings : undefined;
    const key = tunings ? tuningKey(gpu.info, config.shape, navigator.userAgent) : '';
    const tuned = tunings && (await recallTuning(tunings, key, gpu.info, config.shape));
    throwIfAborted(signal);
    const chunk = Math.min(config.prefillChunk, prefillRows(gpu.info.fallback));
    model = await DecoderModel.create(gpu, config.shape, {
      contextWindow,
      ...(tuned && { tuning: tuned.tuning, passCost: tuned.passCost }),
      kvFormat,
      prefillChunk: chunk,
    });
    throwIfAborted(signal);
    if (tunings && !tuned) void model.prepareTuning(tuneOptions);
    // Beside the compilers: the words of a large vocabulary take a while.
    const tokenizer = await readTokenizer();
    await uploadShards(files, uploadTarget(required, model, gpu, meter), signal);
    meter.enter('compile');
    const isPartly = gpu.info.fallback && !tunings;
    await (isPartly ? model.readyToBegin() : model.ready());
    throwIfAborted(signal);
    const tuningMs = tunings && !tuned ? await tuneModel(model, tunings, key, tuneOptions) : tuned?.elapsedMs;
    if (!tunings) await model.measurePass();
    throwIfAborted(signal);
    const checked = { gpu, shape: config.shape, model, contextWindow, chunk };
    const numerics = await checkKernels(checked, isPartly ? 'first' : 'all');
    if (numerics) throwIfWrong(numerics);
    throwIfAborted(signal);
    meter.enter('ready');
    const { shards, totalBytes: weightBytes } = manifest;
    const kernels: KernelChoice = {
      ways: tuningNames(model.tuning),
      from: tuned ? 'remembered' : tuningMs === undefined ? 'default' : 'measured',
      ...(tuningMs !== undefined && { tuningMs }),
    };
    return {
      gpu,
      model,
      tokenizer,
      config,
      contextWindow,
      weightBytes,
      kernels,
      numerics,
      base: files.base,
      shards,
    };
  } catch (thrown) {
    failed.abort();
    const error = signal.aborted ? aborted() : toAppError(thrown);
    const lost = gpu && /^(gpu|internal)/.test(error.code) ? await lossBehind(gpu) : undefined;
    model?.dispose();
    gpu?.dispose();
    throw lost ?? error;
  }
}

interface SmallFiles {
  readonly config: ModelConfig;
  readonly manifest: TensorManifest;
  readonly required: ReadonlyMap<string, TensorRecord>;
  /** @throws AppError `tokenizer/*` */
  readonly readTokenizer: () => Promise<Tokenizer>;
}

/** What the folder leaves out, the catalogue may know; what WebLLM leaves out is left out where that is wanted. */
export function shapeOf(shape: ModelShape, parity: LoadContext['parity'] = 'hf'): ModelShape {
  if (parity === 'hf') return { ...shape, slidingWindow: shape.slidingWindow ?? trainedWindow(shape) };
  const longRope = shape.longRope && { ...shape.longRope, originalMaxPosition: Infinity };
  return { ...shape, slidingWindow: undefined, longRope };
}

async function readShape(
  files: ModelFiles,
  { parity }: Pick<LoadContext, 'parity'>,
  meter: LoadMeter,
  signal: AbortSignal,
): Promise<SmallFiles> {
  const { config: read, tokenizerText } = await describe(files);
  const config: ModelConfig = { ...read, shape: shapeOf(read.shape, parity) };
  throwIfAborted(signal);
  meter.enter('manifest');
  const manifest = await files.manifest();
  throwIfAborted(signal);
  const required = requiredTensors(manifest, config.shape);
  const readTokenizer = async (): Promise<Tokenizer> => {
    meter.enter('tokenizer');
    const tokenizer = Tokenizer.parse(await tokenizerText());
    throwIfAborted(signal);
    checkVocab(tokenizer, config.shape);
    return tokenizer;
  };
  return { config, manifest, required, readTokenizer };
}

function checkVocab({ idCount }: Tokenizer, { vocab }: ModelShape): void {
  if (idCount <= vocab) return;
  throw new AppError(
    'tokenizer/bad-vocab',
    `${tokenizerFile} has ids up to ${idCount - 1}, but the model's vocab_size is ${vocab}. ` +
      'The files are from different models: fetch the folder again or choose another model.',
    { details: { file: tokenizerFile, ids: idCount, vocab } },
  );
}

export interface Description {
  readonly config: ModelConfig;
  /** What tokenizer.json says, or would say. */
  readonly tokenizerText: () => Promise<string>;
}

/** What a model's small files say, of either format. */
export async function describe(files: ModelFiles): Promise<Description> {
  if (!isGguf(files.base))
    return {
      config: parseConfig(await files.text(configFile)),
      tokenizerText: () => files.text(tokenizerFile),
    };
  const model = parseHeads(await files.text(ggufHeadFile));
  const tokenizerText = (): Promise<string> => Promise.resolve(tokenizerJson(new Metadata(model.metadata)));
  return { config: ggufConfig(model), tokenizerText };
}

function uploadTarget(
  required: ReadonlyMap<string, TensorRecord>,
  model: DecoderModel,
  gpu: Gpu,
  meter: LoadMeter,
): UploadTarget {
  return {
    wants: ({ name }) => required.has(name),
    upload: (record, offset, bytes) => model.upload(record, bytes, offset),
    flush: () => flush(gpu),
    onBytes: (nbytes) => meter.uploaded(nbytes),
  };
}

/** Until the GPU has taken what was written: writes wait for a submit. */
async function flush(gpu: Gpu): Promise<void> {
  gpu.device.queue.submit([]);
  await gpu.device.queue.onSubmittedWorkDone();
  const problem = gpu.failure();
  if (problem) throw problem;
}

/** A lost device fails whatever was under way in its own words, and may say only a moment later that it is lost. */
const lossTellsWithinMs = 200;

function lossBehind(gpu: Gpu): Promise<AppError | undefined> {
  return Promise.race([
    gpu.lost,
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), lossTellsWithinMs)),
  ]);
}
