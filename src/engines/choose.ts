// Which engine runs a model on this device: right numbers first, then the person's wish, then measured speed.
// Nothing here loads a model but `timeEngines`, which a person asks for or the app runs once.
import { createStore, get, set } from 'idb-keyval';
import { AppError, isAbort } from '../base/errors';
import type { EngineName, GenerateRequest } from '../protocol/chat';
import type { EngineChoice, EngineTiming, ModelFit, NumericsReport } from '../protocol/models';
import type { DeviceProbe } from './device-probe';
import type { Engine } from './engine';
import { checkNumerics } from './numerics';

export type Timings = Partial<Readonly<Record<EngineName, EngineTiming>>>;

/** What was measured, by adapter, browser version and build of a model. */
export interface ChoiceMemory {
  get(key: string): Promise<Timings | undefined>;
  set(key: string, timings: Timings): Promise<void>;
}

/** Lives beside the model store; losing it costs one measurement. */
export function openChoiceMemory(databaseName = 'phield-engine-choice'): ChoiceMemory {
  let opened: ReturnType<typeof createStore> | undefined;
  const store = (): ReturnType<typeof createStore> => (opened ??= createStore(databaseName, 'timings'));
  return {
    get: async (key) => readTimings(await get<unknown>(key, store())),
    set: (key, timings) => set(key, timings, store()),
  };
}

function readTimings(value: unknown): Timings | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const record: Partial<Record<EngineName, Partial<EngineTiming>>> = value;
  const timing = (name: EngineName): Timings => {
    const { ttft_ms, decode_tokens_per_s } = record[name] ?? {};
    const isWhole = Number.isFinite(ttft_ms) && Number.isFinite(decode_tokens_per_s);
    return isWhole ? { [name]: { ttft_ms, decode_tokens_per_s } } : {};
  };
  return { ...timing('wgsl'), ...timing('webllm') };
}

export function choiceKey(probe: Pick<DeviceProbe, 'key'>, build: string): string {
  return `${probe.key}|${build}`;
}

export interface ChooseOptions {
  readonly fit: ModelFit;
  readonly probe: Pick<DeviceProbe, 'key'>;
  readonly memory: ChoiceMemory;
  /** A person's choice, where the device allows it. */
  readonly wish?: EngineName | undefined;
  readonly numerics?: () => Promise<NumericsReport>;
  /** Of a build whose own formats are checked when it is loaded (wgsl/kernel-check.ts): MLC's say nothing of them. */
  readonly checkedAtLoad?: boolean;
}

/** @throws AppError when nothing runs the model here: `refusal` */
export async function chooseEngine(options: ChooseOptions): Promise<EngineChoice> {
  const { fit, probe, memory, wish } = options;
  const [first, ...others] = fit.engines;
  if (!first || fit.build === undefined) throw refusal(fit);
  const check = options.numerics ?? checkNumerics;
  if (others.length === 0) {
    const only = { engine: first, why: 'only-one' } as const;
    // There is no other engine to turn to, and still a person should know that its numbers are wrong.
    return first === 'wgsl' && !options.checkedAtLoad ? { ...only, numerics: await report(check) } : only;
  }
  // Speed that was never measured is no reason to fail a start: a broken memory counts as an empty one.
  const timings = await memory.get(choiceKey(probe, fit.build)).catch(() => undefined);
  const figures = timings && { timings };
  const numerics = await report(check);
  if (!numerics.ok) return { engine: 'webllm', why: 'numerics-failed', numerics, ...figures };
  if (wish && fit.engines.includes(wish)) return { engine: wish, why: 'asked-for', numerics, ...figures };
  const faster = fasterOf(timings ?? {});
  if (faster && fit.engines.includes(faster))
    return { engine: faster, why: 'measured', numerics, ...figures };
  return { engine: first, why: 'not-measured', numerics, ...figures };
}

/** A check that cannot run at all has not passed. */
async function report(check: () => Promise<NumericsReport>): Promise<NumericsReport> {
  try {
    return await check();
  } catch {
    return { ok: false, nmse: Infinity, tolerance: 0, elapsedMs: 0 };
  }
}

/** Tokens of an ordinary answer: what the wait for the first one is weighed against. */
const answerTokens = 200;

/** Undefined unless both were measured. */
export function fasterOf({ wgsl, webllm }: Timings): EngineName | undefined {
  if (!wgsl || !webllm) return undefined;
  const seconds = ({ ttft_ms, decode_tokens_per_s }: EngineTiming): number =>
    ttft_ms / 1000 + answerTokens / Math.max(decode_tokens_per_s, 1e-6);
  return seconds(wgsl) <= seconds(webllm) ? 'wgsl' : 'webllm';
}

/** The error a person gets who asks for a model that this device cannot run. */
export function refusal({ reason }: ModelFit): AppError {
  const code = {
    memory: 'gpu/out-of-memory',
    limit: 'gpu/limit-too-low',
    'tensor-too-large': 'gpu/limit-too-low',
    'software-adapter': 'gpu/limit-too-low',
    obstacle: 'model/unsupported-arch',
    enough: 'internal/invariant',
  } as const;
  return new AppError(code[reason.code], `${reason.text} Choose another model.`, {
    details: { ...reason.details, reason: reason.code },
  });
}

/** How often each engine is asked; the last one counts. */
const asks = 2;

/**
 * Short and greedy, so that both engines do the same work, and with a beginning of its own each time: an engine that
 * keeps what it has read would answer from that, and the figure would be no figure.
 */
function standardRequest(note: number): GenerateRequest {
  const content = `Note ${note}. In about fifty words, say why the sky is blue by day and red at dusk.`;
  return { messages: [{ role: 'user', content }], temperature: 0, max_tokens: 48 };
}

/** Different ones, of one length. */
function freshNotes(): number[] {
  const first = 100_000 + Math.floor(Math.random() * 800_000);
  return Array.from({ length: asks }, (_, i) => first + 7_919 * i);
}

export interface TimeOptions {
  readonly build: string;
  readonly probe: Pick<DeviceProbe, 'key'>;
  readonly memory: ChoiceMemory;
  readonly signal: AbortSignal;
  readonly onStart?: (engine: EngineName) => void;
}

/**
 * Loads the model on each engine in turn, has it answer two prompts, and remembers the second. An engine that fails is left out. The engines are disposed.
 * @throws AppError `run/aborted`
 */
export async function timeEngines(
  engines: readonly (() => Engine)[],
  { build, probe, memory, signal, onStart }: TimeOptions,
): Promise<Timings> {
  let timings: Timings = {};
  const notes = freshNotes();
  for (const create of engines) {
    const engine = create();
    onStart?.(engine.name);
    try {
      await engine.load(build, { signal, onProgress: () => {} });
      // The first answer compiles and warms; nobody waits for it twice.
      let timing: EngineTiming | undefined;
      for (const note of notes) timing = await timeOnce(engine, standardRequest(note), signal);
      timings = { ...timings, ...(timing && { [engine.name]: timing }) };
    } catch (thrown) {
      if (isAbort(thrown) || signal.aborted)
        throw new AppError('run/aborted', 'The comparison was cancelled.');
    } finally {
      await engine.dispose();
    }
  }
  await memory.set(choiceKey(probe, build), timings);
  return timings;
}

async function timeOnce(
  engine: Engine,
  request: GenerateRequest,
  signal: AbortSignal,
): Promise<EngineTiming> {
  for await (const event of engine.generate(request, { signal })) {
    if (event.type === 'done' && event.finishReason === 'cancelled') break;
    if (event.type !== 'usage') continue;
    const { ttft_ms, decode_tokens_per_s } = event.usage;
    return { ttft_ms, decode_tokens_per_s };
  }
  throw new AppError('run/aborted', 'The comparison was cancelled.');
}
