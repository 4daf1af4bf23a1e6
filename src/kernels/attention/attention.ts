// Causal attention of some rows over the KV cache, grouped-query or multi-head.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import { grid, type KernelSpec } from '../../gpu/kernel';
import { kvReader } from '../common/kv';
import direct from './attention_direct.wgsl?raw';
import flash from './attention_flash.wgsl?raw';
import naive from './attention_naive.wgsl?raw';

/**
 * Naive: a workgroup per row and head, the oracle. Flash: eight rows share what they read of the cache. Direct: no
 * thread waits for another, which is what a software adapter compiles and runs fastest.
 */
export type AttentionVariant = 'naive' | 'flash' | 'direct';

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
const directGroup = 16;
/** Dims of a head that a thread of `direct` sums. */
const directDims = 32;
const code: Readonly<Record<AttentionVariant, string>> = { naive, flash, direct };

function groupsOf({ variant, rows, heads, headDim }: AttentionArgs): number {
  if (variant === 'naive') return heads * rows;
  if (variant === 'flash') return heads * Math.ceil(rows / flashRows);
  return Math.ceil((rows * heads * Math.ceil(headDim / directDims)) / directGroup);
}

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
    code: code[variant] + kvReader[cache],
    bindings: 'rrrw',
  }),
  constants: ({ variant }): Record<string, number> => (variant === 'direct' ? { WG: directGroup } : {}),
  params: ({ rows, heads, kvHeads, headDim }) => ({
    rows,
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    scale: headDim ** -0.5,
  }),
  dispatch: (args) => grid(groupsOf(args)),
};
