// Combines the shares of attention_split, multiplies by the output matrix and adds to the residual, for one row.
import { invariant } from '../../base/errors';
import type { KernelSpec } from '../../gpu/kernel';
import type { SplitTuning } from '../attention_split/attention_split';
import {
  matvecCode,
  matvecConstants,
  matvecGrid,
  matvecKey,
  type MatvecKey,
  type MatvecTuning,
} from '../common/matvec';
import { windowParam, type KvReach } from '../common/kv';
import { groupSize } from '../common/q4';
import type { WeightFormat } from '../common/weights';
import splitsCode from '../common/splits.wgsl?raw';
import main from './attention_out.wgsl?raw';

/** heads * splits that fit into the kernel's workgroup memory. */
export const maxShares = 1024;

export interface AttentionOutArgs extends Pick<SplitTuning, 'splits' | 'span'>, Pick<KvReach, 'window'> {
  readonly scale: WeightFormat;
  readonly N: number;
  readonly heads: number;
  readonly headDim: number;
  readonly tuning: MatvecTuning;
}

/** Tensors: o, stats, state, q_weight, q_scale, y. */
export const attentionOut: KernelSpec<AttentionOutArgs, MatvecKey> = {
  op: 'attention_out',
  fields: [
    ['N', 'u32'],
    ['heads', 'u32'],
    ['head_dim', 'u32'],
    ['splits', 'u32'],
    ['span', 'u32'],
    ['window', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
  ],
  check({ N, heads, headDim, splits }) {
    invariant(
      N > 0 && headDim % 4 === 0 && (heads * headDim) % groupSize === 0 && heads * splits <= maxShares,
      `attention_out of ${heads} heads of ${headDim} in ${splits} splits into [${N}]`,
    );
  },
  key: ({ scale, tuning, heads, headDim }) => matvecKey(scale, tuning, heads * headDim),
  source: (key) => ({ code: matvecCode(main, key) + splitsCode, bindings: 'rrrrrw' }),
  constants: matvecConstants,
  params: ({ N, heads, headDim, splits, span, ...reach }) => ({
    N,
    heads,
    head_dim: headDim,
    splits,
    span,
    window: windowParam(reach),
  }),
  dispatch: ({ N, tuning }) => matvecGrid(Math.ceil(N / 4), tuning),
};
