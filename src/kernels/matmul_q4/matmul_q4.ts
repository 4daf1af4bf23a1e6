// y = x W^T for 4-bit weights, one spec for every way of doing it; `variant` names the file.
import { invariant } from '../../base/errors';
import type { GpuInfo } from '../../gpu/gpu';
import { grid, type KernelSpec } from '../../gpu/kernel';
import stagedF16 from '../common/dots_staged_f16.wgsl?raw';
import codes from '../common/q4_codes.wgsl?raw';
import { groupSize, scaleReader, type ScaleType } from '../common/q4';
import direct from './matmul_q4_direct.wgsl?raw';
import few from './matmul_q4_few.wgsl?raw';
import half from './matmul_q4_half.wgsl?raw';
import naive from './matmul_q4_naive.wgsl?raw';
import tall from './matmul_q4_tall.wgsl?raw';
import tiled from './matmul_q4_tiled.wgsl?raw';
import write from './matmul_q4_write.wgsl?raw';

/**
 * Naive: one thread per output, the oracle. Few: for up to `fewRows`. Tiled: for more, 4 x 4 outputs a thread. Tall:
 * 8 x 4. Half: 8 x 4, products in f16, which needs shader-f16 and costs accuracy. Direct: no thread waits for another,
 * which is what a software adapter compiles and runs fastest, by four times.
 */
export type MatmulVariant = 'naive' | 'few' | TileVariant;
export type TileVariant = 'tiled' | 'tall' | 'half' | 'direct';

export const fewRows = 8;
/** Up to so many rows a smaller tile of 4 x 4 outputs a thread wastes least; past it, tuning chooses. */
export const smallTileRows = 32;

/** How a product of more than `smallTileRows` rows is cut. */
export interface TileTuning {
  readonly variant: TileVariant;
  /** Of x per tile where there are as many; fewer are cut in 64. Tiled has 64 only, and direct has no tiles. */
  readonly rows: 64 | 128;
}

export const usualTile: TileTuning = { variant: 'tiled', rows: 64 };
export const softwareTile: TileTuning = { variant: 'direct', rows: 64 };
/** What is worth timing on a GPU. */
export const tiles: readonly TileTuning[] = [
  usualTile,
  { variant: 'tall', rows: 64 },
  { variant: 'tall', rows: 128 },
  { variant: 'half', rows: 64 },
  { variant: 'half', rows: 128 },
];

/** Sum of squared errors over sum of squares against the exact result. */
export const matmulNmse: Readonly<Record<MatmulVariant, number>> = {
  naive: 1e-10,
  few: 1e-10,
  direct: 1e-10,
  tiled: 1e-10,
  tall: 1e-10,
  half: 1e-6,
};

/** Why an adapter cannot run a variant; undefined when it can. */
export function matmulObstacle(variant: MatmulVariant, { f16 }: Pick<GpuInfo, 'f16'>): string | undefined {
  return variant === 'half' && !f16 ? 'no shader-f16' : undefined;
}

export const tileName = ({ variant, rows }: TileTuning): string =>
  variant === 'direct' ? variant : `${variant} ${rows}x64`;

export interface MatmulQ4Args {
  readonly variant: MatmulVariant;
  readonly scale: ScaleType;
  /** Rows of x, rows of the bound weights, length of both. */
  readonly M: number;
  readonly N: number;
  readonly K: number;
  /** Outputs per row of y, and the column where the bound weights' first row goes. */
  readonly stride: number;
  readonly first: number;
  /** y += instead of y =. */
  readonly accumulate: boolean;
  /** Of tall and half: most rows of a tile; 64 without it. */
  readonly tileRows?: 64 | 128;
}
/** `rows` of x per workgroup, which size it. */
type Key = { readonly variant: MatmulVariant; readonly scale: ScaleType; readonly rows: number };

const naiveGroup = 64;
const tileColumns = 64;
const fewLanes = 32;
const fewSlots = 2;
const directGroup = 16;
/** The less of a tile is wasted, the better; more rows share a weight in the larger one. */
function rowsOf({ variant, M, tileRows = 64 }: MatmulQ4Args): number {
  if (variant === 'naive' || variant === 'few' || variant === 'direct') return 1;
  if (variant === 'tiled') return M <= 16 ? 16 : M <= 32 ? 32 : 64;
  return M <= 64 ? 64 : tileRows;
}
const code: Readonly<Record<MatmulVariant, string>> = {
  naive: naive + codes,
  few: few + codes,
  direct: direct + codes,
  tiled: tiled + codes + write,
  tall: tall + codes + write,
  half: `enable f16;\n${half}${stagedF16}${write}`,
};

/** Tensors: x, q_weight, q_scale, y. */
export const matmulQ4: KernelSpec<MatmulQ4Args, Key> = {
  op: 'matmul_q4',
  fields: [
    ['M', 'u32'],
    ['N', 'u32'],
    ['K', 'u32'],
    ['first', 'u32'],
    ['stride', 'u32'],
    ['accumulate', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
  ],
  check({ variant, M, N, K, stride, first }) {
    invariant(variant !== 'few' || M <= fewRows, `matmul_q4 of ${M} rows, where ${fewRows} are few`);
    invariant(
      M > 0 && N > 0 && K > 0 && K % groupSize === 0 && first + N <= stride,
      `matmul_q4 of [${M}, ${K}] by [${N}, ${K}] into columns ${first}.. of ${stride}`,
    );
  },
  key: (args) => ({ variant: args.variant, scale: args.scale, rows: rowsOf(args) }),
  source: ({ variant, scale }) => ({ code: code[variant] + scaleReader[scale], bindings: 'rrrw' }),
  constants({ variant, rows }): Record<string, number> {
    switch (variant) {
      case 'naive':
        return { WG: naiveGroup };
      case 'direct':
        return { WG: directGroup };
      case 'few':
        return { LANES: fewLanes, SLOTS: fewSlots };
      case 'half':
        return { STAGE: rows };
      default:
        return { BM: rows };
    }
  },
  params: ({ M, N, K, first, stride, accumulate }) => ({
    M,
    N,
    K,
    first,
    stride,
    accumulate: accumulate ? 1 : 0,
  }),
  dispatch(args) {
    const { variant, M, N } = args;
    if (variant === 'few') return grid(Math.ceil(N / (4 * fewSlots)));
    if (variant === 'naive') return grid(Math.ceil((M * N) / naiveGroup));
    if (variant === 'direct') return grid(Math.ceil((Math.ceil(M / 8) * Math.ceil(N / 4)) / directGroup));
    return grid(Math.ceil(M / rowsOf(args)) * Math.ceil(N / tileColumns));
  },
};
