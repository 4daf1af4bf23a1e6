// Decode attention in shares of the positions, for attention_out to combine.
import { invariant } from '../../base/errors';
import { grid, type KernelSpec } from '../../gpu/kernel';
import splits from '../common/splits.wgsl?raw';
import main from './attention_split.wgsl?raw';

export interface SplitTuning {
  /** Most shares. */
  readonly splits: number;
  /** Positions of a share before another is opened. */
  readonly span: number;
}

export interface AttentionSplitArgs extends SplitTuning {
  readonly heads: number;
  readonly kvHeads: number;
  /** At most 256. */
  readonly headDim: number;
}
type Key = { readonly cache: 'f32'; readonly WG: number };

/** Tensors: q, kv, state, o, stats. */
export const attentionSplit: KernelSpec<AttentionSplitArgs, Key> = {
  op: 'attention_split',
  fields: [
    ['heads', 'u32'],
    ['kv_heads', 'u32'],
    ['head_dim', 'u32'],
    ['splits', 'u32'],
    ['span', 'u32'],
    ['scale', 'f32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
  ],
  check({ heads, kvHeads, headDim, splits: most, span }) {
    invariant(
      heads % kvHeads === 0 && headDim % 4 === 0 && headDim <= 256 && most > 0 && span > 0,
      `attention_split of [${heads}, ${headDim}] over ${kvHeads} KV heads in ${most} splits of ${span}`,
    );
  },
  key: () => ({ cache: 'f32', WG: 64 }),
  source: () => ({ code: main + splits, bindings: 'rrrww' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ heads, kvHeads, headDim, splits: most, span }) => ({
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    splits: most,
    span,
    scale: headDim ** -0.5,
  }),
  dispatch: ({ heads, splits: most }) => grid(heads * most),
};
