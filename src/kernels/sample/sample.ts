// Sampling on the GPU: the drawn id goes where the next step reads it, and the position moves on.
import { invariant } from '../../base/errors';
import type { KernelSpec } from '../../gpu/kernel';
import main from './sample.wgsl?raw';

/** What tokens[0] holds when a logit was not finite. */
export const noToken = 0xffffffff;

export interface SampleArgs {
  /** Below 2^20, so that sums of weights fit. */
  readonly vocab: number;
}
type Key = { readonly WG: number };

/** Tensors: logits, settings, tokens, state, seen. */
export const sample: KernelSpec<SampleArgs, Key> = {
  op: 'sample',
  fields: [
    ['vocab', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
    ['pad2', 'u32'],
  ],
  check({ vocab }) {
    invariant(vocab > 0 && vocab < 2 ** 20, `sample of [${vocab}]`);
  },
  key: () => ({ WG: 256 }),
  source: () => ({ code: main, bindings: 'rrwww' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ vocab }) => ({ vocab }),
  dispatch: () => [1, 1],
};
