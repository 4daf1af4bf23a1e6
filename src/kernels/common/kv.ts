// The KV cache on the kernels' side: which pieces of WGSL read and write a row of each format, so that a kernel is
// written once. base/kv-format.ts has the layout.
import type { KvFormat } from '../../base/kv-format';
import appendF16 from './kv_append_f16.wgsl?raw';
import appendF32 from './kv_append_f32.wgsl?raw';
import appendInt8 from './kv_append_int8.wgsl?raw';
import pair from './kv_pair.wgsl?raw';
import pairF16 from './kv_pair_f16.wgsl?raw';
import putF16 from './kv_put_f16.wgsl?raw';
import putF32 from './kv_put_f32.wgsl?raw';
import putStaged from './kv_put_staged.wgsl?raw';
import readF16 from './kv_read_f16.wgsl?raw';
import readF32 from './kv_read_f32.wgsl?raw';
import readInt8 from './kv_read_int8.wgsl?raw';
import row from './kv_row.wgsl?raw';

/** What a cache keeps of a text. */
export interface KvReach {
  /** Newest positions that one attends to, itself among them; without it all. */
  readonly window?: number | undefined;
  /** Rows, where the cache is a ring: `kv_row` then says which a position has. */
  readonly ring?: number | undefined;
}

/** As a kernel's parameter. */
export const windowParam = ({ window }: KvReach): number => window ?? 0xffffffff;
/** As a part of a kernel's key, and as a constant of what has `kvRow`. */
export const ringKey = ({ ring }: KvReach): number => ring ?? 0;
export const ringConstant = (ring: number): Record<string, number> => (ring > 0 ? { RING: ring } : {});

/** For whatever reads or writes positions: `kv_row`, which all of the pieces below call. */
export const kvRow = row;

/** For kernels that bind `kv: array<KvWord>`: `kv_quad` and `kv_scale`, whose product is four dims of a head. */
export const kvReader: Readonly<Record<KvFormat, string>> = { f32: readF32, f16: readF16, int8: readInt8 };

/** For kernels that bind `kv: array<KvWord>` and have heads of whole eights: `kv_pair` in the place of `kv_quad`. */
export const kvPairReader: Readonly<Record<KvFormat, string>> = {
  f32: readF32 + pair,
  f16: pairF16,
  int8: readInt8 + pair,
};

/** For kernels that bind `kv: array<u32>` and hold a whole head: `append_head`. */
export const kvAppender: Readonly<Record<KvFormat, string>> = {
  f32: appendF32,
  f16: appendF16,
  int8: appendInt8,
};

/**
 * For kernels that bind `kv: array<u32>` and hold two dims at a time: `kv_put`. A scale needs the whole head, so
 * int8 is put as f32 into a row of its own, which `attention_split` makes codes of when it first reads it.
 */
export const kvPutter: Readonly<Record<KvFormat, string>> = { f32: putF32, f16: putF16, int8: putStaged };
