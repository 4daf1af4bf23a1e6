// How a model's kernels are run on this device: found out once by timing them, and remembered for this adapter,
// browser version, model shape and set of kernels. Losing the memory costs the time once more.
import { createStore, get, set } from 'idb-keyval';
import type { ModelShape } from '../../formats/model-config';
import type { GpuInfo } from '../../gpu/gpu';
import { readTunings, type MatvecTunings } from '../../model/decode-tuning';
import type { Phi3Model } from '../../model/phi3-model';

/** Raise when a kernel, or the ways it may be run, change: what was measured before is then measured again. */
const tuningVersion = 1;

export interface TuningMemory {
  get(key: string): Promise<unknown>;
  set(key: string, tunings: MatvecTunings): Promise<void>;
}

export function openTuningMemory(databaseName = 'phield-kernel-tuning'): TuningMemory {
  let opened: ReturnType<typeof createStore> | undefined;
  const store = (): ReturnType<typeof createStore> => (opened ??= createStore(databaseName, 'tunings'));
  return {
    get: (key) => get<unknown>(key, store()),
    set: (key, tunings) => set(key, tunings, store()),
  };
}

export function tuningKey(
  { vendor, architecture, description, f16, subgroupMin }: GpuInfo,
  { layers, hidden, intermediate, heads, kvHeads, headDim, vocab, quantization }: ModelShape,
  browser: string,
): string {
  const device = [vendor, architecture, description, f16, subgroupMin];
  const shape = [layers, hidden, intermediate, heads, kvHeads, headDim, vocab, quantization];
  return [tuningVersion, ...device, ...shape, browser].join('|');
}

/** What was found before; undefined where nothing was, or the memory is broken, or holds what cannot run here. */
export async function recallTuning(
  memory: TuningMemory,
  key: string,
  info: GpuInfo,
): Promise<MatvecTunings | undefined> {
  return readTunings(await memory.get(key).catch(() => undefined), info);
}

/**
 * Once per key: what the budget did not reach stays at its default. A model that cannot be tuned runs all the same.
 * @throws AppError when the GPU failed meanwhile.
 */
export async function tuneModel(
  model: Pick<Phi3Model, 'tune' | 'ready'>,
  memory: TuningMemory,
  key: string,
): Promise<void> {
  const report = await model.tune().catch(() => undefined);
  if (!report) return model.ready();
  const { qkv, out, gateUp, down, logits } = report.tuning;
  // Timing it again at the next start is all that is lost where this fails.
  if (report.kernels.length > 0)
    await memory.set(key, { qkv, out, gateUp, down, logits }).catch(() => undefined);
}
