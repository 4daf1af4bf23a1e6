// Attention of a few rows over many positions: shares of the positions, which occupy a GPU where a workgroup per head
// does not, and their combination.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import { grid, type KernelSpec } from '../../gpu/kernel';
import { flashFields, flashRows } from '../attention/attention';
import flash from '../attention/attention_flash.wgsl?raw';
import firstSeen from '../common/first_seen.wgsl?raw';
import { kvReader, kvRow, ringConstant, ringKey, windowParam, type KvReach } from '../common/kv';
import splitsCode from '../common/splits.wgsl?raw';
import combine from './attention_combine.wgsl?raw';
import shares from './attention_shares.wgsl?raw';

export interface AttentionCombineArgs extends Pick<KvReach, 'window'> {
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
export interface AttentionSharesArgs extends AttentionCombineArgs, KvReach {
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
export const attentionShares: KernelSpec<
  AttentionSharesArgs,
  { readonly cache: KvFormat; readonly ring: number }
> = {
  op: 'attention_shares',
  fields: flashFields,
  check(args) {
    check(args);
    invariant(args.heads % args.kvHeads === 0, `${args.heads} heads over ${args.kvHeads} KV heads`);
  },
  key: ({ format, ...reach }) => ({ cache: format, ring: ringKey(reach) }),
  source: ({ cache }) => ({
    code: flash + shares + splitsCode + kvReader[cache] + firstSeen + kvRow,
    bindings: 'rrrww',
  }),
  constants: ({ ring }) => ringConstant(ring),
  params: ({ rows, heads, kvHeads, headDim, splits, span, ...reach }) => ({
    rows,
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    scale: headDim ** -0.5,
    splits,
    span,
    window: windowParam(reach),
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
    ['window', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
  ],
  check,
  key: () => ({ WG: combineGroup }),
  source: () => ({ code: combine + splitsCode + firstSeen, bindings: 'rrrw' }),
  constants: ({ WG }) => ({ WG }),
  params: ({ rows, heads, headDim, splits, span, ...reach }) => ({
    rows,
    heads,
    head_dim: headDim,
    splits,
    span,
    window: windowParam(reach),
  }),
  dispatch: ({ rows, heads, headDim }) => grid(Math.ceil((rows * heads * headDim) / 4 / combineGroup)),
};
