// Rotary embedding of Q and K, and the append of K and V to the cache.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import { grid, type KernelSpec } from '../../gpu/kernel';
import { kvAppender, kvPutter, kvRow, ringConstant, ringKey, type KvReach } from '../common/kv';
import main from './rope_append.wgsl?raw';
import direct from './rope_append_direct.wgsl?raw';

/** Staged: a workgroup has a whole head in its memory. Direct: no thread waits for another, not for int8. */
export type RopeVariant = 'staged' | 'direct';

export interface RopeAppendArgs extends Pick<KvReach, 'ring'> {
  readonly format: KvFormat;
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rotaryDim: number;
  /** Staged where nothing is said. */
  readonly variant?: RopeVariant;
  /** Per workgroup of `staged`, one head of a row each: a power of two. 64 where nothing is said. */
  readonly threads?: number;
}
type Key = {
  readonly variant: RopeVariant;
  readonly cache: KvFormat;
  readonly WG: number;
  readonly ring: number;
};

const usualThreads = 64;
const directGroup = 16;

/** What a software adapter compiles and runs fastest: it pays for barriers, and for every thread, idle ones too. */
export const softwareRope = (format: KvFormat): Pick<RopeAppendArgs, 'variant' | 'threads'> =>
  format === 'int8' ? { threads: 8 } : { variant: 'direct' };

/** Tensors: qkv, table, state, q, kv. The cache must reach past state[0] + rows, or be a ring. */
export const ropeAppend: KernelSpec<RopeAppendArgs, Key> = {
  op: 'rope_append',
  fields: [
    ['rows', 'u32'],
    ['heads', 'u32'],
    ['kv_heads', 'u32'],
    ['head_dim', 'u32'],
    ['rotary', 'u32'],
    ['pad0', 'u32'],
    ['pad1', 'u32'],
    ['pad2', 'u32'],
  ],
  check({ format, variant, rows, heads, kvHeads, headDim, rotaryDim }) {
    invariant(variant !== 'direct' || format !== 'int8', 'rope_append direct to int8');
    invariant(
      rows > 0 &&
        heads > 0 &&
        kvHeads > 0 &&
        headDim % 4 === 0 &&
        headDim <= 256 &&
        rotaryDim % 2 === 0 &&
        rotaryDim <= headDim,
      `rope_append of [${rows}, ${heads}+2*${kvHeads}, ${headDim}], ${rotaryDim} of them rotary`,
    );
  },
  key: ({ format, variant = 'staged', threads = usualThreads, ...reach }) => ({
    variant,
    cache: format,
    WG: variant === 'direct' ? directGroup : threads,
    ring: ringKey(reach),
  }),
  source: ({ variant, cache }) => ({
    code: variant === 'direct' ? direct + kvPutter[cache] + kvRow : main + kvAppender[cache] + kvRow,
    bindings: 'rrrww',
  }),
  constants: ({ WG, ring }) => ({ WG, ...ringConstant(ring) }),
  params: ({ rows, heads, kvHeads, headDim, rotaryDim }) => ({
    rows,
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    rotary: rotaryDim,
  }),
  dispatch: ({ variant, rows, heads, kvHeads, headDim }) =>
    variant === 'direct'
      ? grid(Math.ceil((rows * (heads + 2 * kvHeads) * headDim) / 2 / directGroup))
      : grid(rows * (heads + kvHeads)),
};
