// Reads a buffer from end to end and does next to nothing with it: what a GPU's memory gives at most.
import { invariant } from '../../base/errors';
import { grid, type KernelSpec } from '../../gpu/kernel';
import code from './stream_sum.wgsl?raw';

export interface StreamSumArgs {
  /** 16 bytes each. */
  readonly vectors: number;
}
type Key = { readonly WG: number };

const workgroup = 256;
const groups = 4096;
/** u32 written: a sum per thread, so that nothing of the reading can be left out. */
export const streamSums = workgroup * groups;

/** Tensors: data, sums. */
export const streamSum: KernelSpec<StreamSumArgs, Key> = {
  op: 'stream_sum',
  fields: [
    ['vectors', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
    ['pad2', 'u32'],
  ],
  check: ({ vectors }) => invariant(vectors > 0, `stream_sum of ${vectors} vectors`),
  key: () => ({ WG: workgroup }),
  source: () => ({ code, bindings: 'rw' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ vectors }) => ({ vectors }),
  dispatch: () => grid(groups),
};
