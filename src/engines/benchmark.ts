// Times every engine that can run a model on this device: the memory's own speed first, then engine against engine on
// the same bytes, in turn and back again, so that a device that warms up or slows down does so for both.
import { AppError, invariant, isAbort, toAppError } from '../base/errors';
import { openGpu } from '../gpu/gpu';
import type {
  Bandwidth,
  BenchmarkEvent,
  BenchmarkPrompt,
  BenchmarkReport,
  BenchmarkRow,
  ComputesOn,
  Contestant,
} from '../protocol/benchmark';
import type { GenerateRequest, KernelChoice, ModelInfo, Usage } from '../protocol/chat';
import { measureBandwidth } from './bandwidth';
import type { Engine } from './engine';

export interface BenchmarkOptions {
  readonly model: string;
  /** What each engine is asked to load. */
  readonly build: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BenchmarkEvent) => void;
  /** By default of the GPU, on a device of its own. */
  readonly bandwidth?: () => Promise<Bandwidth | undefined>;
}

export interface Maker {
  readonly name: Contestant;
  readonly create: () => Engine;
}

const prompts: readonly BenchmarkPrompt[] = ['short', 'long'];
const answerTokens = 48;
const warmUpTokens = 8;
const longTokens = 512;
/** Of one sentence of the long prompt, roughly. */
const sentenceTokens = 22;
/** Rounds per visit: two of each engine, or a single visit of one that is alone. */
const pairedRounds = 2;
const aloneRounds = 3;
/** On a software adapter, whose figures are no measure of speed however often they are taken. */
const softwareRounds = 1;

interface Visit extends Maker {
  readonly rounds: number;
}

/**
 * Loads each engine in turn, up to twice, and disposes it. An engine that fails is reported and left out.
 * @throws AppError `run/aborted`; why the bandwidth could not be measured, or why the last engine failed when none ran.
 */
export async function benchmarkEngines(
  makers: readonly Maker[],
  options: BenchmarkOptions,
): Promise<BenchmarkReport> {
  const { model, build, signal, onEvent } = options;
  onEvent({ type: 'measuring', what: 'bandwidth' });
  const bandwidth = await (options.bandwidth ?? ownBandwidth)();
  if (signal.aborted) throw aborted();
  if (bandwidth) onEvent({ type: 'bandwidth', bandwidth });
  const tally = new Tally(bandwidth);
  const failures: BenchmarkReport['failures'][number][] = [];
  const order: Contestant[] = [];
  let last: unknown;
  for (const { name, create, rounds: usual } of visits(makers)) {
    if (failures.some(({ engine: failed }) => failed === name)) continue;
    onEvent({ type: 'measuring', what: name });
    order.push(name);
    const engine = create();
    try {
      const info = await engine.load(build, { signal, onProgress: () => undefined });
      tally.loaded(name, info);
      const rounds = info.adapter.isFallback ? softwareRounds : usual;
      for (let round = -1; round < rounds; round++) {
        for (const prompt of prompts) {
          const tokens = round < 0 ? warmUpTokens : answerTokens;
          const request = { ...requestFor(prompt, info.contextWindow), max_tokens: tokens };
          const usage = await timeOnce(engine, request, signal);
          // The first round compiles and warms up.
          if (round >= 0) onEvent({ type: 'row', row: tally.add(name, prompt, usage) });
        }
      }
    } catch (thrown) {
      if (isAbort(thrown) || signal.aborted) throw aborted();
      const { code, message } = toAppError((last = thrown));
      failures.push({ engine: name, code, message });
    } finally {
      await engine.dispose();
    }
  }
  const { info, weightBytesPerToken, kernels, rows } = tally;
  if (!info) throw toAppError(last);
  return {
    version: 3,
    at: new Date().toISOString(),
    model,
    build,
    contextWindow: info.contextWindow,
    ...(bandwidth && { bandwidth }),
    ...(weightBytesPerToken && { weightBytesPerToken }),
    ...(kernels && { kernels }),
    order,
    rows,
    failures,
  };
}

/** A, B, B, A and A, B, C, C, B, A: each engine's middle lies at the same time. */
function visits(makers: readonly Maker[]): readonly Visit[] {
  const last = makers.at(-1);
  if (!last) throw new AppError('internal/invariant', 'A benchmark of no engine.');
  if (makers.length === 1) return [{ ...last, rounds: aloneRounds }];
  const outer = makers.slice(0, -1).map((maker) => ({ ...maker, rounds: pairedRounds }));
  return [...outer, { ...last, rounds: 2 * pairedRounds }, ...outer.toReversed()];
}

async function ownBandwidth(): Promise<Bandwidth> {
  const gpu = await openGpu();
  try {
    return await measureBandwidth(gpu);
  } finally {
    gpu.dispose();
  }
}

/** Begins with what no prompt before began with, so that nothing of it is in any cache. */
function requestFor(prompt: BenchmarkPrompt, contextWindow: number): GenerateRequest {
  const nonce = Math.floor(Math.random() * 1e6);
  const room = Math.min(longTokens, contextWindow / 2);
  const sentences = Array.from(
    { length: prompt === 'short' ? 0 : Math.max(1, Math.floor(room / sentenceTokens)) },
    (_, i) =>
      `On day ${i + 1} the farmer walked to field ${(i * 7 + nonce) % 97} and saw ${i * 3 + 2} leaves.`,
  );
  const question =
    prompt === 'short' ? 'Tell me a long story about a dog and a farmer.' : 'Tell me about this farm.';
  const content = [`Note ${nonce}.`, ...sentences, question].join(' ');
  return { messages: [{ role: 'user', content }], temperature: 0 };
}

/** What was measured so far, as medians. */
class Tally {
  info: ModelInfo | undefined;
  weightBytesPerToken: number | undefined;
  kernels: KernelChoice | undefined;
  readonly #usages = new Map<string, Usage[]>();
  readonly #rows = new Map<string, BenchmarkRow>();
  readonly #on = new Map<Contestant, ComputesOn>();

  constructor(private readonly bandwidth: Bandwidth | undefined) {}

  loaded(name: Contestant, info: ModelInfo): void {
    this.info ??= info;
    this.#on.set(name, info.processor ? { threads: info.processor.threads } : { adapter: info.adapter });
    // The bytes are the same for every engine, whichever knows how many one token reads.
    this.weightBytesPerToken ??= info.weightBytesPerToken;
    // The first load is the one that may have timed them.
    this.kernels ??= info.kernels;
  }

  get rows(): readonly BenchmarkRow[] {
    return [...this.#rows.values()].map((row) => this.#withRoof(row));
  }

  add(engine: Contestant, prompt: BenchmarkPrompt, usage: Usage): BenchmarkRow {
    const on = this.#on.get(engine);
    invariant(on, 'an engine answers after it has loaded');
    const key = `${engine}/${prompt}`;
    const usages = [...(this.#usages.get(key) ?? []), usage];
    this.#usages.set(key, usages);
    const middle = (of: (usage: Usage) => number): number => median(usages.map(of));
    const row = {
      engine,
      on,
      prompt,
      rounds: usages.length,
      promptTokens: middle(({ prompt_tokens }) => prompt_tokens),
      completionTokens: middle(({ completion_tokens }) => completion_tokens),
      ttftMs: middle(({ ttft_ms }) => ttft_ms),
      prefillTokensPerS: middle(({ prefill_tokens_per_s }) => prefill_tokens_per_s),
      decodeTokensPerS: middle(({ decode_tokens_per_s }) => decode_tokens_per_s),
      guessedTokens: usages.reduce((sum, { guessed_tokens = 0 }) => sum + guessed_tokens, 0),
    };
    this.#rows.set(key, row);
    return this.#withRoof(row);
  }

  #withRoof(row: BenchmarkRow): BenchmarkRow {
    // What was measured is the GPU's reading.
    if (!this.weightBytesPerToken || !this.bandwidth || 'threads' in row.on) return row;
    const bytesPerSecond = this.weightBytesPerToken * row.decodeTokensPerS;
    return { ...row, roofFraction: bytesPerSecond / this.bandwidth.bytesPerSecond };
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

async function timeOnce(engine: Engine, request: GenerateRequest, signal: AbortSignal): Promise<Usage> {
  let usage: Usage | undefined;
  for await (const event of engine.generate(request, { signal })) {
    if (event.type === 'usage') usage = event.usage;
    if (event.type === 'done' && event.finishReason === 'cancelled') throw aborted();
  }
  if (!usage) throw aborted();
  return usage;
}

function aborted(): AppError {
  return new AppError('run/aborted', 'The benchmark was stopped.');
}
