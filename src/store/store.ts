// The store seam: what the rest of the app may ask of the place where model files live. One store, one copy,
// two engines. The implementation beside this file keeps shards in pieces: records of them in IndexedDB, their bytes
// in the origin-private file system.
import type { ShardRecord, TensorManifest } from '../formats/mlc/manifest';

export interface FetchProgress {
  readonly phase: 'config' | 'tokenizer' | 'manifest' | 'shards' | 'verify';
  /** Bytes of shards that are here, of all; counts what was stored before and never falls. */
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Bytes that came over the network in this call. */
  readonly fetchedBytes: number;
  /** Over the last ten seconds; absent until it can be told, and while paused. */
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  readonly paused?: boolean;
}

export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Other folders with the same files, asked when the first fails. */
  readonly mirrors?: readonly string[];
  /** Nothing is written: for a device whose storage is full. What is stored already is still used. */
  readonly memoryOnly?: boolean;
}

/** Where a stored piece of a shard lies in it. */
export interface StoredPart {
  readonly offset: number;
  readonly length: number;
  /** Of the bytes (pieceSum), where they lie in the shard's file. */
  readonly sum?: string;
}

/** Bytes of a shard, read as a whole or not at all: there is no handle to them that could be cut or wrapped. */
export interface StoredPiece {
  /** Within its shard. */
  readonly offset: number;
  readonly nbytes: number;
  /** Where it lies on the disk; absent where it is in memory only. Another thread can read it there too. */
  readonly stored?: StoredPart;
  /**
   * @param into where the bytes may be put, if it holds `nbytes`: a reader of many pieces then makes no garbage.
   * @returns exactly `nbytes` bytes, the caller's own, in `into` or not.
   * @throws AppError storage/integrity when they are gone, as after a crash that lost a file: the shard is dropped
   *   then, so that the next call of `shards()` fetches it again (see isLostPiece); storage/unavailable
   */
  read(into?: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>>;
}

export interface StoredShard {
  readonly shard: ShardRecord;
  /** In order and without a gap, from byte 0 to the shard's last. */
  readonly pieces: readonly StoredPiece[];
}

/** One model's files, complete or on the way. */
export interface ModelFiles {
  /** The folder's absolute address, ending in a slash. */
  readonly base: string;
  /** A small text file such as mlc-chat-config.json or tokenizer.json: from the store, else fetched and stored. */
  text(name: string): Promise<string>;
  manifest(): Promise<TensorManifest>;
  /**
   * Every shard exactly once, as soon as its bytes are verified (length and md5), in no promised order. Stored
   * shards come from the store without any request; missing ones are downloaded and committed on the way. When
   * the last one has been yielded the manifest record is written, which alone means "complete".
   * No byte is read here: a piece's bytes come when it is asked for them.
   * @throws AppError network/*, storage/*, model/bad-manifest, run/aborted; what is committed stays.
   */
  shards(): AsyncIterable<StoredShard>;
}

export interface ModelStatus {
  readonly base: string;
  readonly complete: boolean;
  readonly storedBytes: number;
  /** Undefined until the manifest is known. */
  readonly totalBytes: number | undefined;
  /** Of the stored bytes, those that lie in private files; the others are records' Blobs. */
  readonly filesBytes: number;
  readonly missing: readonly MissingShard[];
  /** When the model became complete, and when all of it was last read back and found right; ms since 1970. */
  readonly completedAt?: number;
  readonly verifiedAt?: number;
}

export interface MissingShard {
  readonly dataPath: string;
  readonly nbytes: number;
  /** Bytes of it that are committed already. */
  readonly storedBytes: number;
}

export interface ModelStore {
  open(base: string, options: OpenOptions): Promise<ModelFiles>;
  /** Keys only: no shard is read. */
  status(base: string): Promise<ModelStatus>;
  list(): Promise<readonly ModelStatus[]>;
  /** Total, also offline. */
  remove(base: string): Promise<void>;
}
