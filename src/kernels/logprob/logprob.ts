// How sure a model was of what it drew: run behind sampling, and only where somebody asks.
import { invariant } from '../../base/errors';
import type { KernelSpec } from '../../gpu/kernel';
import code from './logprob.wgsl?raw';

/** What is kept of each draw. */
export interface Logprob {
  /** ln p of the id under the softmax of the logits as they are, nats; at most 0. */
  readonly logprob: number;
  /** Of the whole distribution, nats; 0: only one id could come. */
  readonly entropy: number;
}

export interface LogprobArgs {
  readonly vocab: number;
  /** Draws that the last tensor has room for. */
  readonly most: number;
}
type Key = { readonly WG: number };

/** Tensors: logits, tokens, state, surety. */
export const logprob: KernelSpec<LogprobArgs, Key> = {
  op: 'logprob',
  fields: [
    ['vocab', 'u32'],
    ['most', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
  ],
  check: ({ vocab, most }) => invariant(vocab > 0 && most > 0, `logprob of ${vocab} logits, ${most} at most`),
  key: () => ({ WG: 256 }),
  source: () => ({ code, bindings: 'rrrw' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ vocab, most }) => ({ vocab, most }),
  dispatch: () => [1, 1],
};
