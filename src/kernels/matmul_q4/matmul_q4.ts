// y = x W^T for 4-bit weights, one spec for every way of doing it; `variant` names the file.
import { invariant } from '../../base/errors';
import { grid, type KernelSpec } from '../../gpu/kernel';
import codes from '../common/q4_codes.wgsl?raw';
import { groupSize, scaleReader, type ScaleType } from '../common/q4';
import naive from './matmul_q4_naive.wgsl?raw';

export type MatmulVariant = 'naive';

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
  /** Row of x where the M rows begin. */
  readonly xRow: number;
}
type Key = { readonly variant: MatmulVariant; readonly scale: ScaleType; readonly WG: number };

const workgroup: Readonly<Record<MatmulVariant, number>> = { naive: 64 };
const code: Readonly<Record<MatmulVariant, string>> = { naive: naive + codes };

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
    ['x_offset', 'u32'],
    ['pad0', 'u32'],
  ],
  check({ M, N, K, stride, first }) {
    invariant(
      M > 0 && N > 0 && K > 0 && K % groupSize === 0 && first + N <= stride,
      `matmul_q4 of [${M}, ${K}] by [${N}, ${K}] into columns ${first}.. of ${stride}`,
    );
  },
  key: ({ variant, scale }) => ({ variant, scale, WG: workgroup[variant] }),
  source: ({ variant, scale }) => ({ code: code[variant] + scaleReader[scale], bindings: 'rrrw' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ M, N, K, first, stride, accumulate, xRow }) => ({
    M,
    N,
    K,
    first,
    stride,
    accumulate: accumulate ? 1 : 0,
    x_offset: xRow * K,
  }),
  dispatch({ variant, M, N }) {
    return grid(Math.ceil((M * N) / workgroup[variant]));
  },
};
