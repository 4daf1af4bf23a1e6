// Rotary embedding of Q and K, and the append of K and V to the cache.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import { grid, type KernelSpec } from '../../gpu/kernel';
import { kvAppender, kvRow, ringConstant, ringKey, type KvReach } from '../common/kv';
import main from './rope_append.wgsl?raw';

export interface RopeAppendArgs extends Pick<KvReach, 'ring'> {
  readonly format: KvFormat;
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rotaryDim: number;
  /** Per workgroup, one head of a row each: a power of two. 64 where nothing is said. */
  readonly threads?: number;
}
type Key = { readonly cache: KvFormat; readonly WG: number; readonly ring: number };

const usualThreads = 64;
/** A software adapter pays for every thread, idle ones too. */
export const softwareThreads = 8;

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
  check({ rows, heads, kvHeads, headDim, rotaryDim }) {
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
  key: ({ format, threads = usualThreads, ...reach }) => ({
    cache: format,
    WG: threads,
    ring: ringKey(reach),
  }),
  source: ({ cache }) => ({ code: main + kvAppender[cache] + kvRow, bindings: 'rrrww' }),
  constants: ({ WG, ring }) => ({ WG, ...ringConstant(ring) }),
  params: ({ rows, heads, kvHeads, headDim, rotaryDim }) => ({
    rows,
    heads,
    kv_heads: kvHeads,
    head_dim: headDim,
    rotary: rotaryDim,
  }),
  dispatch: ({ rows, heads, kvHeads }) => grid(rows * (heads + kvHeads)),
};
