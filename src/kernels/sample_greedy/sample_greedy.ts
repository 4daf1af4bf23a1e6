// Greedy sampling on the GPU: the chosen id goes where the next step reads it, and the position moves on.
import { invariant } from '../../base/errors';
import type { KernelSpec } from '../../gpu/kernel';
import main from './sample_greedy.wgsl?raw';

/** What tokens[0] holds when a logit was not finite. */
export const noToken = 0xffffffff;

export interface SampleGreedyArgs {
  readonly vocab: number;
}
type Key = { readonly WG: number };

/** Tensors: logits, tokens, state. */
export const sampleGreedy: KernelSpec<SampleGreedyArgs, Key> = {
  op: 'sample_greedy',
  fields: [
    ['vocab', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
    ['pad2', 'u32'],
  ],
  check({ vocab }) {
    invariant(vocab > 0, `sample_greedy of [${vocab}]`);
  },
  key: () => ({ WG: 256 }),
  source: () => ({ code: main, bindings: 'rww' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ vocab }) => ({ vocab }),
  dispatch: () => [1, 1],
};
