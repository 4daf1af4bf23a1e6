// y = x W^T for 4-bit weights, one spec for every way of doing it; `variant` names the file.
import { invariant } from '../../base/errors';
import { grid, type KernelSpec } from '../../gpu/kernel';
import codes from '../common/q4_codes.wgsl?raw';
import { groupSize, scaleReader, type ScaleType } from '../common/q4';
import direct from './matmul_q4_direct.wgsl?raw';
import few from './matmul_q4_few.wgsl?raw';
import naive from './matmul_q4_naive.wgsl?raw';
import tiled from './matmul_q4_tiled.wgsl?raw';

/**
 * Naive: one thread per output, the oracle. Tiled: for many rows. Few: for up to `fewRows`. Direct: no thread waits for
 * another, which is what a software adapter compiles and runs fastest, by four times.
 */
export type MatmulVariant = 'naive' | 'tiled' | 'few' | 'direct';

export const fewRows = 8;

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
}
/** Tiled: `rows` of x per workgroup, which sizes it. */
type Key = { readonly variant: MatmulVariant; readonly scale: ScaleType; readonly rows: number };

const naiveGroup = 64;
const tileColumns = 64;
const fewLanes = 32;
const fewSlots = 2;
const directGroup = 16;
/** The less of a tile is wasted, the better; more rows share a weight in the larger one. */
const tileRows = (M: number): number => (M <= 16 ? 16 : M <= 32 ? 32 : 64);
const code: Readonly<Record<MatmulVariant, string>> = {
  naive: naive + codes,
  tiled: tiled + codes,
  few: few + codes,
  direct: direct + codes,
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
  key: ({ variant, scale, M }) => ({ variant, scale, rows: variant === 'tiled' ? tileRows(M) : 1 }),
  source: ({ variant, scale }) => ({ code: code[variant] + scaleReader[scale], bindings: 'rrrw' }),
  constants({ variant, rows }): Record<string, number> {
    if (variant === 'tiled') return { BM: rows };
    if (variant === 'few') return { LANES: fewLanes, SLOTS: fewSlots };
    return { WG: variant === 'direct' ? directGroup : naiveGroup };
  },
  params: ({ M, N, K, first, stride, accumulate }) => ({
    M,
    N,
    K,
    first,
    stride,
    accumulate: accumulate ? 1 : 0,
  }),
  dispatch({ variant, M, N }) {
    if (variant === 'few') return grid(Math.ceil(N / (4 * fewSlots)));
    if (variant === 'naive') return grid(Math.ceil((M * N) / naiveGroup));
    if (variant === 'direct') return grid(Math.ceil((Math.ceil(M / 8) * Math.ceil(N / 4)) / directGroup));
    return grid(Math.ceil(M / tileRows(M)) * Math.ceil(N / tileColumns));
  },
};
