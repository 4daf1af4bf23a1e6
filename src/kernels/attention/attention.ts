// Causal attention of some rows over the KV cache, grouped-query or multi-head.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import { grid, type KernelSpec } from '../../gpu/kernel';
import { kvReader } from '../common/kv';
import flash from './attention_flash.wgsl?raw';
import naive from './attention_naive.wgsl?raw';

/** Naive: a workgroup per row and head, the oracle. Flash: eight rows share what they read of the cache. */
export type AttentionVariant = 'naive' | 'flash';

export interface AttentionArgs {
  readonly variant: AttentionVariant;
  readonly format: KvFormat;
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** At most 256. */
  readonly headDim: number;
}
type Key = { readonly cache: KvFormat; readonly variant: AttentionVariant };

const flashRows = 8;

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
      rows > 0 && heads % kvHeads === 0 && headDim > 0 && headDim % 4 === 0 && headDim <= 256,
      `attention of [${rows}, ${heads}, ${headDim}] over ${kvHeads} KV heads`,
    );
  },
  key: ({ variant, format }) => ({ cache: format, variant }),
  source: ({ variant, cache }) => ({
    code: (variant === 'flash' ? flash : naive) + kvReader[cache],
    bindings: 'rrrw',
  }),
  constants: () => ({}),
  params: ({ rows, heads, kvHeads, headDim }) => ({
    rows,
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    scale: headDim ** -0.5,
  }),
  dispatch: ({ variant, rows, heads }) =>
    grid(heads * (variant === 'flash' ? Math.ceil(rows / flashRows) : rows)),
};
