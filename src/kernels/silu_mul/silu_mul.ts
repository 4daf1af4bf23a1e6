// The gated activation between the two halves of the MLP.
import { invariant } from '../../base/errors';
import { grid, type KernelSpec } from '../../gpu/kernel';
import main from './silu_mul.wgsl?raw';

export interface SiluMulArgs {
  readonly rows: number;
  readonly width: number;
}
type Key = { readonly x: 'f32'; readonly WG: number };

const workgroup = 64;

/** Tensors: gate_up, y. */
export const siluMul: KernelSpec<SiluMulArgs, Key> = {
  op: 'silu_mul',
  fields: [
    ['rows', 'u32'],
    ['width', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
  ],
  check({ rows, width }) {
    invariant(rows > 0 && width > 0, `silu_mul of [${rows}, 2 * ${width}]`);
  },
  key: () => ({ x: 'f32', WG: workgroup }),
  source: () => ({ code: main, bindings: 'rw' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ rows, width }) => ({ rows, width }),
  dispatch: ({ rows, width }) => grid(Math.ceil((rows * width) / workgroup)),
};
