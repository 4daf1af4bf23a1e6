// An engine client that answers from a script: for component and store tests only, never in the app.
import { AppError } from '../base/errors';
import type { BenchmarkReport, BenchmarkRow } from '../protocol/benchmark';
import type {
  ChatMessage,
  EngineName,
  GenerateEvent,
  GenerateRequest,
  LoadProgress,
  Usage,
} from '../protocol/chat';
import type { ModelCard, ModelFit, ModelList } from '../protocol/models';
import type { Comparison, LoadedModel } from '../protocol/rpc';
import type { BenchmarkOptions, EngineClient, EngineMemory } from './client';

export const fakeInfo: LoadedModel = {
  id: 'phield-tiny',
  engine: 'wgsl',
  adapter: {
    vendor: 'acme',
    architecture: 'gpu-1',
    description: 'Acme GPU One',
    isFallback: false,
    shaderF16: true,
  },
  contextWindow: 1024,
  vocabSize: 4096,
  parameters: 10_000_000,
  weightBytes: 6_000_000,
  gpuBytes: 9_000_000,
  defaults: { temperature: 0.7, top_p: 0.95, repetition_penalty: 1 },
  choice: { engine: 'wgsl', why: 'only-one' },
};

const fits: ModelFit = {
  verdict: 'fits',
  reason: { code: 'enough', text: 'It fits.', details: { needed: 3_000_000_000, available: 8_000_000_000 } },
  build: 'build',
  engines: ['wgsl', 'webllm'],
  contextWindow: 4096,
  memory: {
    engine: 'wgsl',
    contextWindow: 4096,
    weights: 2_150_000_000,
    kvCache: 800_000_000,
    work: 50_000_000,
    total: 3_000_000_000,
  },
};

export function fakeCard(id: string, change: Partial<ModelCard> = {}): ModelCard {
  return {
    id,
    name: id,
    purpose: `What ${id} is good for.`,
    languages: ['en'],
    licence: 'MIT',
    parameters: 3_800_000_000,
    downloadBytes: 2_150_000_000,
    downloadIsExact: true,
    seesImages: false,
    engines: ['wgsl', 'webllm'],
    features: [],
    fit: fits,
    ...change,
  };
}

/** One of each verdict; the big one that fits is preselected. */
export const fakeModels: ModelList = {
  adapter: fakeInfo.adapter,
  room: { bytes: 4 * 2 ** 30, firm: false },
  preselected: 'phi-3-mini',
  cards: [
    fakeCard('phi-3-mini'),
    fakeCard('phield-tiny', {
      parameters: 10_000_000,
      downloadBytes: 6_000_000,
      engines: ['wgsl'],
      fit: { ...fits, build: 'phield-tiny', engines: ['wgsl'] },
    }),
    fakeCard('phi-4-mini', {
      fit: {
        ...fits,
        build: 'phi-4-build',
        verdict: 'tight',
        reason: {
          code: 'memory',
          text: 'It is tight.',
          details: { needed: 5_000_000_000, available: 5_200_000_000 },
        },
      },
    }),
    fakeCard('phi-3-medium', {
      fit: {
        ...fits,
        verdict: 'cannot',
        build: undefined,
        engines: [],
        reason: {
          code: 'memory',
          text: 'Not enough memory.',
          details: { needed: 9_000_000_000, available: 5_200_000_000 },
        },
      },
    }),
  ],
};

export const fakeUsage: Usage = {
  prompt_tokens: 12,
  completion_tokens: 5,
  total_tokens: 17,
  cached_tokens: 0,
  ttft_ms: 120,
  prefill_tokens_per_s: 100,
  decode_tokens_per_s: 42.5,
};

const fakeRow: BenchmarkRow = {
  engine: 'wgsl',
  on: { adapter: fakeInfo.adapter },
  prompt: 'short',
  rounds: 4,
  promptTokens: 31,
  completionTokens: 48,
  ttftMs: 120,
  prefillTokensPerS: 260,
  decodeTokensPerS: 42.5,
  guessedTokens: 0,
  roofFraction: 0.425,
};

export const fakeBenchmark: BenchmarkReport = {
  version: 3,
  at: '2026-01-02T03:04:05.678Z',
  model: 'phield-tiny',
  build: 'phield-tiny',
  contextWindow: 1024,
  bandwidth: { bytesPerSecond: 200e9, bufferBytes: 2 ** 30 },
  weightBytesPerToken: 2e9,
  kernels: {
    ways: { qkv: 'f16 32x8 subgroup', prefillGateUp: 'tall 128x64' },
    from: 'remembered',
    tuningMs: 1800,
  },
  order: ['wgsl', 'webllm', 'wgsl'],
  rows: [fakeRow, { ...fakeRow, prompt: 'long', promptTokens: 480, guessedTokens: 9 }],
  failures: [{ engine: 'webllm', code: 'gpu/shader-invalid', message: 'It could not be compiled.' }],
};

/** One call of `generate`, driven by the test: `push` events, then `end` or `fail`. */
export class FakeRun {
  readonly request: GenerateRequest;
  readonly signal: AbortSignal;
  readonly #queue: (() => readonly GenerateEvent[] | undefined)[] = [];
  #wake: () => void = () => undefined;

  constructor(request: GenerateRequest, signal: AbortSignal) {
    this.request = request;
    this.signal = signal;
  }

  push(...events: GenerateEvent[]): void {
    this.#add(() => events);
  }

  say(...pieces: string[]): void {
    this.push(...pieces.map((text, index) => ({ type: 'token', text, tokenIds: [index] }) as const));
  }

  end(finishReason: 'stop' | 'length' | 'cancelled' = 'stop', contextFull = false): void {
    this.push({ type: 'usage', usage: fakeUsage }, { type: 'done', finishReason, contextFull });
    this.#add(() => undefined);
  }

  fail(error: Error): void {
    this.#add(() => {
      throw error;
    });
  }

  async *events(): AsyncIterable<readonly GenerateEvent[]> {
    for (;;) {
      const next = this.#queue.shift();
      if (next) {
        const batch = next();
        if (!batch) return;
        yield batch;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }

  #add(entry: () => readonly GenerateEvent[] | undefined): void {
    this.#queue.push(entry);
    this.#wake();
  }
}

export interface FakeEngineOptions {
  /** When given, every request is answered at once with these pieces; else the test drives each run. */
  readonly reply?: (request: GenerateRequest) => readonly string[];
  readonly info?: LoadedModel;
  readonly models?: ModelList;
}

export class FakeEngine implements EngineClient {
  readonly loads: string[] = [];
  /** The engine that each load asked for. */
  readonly wishes: (EngineName | undefined)[] = [];
  /** Whether the person had said yes to the download, load by load. */
  readonly agreed: boolean[] = [];
  /** Models that were asked to run without being stored. */
  readonly fromMemory: string[] = [];
  /** Models whose engines were compared. */
  readonly compared: string[] = [];
  readonly runs: FakeRun[] = [];
  /** What the next load does after its progress events: an error to reject with, or `hold` to never settle. */
  nextLoad: AppError | 'hold' | undefined;
  progress: readonly LoadProgress[] = [];
  comparison: Comparison = {
    wgsl: { ttft_ms: 200, decode_tokens_per_s: 30 },
    webllm: { ttft_ms: 300, decode_tokens_per_s: 20 },
  };
  /** Models that were measured, and the signal of each run. */
  readonly benchmarks: {
    readonly model: string;
    readonly signal: AbortSignal;
    readonly llamaCpp: boolean;
  }[] = [];
  /** What a benchmark comes to; `hold` never ends but by an abort. */
  benchmarkReport: BenchmarkReport | 'hold' = fakeBenchmark;
  /** How `countTokens` counts. */
  charactersPerToken = 4;
  readonly #options: FakeEngineOptions;
  readonly #lost = new Set<(error: AppError) => void>();

  constructor(options: FakeEngineOptions = {}) {
    this.#options = options;
  }

  async load(
    model: string,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: LoadProgress) => void;
      readonly engine?: EngineName;
      readonly agreed?: boolean;
      readonly memoryOnly?: boolean;
    },
  ): Promise<LoadedModel> {
    this.loads.push(model);
    if (options.memoryOnly) this.fromMemory.push(model);
    this.wishes.push(options.engine);
    this.agreed.push(options.agreed === true);
    const outcome = this.nextLoad;
    this.nextLoad = undefined;
    await Promise.resolve();
    for (const progress of this.progress) options.onProgress(progress);
    if (outcome instanceof AppError) throw outcome;
    if (outcome === 'hold') {
      await new Promise((_, reject) => {
        const abort = (): void => reject(new AppError('run/aborted', 'Aborted.'));
        if (options.signal.aborted) abort();
        else options.signal.addEventListener('abort', abort);
      });
    }
    const info = { ...(this.#options.info ?? fakeInfo), id: model };
    if (!options.engine) return info;
    return {
      ...info,
      engine: options.engine,
      choice: { ...info.choice, engine: options.engine, why: 'asked-for' },
    };
  }

  generate(
    request: GenerateRequest,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncIterable<readonly GenerateEvent[]> {
    const run = new FakeRun(request, signal);
    this.runs.push(run);
    const pieces = this.#options.reply?.(request);
    if (pieces) {
      for (const piece of pieces) run.say(piece);
      run.end();
    }
    return run.events();
  }

  countTokens(messages: readonly ChatMessage[]): Promise<number> {
    const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
    return Promise.resolve(Math.ceil(characters / this.charactersPerToken));
  }

  models(): Promise<ModelList> {
    return Promise.resolve(this.#options.models ?? fakeModels);
  }

  async compareEngines(
    model: string,
    { onStart }: { readonly onStart: (engine: EngineName) => void },
  ): Promise<Comparison> {
    this.compared.push(model);
    for (const engine of Object.keys(this.comparison) as EngineName[]) onStart(engine);
    await Promise.resolve();
    return this.comparison;
  }

  async benchmark(
    model: string,
    { signal, onEvent, llamaCpp = false }: BenchmarkOptions,
  ): Promise<BenchmarkReport> {
    this.benchmarks.push({ model, signal, llamaCpp });
    onEvent({ type: 'measuring', what: 'bandwidth' });
    await Promise.resolve();
    const report = this.benchmarkReport;
    if (report === 'hold') {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new AppError('run/aborted', 'Aborted.');
    }
    if (report.bandwidth) onEvent({ type: 'bandwidth', bandwidth: report.bandwidth });
    for (const row of report.rows) onEvent({ type: 'row', row });
    return report;
  }

  /** Not while its model is elsewhere. */
  memory: EngineMemory = { gpuBytes: fakeInfo.gpuBytes, guests: 1, here: true };

  held(): Promise<EngineMemory> {
    return Promise.resolve(this.memory);
  }

  onLost(listener: (error: AppError) => void): () => void {
    this.#lost.add(listener);
    return () => this.#lost.delete(listener);
  }

  lose(error: AppError): void {
    for (const listener of [...this.#lost]) listener(error);
  }

  dispose(): void {
    this.#lost.clear();
  }
}

/** The last run started; throws when there is none. */
export function lastRun(engine: FakeEngine): FakeRun {
  const run = engine.runs.at(-1);
  if (!run) throw new AppError('internal/invariant', 'No run was started.');
  return run;
}
