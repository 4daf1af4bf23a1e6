// Decode attention in shares of the positions, for attention_out to combine.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import { grid, type KernelSpec } from '../../gpu/kernel';
import { kvAppender, kvReader } from '../common/kv';
import splits from '../common/splits.wgsl?raw';
import main from './attention_split.wgsl?raw';
import direct from './attention_split_direct.wgsl?raw';
import staged from './attention_split_staged.wgsl?raw';

export interface SplitTuning {
  /** Most shares. */
  readonly splits: number;
  /** Positions of a share before another is opened. */
  readonly span: number;
  /** Per workgroup: a power of two, at least headDim / 4 and at most 256. */
  readonly threads: number;
}

export const usualSplit: SplitTuning = { splits: 16, span: 128, threads: 64 };

/** A software adapter pays for every thread of every workgroup, idle ones too: one share, as few threads as will do. */
export const softwareSplit = (headDim: number): SplitTuning => ({
  splits: 1,
  span: usualSplit.span,
  threads: Math.max(16, 2 ** Math.ceil(Math.log2(headDim / 4))),
});

export const splitName = ({ splits, span, threads }: SplitTuning): string =>
  `${splits} splits of ${span}, ${threads} threads`;

export interface AttentionSplitArgs extends SplitTuning {
  readonly format: KvFormat;
  readonly heads: number;
  readonly kvHeads: number;
  /** At most 256. */
  readonly headDim: number;
}
type Key = { readonly cache: KvFormat; readonly WG: number };

/** Tensors: q, kv, state, o, stats; of an int8 cache also the row that qkv_rope staged, which becomes its newest. */
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
  check({ heads, kvHeads, headDim, splits: most, span, threads }) {
    invariant(
      heads % kvHeads === 0 &&
        headDim % 4 === 0 &&
        headDim <= 256 &&
        most > 0 &&
        span > 0 &&
        threads >= headDim / 4 &&
        threads <= 256 &&
        Number.isInteger(Math.log2(threads)),
      `attention_split of [${heads}, ${headDim}] over ${kvHeads} KV heads in ${most} splits of ${span}, ${threads} threads`,
    );
  },
  key: ({ format, threads }) => ({ cache: format, WG: threads }),
  source: ({ cache }) =>
    cache === 'int8'
      ? { code: main + staged + kvReader.int8 + kvAppender.int8 + splits, bindings: 'rwrwwr' }
      : { code: main + direct + kvReader[cache] + splits, bindings: 'rrrww' },
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
