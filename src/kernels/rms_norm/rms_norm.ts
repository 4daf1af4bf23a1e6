// Root-mean-square normalisation of each row.
import { invariant } from '../../base/errors';
import { grid, type KernelSpec } from '../../gpu/kernel';
import main from './rms_norm.wgsl?raw';

export interface RmsNormArgs {
  readonly rows: number;
  readonly dim: number;
  readonly eps: number;
  /** Row of x that becomes y's first; 0 where nothing is said. */
  readonly first?: number;
}
type Key = { readonly x: 'f32'; readonly WG: number };

/** Tensors: x, weight, y. */
export const rmsNorm: KernelSpec<RmsNormArgs, Key> = {
  op: 'rms_norm',
  fields: [
    ['rows', 'u32'],
    ['dim', 'u32'],
    ['eps', 'f32'],
    ['first', 'u32'],
  ],
  check({ rows, dim }) {
    invariant(rows > 0 && dim > 0, `rms_norm of [${rows}, ${dim}]`);
  },
  key: () => ({ x: 'f32', WG: 64 }),
  source: () => ({ code: main, bindings: 'rrw' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ rows, dim, eps, first = 0 }) => ({ rows, dim, eps, first }),
  dispatch: ({ rows }) => grid(rows),
};
