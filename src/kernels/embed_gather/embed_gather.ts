// Rows of the quantised embedding table for the token ids in a GPU buffer.
import { invariant } from '../../base/errors';
import { grid, type KernelSpec } from '../../gpu/kernel';
import { groupSize } from '../common/q4';
import { eightCode, weightConstants, type WeightFormat } from '../common/weights';
import main from './embed_gather.wgsl?raw';

export interface EmbedGatherArgs {
  readonly rows: number;
  readonly dim: number;
  /** The block of the table that is bound holds rows first .. first + blockRows - 1. */
  readonly first: number;
  readonly blockRows: number;
  readonly scale: WeightFormat;
}
type Key = { readonly scale: WeightFormat; readonly WG: number };

const workgroup = 64;

/** Tensors: tokens, q_weight, q_scale, y. */
export const embedGather: KernelSpec<EmbedGatherArgs, Key> = {
  op: 'embed_gather',
  fields: [
    ['rows', 'u32'],
    ['dim', 'u32'],
    ['first', 'u32'],
    ['block_rows', 'u32'],
  ],
  check({ rows, dim, blockRows }) {
    invariant(
      rows > 0 && dim > 0 && dim % groupSize === 0 && blockRows > 0,
      `embed_gather of [${rows}] ids from [${blockRows}, ${dim}]`,
    );
  },
  key: ({ scale }) => ({ scale, WG: workgroup }),
  source: ({ scale }) => ({ code: main + eightCode(scale), bindings: 'rrrw' }),
  constants: ({ scale, WG }) => ({ WG, ...weightConstants(scale) }),
  params: ({ rows, dim, first, blockRows }) => ({ rows, dim, first, block_rows: blockRows }),
  dispatch: ({ rows, dim }) => grid(Math.ceil((rows * dim) / 8 / workgroup)),
};
