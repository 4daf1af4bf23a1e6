// Which way of each decode kernel a model runs: the default for a kind of adapter, and the record of what was found
// fastest. Finding it is tune-decode.ts.
import type { ModelShape } from '../formats/model-config';
import type { GpuInfo } from '../gpu/gpu';
import { maxShares } from '../kernels/attention_out/attention_out';
import type { SplitTuning } from '../kernels/attention_split/attention_split';
import {
  gpuTuning,
  matvecName,
  matvecObstacle,
  softwareTuning,
  type MatvecInput,
  type MatvecTuning,
} from '../kernels/common/matvec';

/** The kernels that are tuned, each by itself: their matrices differ in shape. */
export const tunedKernels = ['qkv', 'out', 'gateUp', 'down', 'logits'] as const;
export type TunedKernel = (typeof tunedKernels)[number];

export type MatvecTunings = Readonly<Record<TunedKernel, MatvecTuning>>;

export interface DecodeTuning extends MatvecTunings {
  readonly split: SplitTuning;
}

/** The same way for every matrix. */
export function uniformTuning(matvec: MatvecTuning): MatvecTunings {
  return { qkv: matvec, out: matvec, gateUp: matvec, down: matvec, logits: matvec };
}

/** What runs where nothing was measured; `splits` shrinks where a model has very many heads. */
export function defaultTuning(info: Pick<GpuInfo, 'fallback'>, shape: ModelShape): DecodeTuning {
  return {
    ...uniformTuning(info.fallback ? softwareTuning : gpuTuning),
    split: { splits: Math.max(1, Math.min(16, Math.floor(maxShares / shape.heads))), span: 128 },
  };
}

const inputs: readonly MatvecInput[] = ['direct', 'f32', 'f16', 'i8'];
const isPowerOf2 = (n: unknown): n is number =>
  typeof n === 'number' && n >= 1 && n <= 256 && Number.isInteger(Math.log2(n));

/** A stored record as tunings; undefined where it is none, or this adapter could not run it. */
export function readTunings(
  value: unknown,
  info: Pick<GpuInfo, 'f16' | 'subgroups'>,
): MatvecTunings | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Partial<Record<TunedKernel, unknown>>;
  const [qkv, out, gateUp, down, logits] = tunedKernels.map((kernel) => readWay(record[kernel], info));
  return qkv && out && gateUp && down && logits ? { qkv, out, gateUp, down, logits } : undefined;
}

function readWay(value: unknown, info: Pick<GpuInfo, 'f16' | 'subgroups'>): MatvecTuning | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { x, lanes, slots, subgroup } = value as Partial<Record<keyof MatvecTuning, unknown>>;
  const input = inputs.find((name) => name === x);
  if (!input || !isPowerOf2(lanes) || !isPowerOf2(slots) || lanes * slots > 256) return undefined;
  if (subgroup !== 0 && !(isPowerOf2(subgroup) && subgroup >= 4)) return undefined;
  const way: MatvecTuning = { x: input, lanes, slots, subgroup };
  return matvecObstacle(way, info) === undefined ? way : undefined;
}

/** For reports: kernel by kernel, `qkv f16 32x8 subgroup`. */
export function tuningNames(tuning: MatvecTunings): Readonly<Record<TunedKernel, string>> {
  const { qkv, out, gateUp, down, logits } = tuning;
  return {
    qkv: matvecName(qkv),
    out: matvecName(out),
    gateUp: matvecName(gateUp),
    down: matvecName(down),
    logits: matvecName(logits),
  };
}
