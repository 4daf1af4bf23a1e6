// Attention of a few rows over many positions: shares of the positions, which occupy a GPU where a workgroup per head
// does not, and their combination.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import { grid, type KernelSpec } from '../../gpu/kernel';
import { flashFields, flashRows } from '../attention/attention';
import flash from '../attention/attention_flash.wgsl?raw';
import { kvReader } from '../common/kv';
import splitsCode from '../common/splits.wgsl?raw';
import combine from './attention_combine.wgsl?raw';
import shares from './attention_shares.wgsl?raw';

export interface AttentionCombineArgs {
  /** At most `flashRows`. */
  readonly rows: number;
  readonly heads: number;
  /** At most 256. */
  readonly headDim: number;
  /** Most shares. */
  readonly splits: number;
  /** Positions of a share before another is opened. */
  readonly span: number;
}
export interface AttentionSharesArgs extends AttentionCombineArgs {
  readonly format: KvFormat;
  readonly kvHeads: number;
}

function check({ rows, heads, headDim, splits, span }: AttentionCombineArgs): void {
  invariant(
    rows > 0 &&
      rows <= flashRows &&
      headDim > 0 &&
      headDim % 4 === 0 &&
      headDim <= 256 &&
      splits > 0 &&
      span > 0,
    `attention of [${rows}, ${heads}, ${headDim}] in ${splits} splits of ${span}`,
  );
}

/** Tensors: q, kv, state, out, stats. */
export const attentionShares: KernelSpec<AttentionSharesArgs, { readonly cache: KvFormat }> = {
  op: 'attention_shares',
  fields: flashFields,
  check(args) {
    check(args);
    invariant(args.heads % args.kvHeads === 0, `${args.heads} heads over ${args.kvHeads} KV heads`);
  },
  key: ({ format }) => ({ cache: format }),
  source: ({ cache }) => ({ code: flash + shares + splitsCode + kvReader[cache], bindings: 'rrrww' }),
  constants: () => ({}),
  params: ({ rows, heads, kvHeads, headDim, splits, span }) => ({
    rows,
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    scale: headDim ** -0.5,
    splits,
    span,
  }),
  dispatch: ({ heads, splits }) => grid(heads * splits),
};

const combineGroup = 64;

/** Tensors: o, stats, state, out. */
export const attentionCombine: KernelSpec<AttentionCombineArgs, { readonly WG: number }> = {
  op: 'attention_combine',
  fields: [
    ['rows', 'u32'],
    ['heads', 'u32'],
    ['head_dim', 'u32'],
    ['splits', 'u32'],
    ['span', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
    ['pad2', 'u32'],
  ],
  check,
  key: () => ({ WG: combineGroup }),
  source: () => ({ code: combine + splitsCode, bindings: 'rrrw' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ rows, heads, headDim, splits, span }) => ({ rows, heads, head_dim: headDim, splits, span }),
  dispatch: ({ rows, heads, headDim }) => grid(Math.ceil((rows * heads * headDim) / 4 / combineGroup)),
};
