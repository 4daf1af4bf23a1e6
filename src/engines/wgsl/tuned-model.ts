// How a model's kernels are run on this device, and what checking a guess costs: found out once, and remembered for this adapter,
// browser version, model shape and set of kernels. Losing the memory costs the time once more.
import { createStore, get, set } from 'idb-keyval';
import type { ModelShape } from '../../formats/model-config';
import type { GpuInfo } from '../../gpu/gpu';
import type { DecoderModel } from '../../model/decoder-model';
import type { TuneOptions } from '../../model/tuning/tune';
import { readTuning, type KernelTuning } from '../../model/tuning/tuning';

/** Raise when a kernel, or the ways it may be run, change: what was measured before is then measured again. */
const tuningVersion = 6;

export interface RememberedTuning {
  readonly tuning: KernelTuning;
  /** What finding it took. */
  readonly elapsedMs: number;
  /** What checking a guess costs, in decode steps. */
  readonly passCost: number;
}

export interface TuningMemory {
  get(key: string): Promise<unknown>;
  set(key: string, found: RememberedTuning): Promise<void>;
}

export function openTuningMemory(databaseName = 'phield-kernel-tuning'): TuningMemory {
  let opened: ReturnType<typeof createStore> | undefined;
  const store = (): ReturnType<typeof createStore> => (opened ??= createStore(databaseName, 'tunings'));
  return {
    get: (key) => get<unknown>(key, store()),
    set: (key, found) => set(key, found, store()),
  };
}

export function tuningKey(
  { vendor, architecture, description, f16, subgroupMin, matrices }: GpuInfo,
  { layers, hidden, intermediate, heads, kvHeads, headDim, vocab, quantization, types }: ModelShape,
  browser: string,
): string {
  const device = [vendor, architecture, description, f16, subgroupMin, matrices.length];
  const shape = [layers, hidden, intermediate, heads, kvHeads, headDim, vocab, mixOf(quantization, types)];
  return [tuningVersion, ...device, ...shape, browser].join('|');
}

/** Kernels are tuned on the first layers: what those are of is what counts. */
function mixOf(quantization: string, types: ModelShape['types'] = {}): string {
  const first = Object.entries(types).filter(([name]) => !/^blk\.(?!0\.)/.test(name));
  return [quantization, ...first.map((entry) => entry.join(':')).sort()].join(' ');
}

/** Smaller models are fast in any way; what they are for is an answer seconds after the page opened. */
const leastTunedBytes = 128 * 2 ** 20;

/** A software adapter has one good way, known beforehand. */
export function isWorthTuning({ fallback }: Pick<GpuInfo, 'fallback'>, weightBytes: number): boolean {
  return !fallback && weightBytes >= leastTunedBytes;
}

/** What was found before; undefined where nothing was, or the memory is broken, or holds what cannot run here. */
export async function recallTuning(
  memory: TuningMemory,
  key: string,
  info: GpuInfo,
  shape: ModelShape,
): Promise<RememberedTuning | undefined> {
  const value = await memory.get(key).catch(() => undefined);
  if (typeof value !== 'object' || value === null) return undefined;
  const { tuning: stored, elapsedMs, passCost } = value as Partial<Record<keyof RememberedTuning, unknown>>;
  const tuning = readTuning(stored, info, shape);
  if (!tuning || typeof elapsedMs !== 'number') return undefined;
  if (typeof passCost !== 'number' || !(passCost > 0 && passCost < Infinity)) return undefined;
  return { tuning, elapsedMs, passCost };
}

/**
 * Once per key: what the budget did not reach stays at its default. A model that cannot be tuned runs all the same.
 * @returns milliseconds it took; undefined where nothing was learned.
 * @throws AppError when the GPU failed meanwhile.
 */
export async function tuneModel(
  model: Pick<DecoderModel, 'tune' | 'ready' | 'measurePass' | 'passCost'>,
  memory: TuningMemory,
  key: string,
  options: TuneOptions = {},
): Promise<number | undefined> {
  const report = await model.tune(options).catch(() => undefined);
  if (!report) await model.ready();
  await model.measurePass();
  if (!report || report.kernels.length === 0) return undefined;
  const { tuning, elapsedMs } = report;
  // Timing it again at the next start is all that is lost where this fails.
  await memory.set(key, { tuning, elapsedMs, passCost: model.passCost }).catch(() => undefined);
  return elapsedMs;
}
