// Norm, qkv, rotary embedding and the append to the cache in one kernel, for one row.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import type { KernelSpec } from '../../gpu/kernel';
import { kvPutter, kvRow, ringConstant, ringKey, type KvReach } from '../common/kv';
import {
  matvecConstants,
  matvecGrid,
  matvecKey,
  normedMatvecCode,
  type MatvecKey,
  type MatvecTuning,
} from '../common/matvec';
import { groupSize } from '../common/q4';
import type { WeightFormat } from '../common/weights';
import main from './qkv_rope.wgsl?raw';

export interface QkvRopeArgs extends Pick<KvReach, 'ring'> {
  readonly scale: WeightFormat;
  readonly format: KvFormat;
  readonly K: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rotaryDim: number;
  readonly eps: number;
  readonly tuning: MatvecTuning;
}

type Key = MatvecKey & { readonly cache: KvFormat; readonly ring: number };

/**
 * Tensors: x, gamma, q_weight, q_scale, table, state, q, kv. The cache must reach past state[0], or be a ring; of an int8 cache it
 * is the staged row, f32 [2, kvHeads * headDim], that attention_split takes.
 */
export const qkvRope: KernelSpec<QkvRopeArgs, Key> = {
  op: 'qkv_rope',
  fields: [
    ['K', 'u32'],
    ['heads', 'u32'],
    ['kv_heads', 'u32'],
    ['head_dim', 'u32'],
    ['rotary', 'u32'],
    ['eps', 'f32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
  ],
  check({ K, heads, kvHeads, headDim, rotaryDim }) {
    invariant(
      K > 0 && K % groupSize === 0 && headDim % 4 === 0 && rotaryDim % 4 === 0 && rotaryDim <= headDim,
      `qkv_rope of [${K}] into ${heads}+2*${kvHeads} heads of ${headDim}, ${rotaryDim} of them rotary`,
    );
  },
  key: ({ scale, tuning, format, K, ...reach }) => ({
    ...matvecKey(scale, tuning, K),
    cache: format,
    ring: ringKey(reach),
  }),
  source: (key) => ({
    code: normedMatvecCode(main, key) + kvPutter[key.cache] + kvRow,
    bindings: 'rrrrrrww',
  }),
  constants: (key) => ({ ...matvecConstants(key), ...ringConstant(key.ring) }),
  params: ({ K, heads, kvHeads, headDim, rotaryDim, eps }) => ({
    K,
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    rotary: rotaryDim,
    eps,
  }),
  dispatch: ({ heads, kvHeads, headDim, tuning }) =>
    matvecGrid(((heads + 2 * kvHeads) * headDim) / 4, tuning),
};
