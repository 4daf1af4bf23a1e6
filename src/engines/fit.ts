// Whether a model runs on this device, before a byte of it is fetched: memory by formula, limits by the adapter's
// own numbers. What the browser does not tell (a graphics card's memory) is left to measure-memory.ts.
// docs/models.md has the formula and its comparison with WebLLM's declared figures.
import { invariant } from '../base/errors';
import { maxShares } from '../kernels/attention_out/attention_out';
import { kvExtent } from '../model/cache/kv-extent';
import { passRows, workBytes } from '../model/memory';
import type { EngineName } from '../protocol/chat';
import type { FitReason, MemoryEstimate, ModelCard, ModelFit, ModelList } from '../protocol/models';
import type {
  CatalogueBuild,
  CatalogueEngine,
  CatalogueModel,
  CatalogueQuantization,
  CatalogueShape,
} from '../store/catalogue/catalogue';
import { shortfall, type DeviceProbe } from './device-probe';
import { kvElementBytes, prefillRows, usualContextWindow } from './wgsl/sizes';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
/** Rows that WebLLM's libraries put through the model at once while the prompt is read. */
const webLlmRows = 1024;
/** A software adapter answers from models of about this size; above, a word takes seconds. */
const softwareParameters = 50e6;
/** Devices that say they have no more than this get the short context. */
const smallDeviceGiB = 4;
const shortContext = 1024;

export interface EngineSizes {
  /** A software adapter: our engine reads prompts in shorter steps there. */
  readonly isFallback?: boolean;
  /** Of one number in our engine's KV cache. */
  readonly kvElementBytes?: number;
}

/** @returns bytes on the GPU. */
export function estimateMemory(
  model: Pick<CatalogueModel, 'shape' | 'parameters' | 'downloadBytes'>,
  quantization: CatalogueQuantization,
  engine: EngineName,
  contextWindow: number,
  sizes: EngineSizes = {},
): MemoryEstimate {
  const { layers, kvHeads, headDim } = model.shape;
  const isF32 = quantization === 'q4f32_1';
  // WebLLM widens bf16 scales to f32: two more bytes for each group of 32 weights. Ours stay as they are.
  const weights = model.downloadBytes + (engine === 'webllm' && isF32 ? (2 * model.parameters) / 32 : 0);
  const webLlmElementBytes = isF32 ? 4 : 2;
  const elementBytes = engine === 'webllm' ? webLlmElementBytes : (sizes.kvElementBytes ?? kvElementBytes);
  // WebLLM keeps, and attends to, what has fallen out of a window.
  const rows =
    engine === 'webllm' ? contextWindow : wgslRows(model.shape, contextWindow, sizes.isFallback ?? false);
  const kvCache = 2 * layers * kvHeads * headDim * rows * elementBytes;
  const work =
    engine === 'webllm'
      ? webLlmWork(model.shape, webLlmElementBytes)
      : wgslWork(model.shape, contextWindow, sizes.isFallback ?? false);
  const total = Math.ceil(weights + kvCache + work);
  return { engine, contextWindow, weights: Math.ceil(weights), kvCache, work, total };
}

/** Positions that the cache has room for at its largest. */
function wgslRows({ slidingWindow }: CatalogueShape, contextWindow: number, isFallback: boolean): number {
  const chunk = Math.min(prefillRows(isFallback), contextWindow);
  return kvExtent({ contextWindow, slidingWindow, chunk }).rows;
}

/** By the engine's own list of buffers. The catalogue does not say how much of a head rotates: at most all of it. */
function wgslWork(shape: CatalogueShape, contextWindow: number, isFallback: boolean): number {
  const chunk = Math.min(prefillRows(isFallback), contextWindow);
  const splits = Math.max(1, Math.floor(maxShares / shape.heads));
  const logitsRows = isFallback ? 1 : passRows;
  return workBytes({ ...shape, rotaryDim: shape.headDim }, { contextWindow, chunk, splits, logitsRows });
}

function webLlmWork(
  { hidden, heads, kvHeads, headDim, intermediate, vocab }: CatalogueShape,
  elementBytes: number,
): number {
  // residual, normalised and attention rows; q, k and v; gate, up and their product
  const row = 3 * hidden + (heads + 2 * kvHeads) * headDim + 3 * intermediate;
  return webLlmRows * row * elementBytes + 4 * vocab;
}

/** Bytes of the largest tensor: the adapter must bind it, unless an engine can split it. */
export function largestTensorBytes({ hidden, intermediate, vocab }: CatalogueShape): number {
  return Math.max(vocab * hidden, 2 * intermediate * hidden) / 2;
}

/** What an engine would hold, buffer by buffer, for a measured check: weights by layer, then the cache. */
export function plannedBuffers(model: CatalogueModel, memory: MemoryEstimate): readonly number[] {
  const { layers } = model.shape;
  const split = (bytes: number, parts: number): number[] =>
    Array.from({ length: parts }, () => Math.ceil(bytes / parts / 4) * 4);
  // A layer has some nine tensors, the embedding and lm_head together weigh as much as a few layers.
  return [
    ...split(memory.weights, 4 * (layers + 2)),
    ...split(memory.kvCache, 2 * layers),
    ...split(memory.work, 4),
  ];
}

export interface FitOptions {
  /** A person's wish; otherwise 4k, or 1k on a small device, or what the model has if that is less. */
  readonly contextWindow?: number;
}

/** Whether, with what and why. Never throws; asks nothing of the GPU. */
export function fitModel(model: CatalogueModel, probe: DeviceProbe, options: FitOptions = {}): ModelFit {
  if (model.obstacle) return cannot(obstacleReason(model.obstacle));
  if (probe.adapter.isFallback && model.parameters > softwareParameters) {
    return cannot({
      code: 'software-adapter',
      text: 'This browser computes WebGPU in software: a model of this size would need seconds for each word.',
      details: { parameters: model.parameters },
    });
  }
  const candidates = model.builds.flatMap((build) => build.engines.map((engine) => ({ build, engine })));
  const usable = candidates.filter(({ build, engine }) => !blockOf(model, build, engine, probe));
  const [first] = usable;
  if (!first) {
    const blocks = candidates.map(({ build, engine }) => blockOf(model, build, engine, probe));
    return cannot(
      blocks.find((reason) => reason !== undefined) ?? obstacleReason({ code: 'none', text: '' }),
    );
  }
  // Builds are in order of preference; q4f32 is there only for what neither f16 nor our engine can run.
  const engines = usable.filter(({ build }) => build.id === first.build.id).map(({ engine }) => engine);
  const best = contextChoices(model, first.build, probe, options.contextWindow)
    .map((contextWindow) =>
      engines
        // Of a context that is longer than a build's, the engine that goes by the model itself.
        .filter((engine) => engine === 'wgsl' || contextWindow <= usualMost(model, first.build))
        .map((engine) => attempt(model, first.build, engine, contextWindow, probe))
        // The engine that fits better; where they fit alike, the order of the catalogue.
        .sort((a, b) => rank[a.verdict] - rank[b.verdict]),
    )
    // The longest context that any engine has room for.
    .reduce((longer, shorter) => (longer[0]?.verdict === 'cannot' ? shorter : longer));
  const [taken] = best;
  if (!taken || taken.verdict === 'cannot') return cannot(taken?.reason ?? noBuild);
  const { contextWindow } = taken.memory;
  return {
    ...taken,
    contextWindow,
    build: buildFor(model, first.build, contextWindow).id,
    engines: best.filter(({ verdict }) => verdict !== 'cannot').map(({ memory }) => memory.engine),
  };
}

/** What the fitting build would hold on that engine, which need not be the one the fit was weighed for. */
export function memoryOf(
  model: CatalogueModel,
  { build: id, contextWindow }: ModelFit,
  engine: EngineName,
  { adapter }: DeviceProbe,
): MemoryEstimate {
  const build = model.builds.find((entry) => entry.id === id);
  invariant(build, `${model.id} has no build ${id}`);
  const { isFallback } = adapter;
  return estimateMemory(model, build.quantization, engine, contextWindow, { isFallback });
}

const rank = { fits: 0, tight: 1, cannot: 2 } as const;
const noBuild = obstacleReason({ code: 'no-build', text: 'No build of this model is known.' });

/** Tokens of context that a model's builds have. */
function usualMost(model: CatalogueModel, build: CatalogueBuild): number {
  return Math.max(...model.builds.map(({ contextWindow }) => contextWindow), build.contextWindow);
}

/** A wish, and where it goes past what a build has, what there may be room for of it. */
function longContexts(wish: number, most: number): readonly number[] {
  const choices: number[] = [];
  for (let tokens = wish; tokens > most; tokens = Math.ceil(tokens / 2)) choices.push(tokens);
  return choices.length > 0 ? [...choices, most] : [wish];
}

/** Longest first. */
function contextChoices(
  model: CatalogueModel,
  build: CatalogueBuild,
  probe: DeviceProbe,
  wish: number | undefined,
): readonly number[] {
  const most = usualMost(model, build);
  if (wish !== undefined)
    return longContexts(Math.min(wish, Math.max(most, model.longestContext ?? 0)), most);
  const usual = Math.min(usualContextWindow, most);
  const isSmall = (probe.deviceMemoryGiB ?? Infinity) <= smallDeviceGiB;
  const short = Math.min(shortContext, most);
  return isSmall || usual === short ? [short] : [usual, short];
}

/** WebLLM has low-memory ids of some builds, which differ in their context alone. */
function buildFor(model: CatalogueModel, build: CatalogueBuild, contextWindow: number): CatalogueBuild {
  if (build.contextWindow <= contextWindow) return build;
  const shorter = model.builds.find(
    (other) => other.folder === build.folder && other.contextWindow === contextWindow,
  );
  return shorter ?? build;
}

function attempt(
  model: CatalogueModel,
  build: CatalogueBuild,
  engine: EngineName,
  contextWindow: number,
  probe: DeviceProbe,
): Attempt {
  const memory = estimateMemory(model, build.quantization, engine, contextWindow, {
    isFallback: probe.adapter.isFallback,
  });
  const { layers } = model.shape;
  const largest = engine === 'wgsl' ? Math.ceil(memory.kvCache / layers) : 0;
  const allowed = Math.min(probe.limits.maxBufferSize, probe.limits.maxStorageBufferBindingSize);
  if (largest > allowed) {
    const details = { engine, limit: 'maxStorageBufferBindingSize', has: allowed, needed: largest };
    const text = `A conversation of ${contextWindow} tokens takes ${sayBytes(largest)} a layer; this GPU binds ${sayBytes(allowed)}.`;
    return { verdict: 'cannot', reason: { code: 'limit', text, details }, memory };
  }
  return { ...weigh(memory, probe), memory };
}

interface Attempt {
  readonly verdict: ModelFit['verdict'];
  readonly reason: FitReason;
  readonly memory: MemoryEstimate;
}

/** Browsers say a device's memory as a capped power of two: 8 means "8 or more". Half of it is the GPU's to use. */
function roomOf({ deviceMemoryGiB }: Pick<DeviceProbe, 'deviceMemoryGiB'>): ModelList['room'] {
  const firm = deviceMemoryGiB !== undefined && deviceMemoryGiB < 8;
  return { bytes: ((deviceMemoryGiB ?? 8) / 2) * GiB, firm };
}

function weigh(memory: MemoryEstimate, probe: DeviceProbe): Omit<Attempt, 'memory'> {
  const { adapter } = probe;
  const needed = memory.total;
  const { bytes: available, firm } = roomOf(probe);
  const numbers = `${sayBytes(needed)} of GPU memory needed (weights ${sayBytes(memory.weights)}, conversation ${sayBytes(memory.kvCache)}, work ${sayBytes(memory.work)})`;
  const details = { needed, available };
  if (needed <= available || (adapter.isFallback && needed < GiB)) {
    return {
      verdict: 'fits',
      reason: { code: 'enough', text: `${numbers}; about ${sayBytes(available)} to be had.`, details },
    };
  }
  if (!firm || needed <= 1.5 * available) {
    return {
      verdict: 'tight',
      reason: {
        code: 'memory',
        text: `${numbers}; this browser vouches for ${sayBytes(available)} only. A test before the download will tell.`,
        details,
      },
    };
  }
  return {
    verdict: 'cannot',
    reason: {
      code: 'memory',
      text: `${numbers}; this device has about ${sayBytes(available)} for it.`,
      details,
    },
  };
}

/** What keeps one engine from running one build here. */
function blockOf(
  model: CatalogueModel,
  build: CatalogueBuild,
  engine: CatalogueEngine,
  probe: DeviceProbe,
): FitReason | undefined {
  const missing = shortfall(engine, probe, { f16: build.quantization === 'q4f16_1' });
  if (missing) {
    const { limit, has, needed } = missing;
    const text =
      limit === 'shader-f16'
        ? 'This GPU cannot compute in half precision (shader-f16), which this build needs.'
        : `This GPU allows ${limit}=${has}; ${needed} are needed.`;
    return { code: 'limit', text, details: { engine, limit, has, needed } };
  }
  if (engine === 'webllm') {
    const { maxBufferSize, maxStorageBufferBindingSize } = probe.limits;
    // WebLLM asks for 1 GiB, and where that is not to be had, for the defaults; nothing in between.
    const binding = maxStorageBufferBindingSize >= GiB ? GiB : 128 * MiB;
    const has = Math.min(binding, maxBufferSize >= GiB ? GiB : 256 * MiB);
    const needed = largestTensorBytes(model.shape);
    if (needed > has) {
      return {
        code: 'tensor-too-large',
        text: `One tensor of this model has ${sayBytes(needed)}; WebLLM can bind ${sayBytes(has)} on this GPU.`,
        details: { engine, needed, has },
      };
    }
  }
  return undefined;
}

function obstacleReason({ code, text }: { readonly code: string; readonly text: string }): FitReason {
  return { code: 'obstacle', text, details: { obstacle: code } };
}

function cannot(reason: FitReason): ModelFit {
  return { verdict: 'cannot', reason, build: undefined, engines: [], contextWindow: 0, memory: undefined };
}

/** @param language BCP 47 of the person; a model that speaks it is offered before one that does not. */
export function listModels(
  models: readonly CatalogueModel[],
  probe: DeviceProbe,
  { language = 'en', ...options }: FitOptions & { readonly language?: string } = {},
): ModelList {
  const cards = models.map((model) => toCard(model, fitModel(model, probe, options)));
  const spoken = language.split('-', 1)[0] ?? language;
  const rank = (card: ModelCard): number => {
    const { preference = 100 } = models.find(({ id }) => id === card.id) ?? {};
    const verdict = { fits: 0, tight: 10_000, cannot: 100_000 }[card.fit.verdict];
    return verdict + (card.languages.includes(spoken) ? 0 : 1000) + preference;
  };
  const preselected = cards.reduce((a, b) => (rank(b) < rank(a) ? b : a)).id;
  return {
    adapter: probe.adapter,
    ...(probe.deviceMemoryGiB !== undefined && { deviceMemoryGiB: probe.deviceMemoryGiB }),
    room: roomOf(probe),
    cards,
    preselected,
  };
}

function toCard(model: CatalogueModel, fit: ModelFit): ModelCard {
  const { id, name, purpose, languages, licence, parameters, downloadBytes, downloadIsExact, seesImages } =
    model;
  const build = model.builds.find((entry) => entry.id === fit.build);
  const needsF16 = fit.engines[0] === 'webllm' && build?.quantization === 'q4f16_1';
  return {
    ...{ id, name, purpose, languages, licence, parameters, downloadBytes, downloadIsExact, seesImages },
    engines: [...new Set(model.builds.flatMap(({ engines }) => engines))],
    features: needsF16 ? ['shader-f16'] : [],
    ...(model.quoted && { quoted: model.quoted }),
    ...(model.obstacle && { obstacle: model.obstacle }),
    fit,
  };
}

function sayBytes(bytes: number): string {
  return bytes >= GiB ? `${(bytes / GiB).toFixed(1)} GiB` : `${Math.ceil(bytes / MiB)} MiB`;
}
