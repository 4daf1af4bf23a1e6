// The tensor manifest of an MLC folder (tensor-cache.json, older name ndarray-cache.json).
// Types here; parse and validation beside them. Source: tvm python/tvm/contrib/tvmjs.py.
import type { GgufType } from '../gguf/types';

/** Of an MLC folder, or of a GGUF file, which the store keeps by the same kind of list. */
export type TensorDtype = 'uint32' | 'float16' | 'float32' | GgufType;

export interface TensorRecord {
  readonly name: string;
  readonly shape: readonly number[];
  /** float32 with format f32-to-bf16 is bfloat16 on disk: two bytes a number. */
  readonly dtype: TensorDtype;
  readonly format: 'f32-to-bf16' | 'raw';
  readonly nbytes: number;
  /** Within its shard. */
  readonly byteOffset: number;
}

export interface ShardRecord {
  /** File name inside the folder: no scheme, no leading slash, no `..`. */
  readonly dataPath: string;
  readonly nbytes: number;
  /** Lower-case hex, or undefined where the manifest has none. */
  readonly md5sum: string | undefined;
  readonly records: readonly TensorRecord[];
}

export interface TensorManifest {
  readonly shards: readonly ShardRecord[];
  readonly totalBytes: number;
}
