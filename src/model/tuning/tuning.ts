// Which way of each kernel a model runs: the default for a kind of adapter, and the record of what was found fastest.
// Finding it is tune.ts.
import type { ModelShape } from '../../formats/model-config';
import type { GpuInfo } from '../../gpu/gpu';
import { maxShares } from '../../kernels/attention_out/attention_out';
import {
  flashName,
  flashObstacle,
  softwareFlash,
  usualFlash,
  type FlashTuning,
} from '../../kernels/attention/attention';
import {
  softwareSplit,
  splitName,
  splitObstacle,
  usualSplit,
  type SplitTuning,
} from '../../kernels/attention_split/attention_split';
import {
  gpuTuning,
  matvecName,
  matvecObstacle,
  softwareTuning,
  type MatvecInput,
  type MatvecTuning,
} from '../../kernels/common/matvec';
import type { TeamTuning } from '../../kernels/common/team';
import {
  softwareTile,
  tileName,
  tilesOf,
  type MatmulAdapter,
  usualTile,
  type TileTuning,
} from '../../kernels/matmul_q4/matmul_q4';

/** The decode kernels that read a matrix, each tuned by itself: their matrices differ in shape. */
export const matvecKernels = ['qkv', 'out', 'gateUp', 'down', 'logits'] as const;
export type MatvecKernel = (typeof matvecKernels)[number];

/** The products of prefill by the same matrices, what weighs most first: the others learn from it. */
export const productKernels = ['prefillGateUp', 'prefillDown', 'prefillQkv', 'prefillOut'] as const;
export type ProductKernel = (typeof productKernels)[number];

/** And attention, of decode and of prefill. */
export const tunedKernels = [...matvecKernels, 'split', ...productKernels, 'flash'] as const;
export type TunedKernel = (typeof tunedKernels)[number];

export type MatvecTunings = Readonly<Record<MatvecKernel, MatvecTuning>>;

export type ProductTunings = Readonly<Record<ProductKernel, TileTuning>>;

export interface KernelTuning extends MatvecTunings, ProductTunings {
  readonly split: SplitTuning;
  readonly flash: FlashTuning;
}

/** The same way for every matrix. */
export function uniformTuning(matvec: MatvecTuning): MatvecTunings {
  return { qkv: matvec, out: matvec, gateUp: matvec, down: matvec, logits: matvec };
}

/** The same tile for every product. */
export function uniformTiles(tile: TileTuning): ProductTunings {
  return { prefillGateUp: tile, prefillDown: tile, prefillQkv: tile, prefillOut: tile };
}

/** Shares of decode attention that a model makes room for: fewer where it has very many heads. */
export function mostSplits({ heads }: Pick<ModelShape, 'heads'>): number {
  return Math.max(1, Math.min(32, Math.floor(maxShares / heads)));
}

/** What runs where nothing was measured. */
export function defaultTuning(info: Pick<GpuInfo, 'fallback'>, shape: ModelShape): KernelTuning {
  if (info.fallback) {
    return {
      ...uniformTuning(softwareTuning),
      split: softwareSplit(shape.headDim),
      ...uniformTiles(softwareTile),
      flash: softwareFlash,
    };
  }
  const split = { ...usualSplit, splits: Math.min(usualSplit.splits, mostSplits(shape)) };
  return { ...uniformTuning(gpuTuning), split, ...uniformTiles(usualTile), flash: usualFlash };
}

type Adapter = Pick<GpuInfo, 'f16' | 'subgroups'> & MatmulAdapter;

const inputs: readonly MatvecInput[] = ['direct', 'f32', 'f16', 'i8'];
const isPowerOf2 = (n: unknown): n is number =>
  typeof n === 'number' && n >= 1 && n <= 256 && Number.isInteger(Math.log2(n));

/** A stored record as a tuning; undefined where it is none, or this adapter or model could not run it. */
export function readTuning(value: unknown, info: Adapter, shape: ModelShape): KernelTuning | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Partial<Record<TunedKernel, unknown>>;
  const [qkv, out, gateUp, down, logits] = matvecKernels.map((kernel) => readWay(record[kernel], info));
  const split = readSplit(record.split, info, shape);
  const [prefillGateUp, prefillDown, prefillQkv, prefillOut] = productKernels.map((kernel) =>
    readTile(record[kernel], info),
  );
  if (!qkv || !out || !gateUp || !down || !logits || !split) return undefined;
  const flash = readFlash(record.flash, info, shape);
  if (!prefillGateUp || !prefillDown || !prefillQkv || !prefillOut || !flash) return undefined;
  const products = { prefillGateUp, prefillDown, prefillQkv, prefillOut };
  return { qkv, out, gateUp, down, logits, split, ...products, flash };
}

function readWay(value: unknown, info: Adapter): MatvecTuning | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { x, lanes, slots, subgroup } = value as Partial<Record<keyof MatvecTuning, unknown>>;
  const input = inputs.find((name) => name === x);
  if (!input || !isPowerOf2(lanes) || !isPowerOf2(slots) || lanes * slots > 256) return undefined;
  if (subgroup !== 0 && !(isPowerOf2(subgroup) && subgroup >= 4)) return undefined;
  const way: MatvecTuning = { x: input, lanes, slots, subgroup };
  return matvecObstacle(way, info) === undefined ? way : undefined;
}

function readSplit(value: unknown, info: Adapter, shape: ModelShape): SplitTuning | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { splits, span, threads, team, whole } = value as Partial<Record<keyof SplitTuning, unknown>>;
  if (!isPowerOf2(span) || !isPowerOf2(threads)) return undefined;
  if (typeof splits !== 'number' || !Number.isInteger(splits)) return undefined;
  if (splits < 1 || splits > mostSplits(shape)) return undefined;
  const read = team === undefined ? undefined : readTeam(team);
  if (team !== undefined && !read) return undefined;
  const way: SplitTuning = {
    ...{ splits, span, threads },
    ...(read && { team: read }),
    ...(whole === true && { whole }),
  };
  return splitObstacle(way, shape.headDim, info) === undefined ? way : undefined;
}

function readTeam(value: unknown): TeamTuning | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { lanes, subgroup } = value as Partial<Record<keyof TeamTuning, unknown>>;
  if (!isPowerOf2(lanes) || (subgroup !== 0 && !isPowerOf2(subgroup))) return undefined;
  return { lanes, subgroup };
}

function readFlash(value: unknown, info: Adapter, shape: ModelShape): FlashTuning | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { variant, threads, team } = value as { variant?: unknown; threads?: unknown; team?: unknown };
  if (variant === 'flash' || variant === 'direct') return { variant };
  const read = readTeam(team);
  if (variant !== 'team' || !isPowerOf2(threads) || !read) return undefined;
  const way: FlashTuning = { variant, threads, team: read };
  return flashObstacle(way, shape.headDim, info) === undefined ? way : undefined;
}

function readTile(value: unknown, info: Adapter): TileTuning | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { variant, rows, matrix } = value as Partial<Record<keyof TileTuning, unknown>>;
  const same = (a: object | undefined, b: unknown): boolean =>
    a === undefined ? b === undefined : typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
  return [softwareTile, ...tilesOf(info)].find(
    (known) => known.variant === variant && known.rows === rows && same(known.matrix, matrix),
  );
}

/** For reports: kernel by kernel, `qkv f16 32x8 subgroup`. */
export function tuningNames(tuning: KernelTuning): Readonly<Record<TunedKernel, string>> {
  const name = (kernel: TunedKernel): string => {
    if (kernel === 'split') return splitName(tuning.split);
    if (kernel === 'flash') return flashName(tuning.flash);
    return isProduct(kernel) ? tileName(tuning[kernel]) : matvecName(tuning[kernel]);
  };
  return Object.fromEntries(tunedKernels.map((kernel) => [kernel, name(kernel)])) as Record<
    TunedKernel,
    string
  >;
}

export function isProduct(kernel: TunedKernel): kernel is ProductKernel {
  return productKernels.some((product) => product === kernel);
}
