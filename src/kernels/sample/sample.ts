// Sampling on the GPU: the drawn id goes where the next step reads it, and the position moves on.
import { invariant } from '../../base/errors';
import type { KernelSpec } from '../../gpu/kernel';
import main from './sample.wgsl?raw';
import direct from './sample_direct.wgsl?raw';
import head from './sample_head.wgsl?raw';

/** What tokens[0] holds when a logit was not finite. */
export const noToken = 0xffffffff;

/** Words of the settings with a mask behind them: sampling/sampler.ts makes both. */
export function settingsWords(vocab: number): number {
  return 8 + Math.ceil(vocab / 32);
}

export interface SampleArgs {
  /** Below 2^20, so that sums of weights fit. */
  readonly vocab: number;
  /** Rows of logits, each of the token after the one before: a step's one, or a guess's that is checked. */
  readonly rows: number;
  /** Of its workgroup. One waits for no other, which is what a software adapter compiles fastest; default: 256. */
  readonly threads?: 1 | 256;
}
type Key = { readonly WG: number };

/** Tensors: logits, settings, tokens, state, seen. */
export const sample: KernelSpec<SampleArgs, Key> = {
  op: 'sample',
  fields: [
    ['vocab', 'u32'],
    ['rows', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
  ],
  check({ vocab, rows }) {
    invariant(vocab > 0 && vocab < 2 ** 20 && rows > 0, `sample of [${rows}, ${vocab}]`);
  },
  key: ({ threads = 256 }) => ({ WG: threads }),
  source: ({ WG }) => ({ code: (WG === 1 ? direct : main) + head, bindings: 'rrwww' }),
  constants: ({ WG }): Record<string, number> => (WG === 1 ? {} : { WG }),
  params: ({ vocab, rows }) => ({ vocab, rows }),
  dispatch: () => [1, 1],
};
