// Causal attention of some rows over the KV cache, grouped-query or multi-head.
import { invariant } from '../../base/errors';
import { grid, type KernelSpec } from '../../gpu/kernel';
import naive from './attention_naive.wgsl?raw';

export interface AttentionArgs {
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** At most 256. */
  readonly headDim: number;
}
type Key = { readonly cache: 'f32'; readonly variant: 'naive'; readonly WG: number };

/** Tensors: q, kv, state, out. */
export const attention: KernelSpec<AttentionArgs, Key> = {
  op: 'attention',
  fields: [
    ['rows', 'u32'],
    ['heads', 'u32'],
    ['kv_heads', 'u32'],
    ['head_dim', 'u32'],
    ['scale', 'f32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
    ['pad2', 'u32'],
  ],
  check({ rows, heads, kvHeads, headDim }) {
    invariant(
      rows > 0 && heads % kvHeads === 0 && headDim > 0 && headDim <= 256,
      `attention of [${rows}, ${heads}, ${headDim}] over ${kvHeads} KV heads`,
    );
  },
  key: () => ({ cache: 'f32', variant: 'naive', WG: 64 }),
  source: () => ({ code: naive, bindings: 'rrrw' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ rows, heads, kvHeads, headDim }) => ({
    rows,
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    scale: headDim ** -0.5,
  }),
  dispatch: ({ rows, heads }) => grid(rows * heads),
};
