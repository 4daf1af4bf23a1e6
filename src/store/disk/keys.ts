// The layout of the store's keys. Everything one model owns starts with the address of its folder, so that a
// key range is the whole model; sizes and checksums are in the keys, so that status never reads a value.

import type { StoredPart } from '../store';

/** Every key is [base, kind, ...]; docs/adr/0002-shard-store.md has the table of values. */
export type Kind = 'text' | 'pin' | 'session' | 'plan' | 'source' | 'part' | 'proof' | 'manifest';

export type StoreKey = [base: string, kind: Kind, ...rest: (string | number)[]];

export interface ShardIdentity {
  readonly dataPath: string;
  readonly nbytes: number;
  readonly md5sum: string | undefined;
}

export type Part = StoredPart;

/** What the key of a part says, from `parseKey`'s rest on. */
export function parsePart(rest: readonly unknown[]): Part | undefined {
  const [, , , offset, length, sum] = rest;
  if (typeof offset !== 'number' || typeof length !== 'number') return undefined;
  return { offset, length, ...(typeof sum === 'string' && { sum }) };
}

export const textKey = (base: string, name: string): StoreKey => [base, 'text', name];
/** The commit the folder's host said its files are of. */
export const pinKey = (base: string): StoreKey => [base, 'pin'];
/** The manifest a download works by; without it, or with only it, the model is not complete. */
export const planKey = (base: string): StoreKey => [base, 'plan'];
/** Present while a download runs; see StoredSession. */
export const sessionKey = (base: string): StoreKey => [base, 'session'];
/** Written last: it alone means "complete". */
export const manifestKey = (base: string): StoreKey => [base, 'manifest'];
/** The checksum is part of the key: after the folder changed, old bytes are never taken for new ones. */
export const partPrefix = (base: string, shard: ShardIdentity): StoreKey => [
  base,
  'part',
  shard.dataPath,
  shard.nbytes,
  shard.md5sum ?? '',
];
/** With its sum where the bytes lie in a file (shard-files.ts); without, they are the record's value, a Blob. */
export const partKey = (base: string, shard: ShardIdentity, { offset, length, sum }: Part): StoreKey => [
  ...partPrefix(base, shard),
  offset,
  length,
  ...(sum === undefined ? [] : [sum]),
];
/** Which version of which server's file the parts of an unfinished shard came from. */
export const sourceKey = (base: string, shard: ShardIdentity): StoreKey => [base, 'source', shard.dataPath];
/** Written with the shard's last part: it says that the shard is whole and was found right. */
export const proofKey = (base: string, shard: ShardIdentity): StoreKey => [
  ...proofPrefix(base, shard),
  shard.nbytes,
  shard.md5sum ?? '',
];
/** Of any version of the file. */
export const proofPrefix = (base: string, shard: ShardIdentity): StoreKey => [base, 'proof', shard.dataPath];

export function parseKey(key: IDBValidKey): { base: string; kind: string; rest: unknown[] } | undefined {
  if (!Array.isArray(key)) return undefined;
  const [base, kind, ...rest] = key as unknown[];
  return typeof base === 'string' && typeof kind === 'string' ? { base, kind, rest } : undefined;
}

/** The same shard's key as text, for sets. */
export function shardId(shard: ShardIdentity): string {
  return JSON.stringify([shard.dataPath, shard.nbytes, shard.md5sum ?? '']);
}

export interface StoredText {
  readonly text: string;
}

export interface StoredManifest {
  /** The file it came from: tensor-cache.json or ndarray-cache.json. */
  readonly name: string;
  readonly text: string;
  /** Milliseconds since 1970, of completion; on a plan, of the first request. */
  readonly at: number;
  /** When every shard was last read back and found right. */
  readonly verifiedAt?: number;
  /** A plan whose checksums the server's shards did not match: the folder may have changed since. */
  readonly doubtful?: boolean;
}

export interface PartSource {
  readonly host: string;
  /** A strong ETag, where the server has one and lets us see it. */
  readonly etag: string | null;
}

/** What was true of a shard at the moment it was committed. */
export interface ShardProof {
  readonly sha256: string;
  readonly nbytes: number;
  readonly md5sum: string;
  /** Where the bytes came from: a host name, or "import". */
  readonly host: string;
  readonly storedAt: number;
  /** Last time the stored bytes were read back and found equal. */
  readonly verifiedAt: number;
}
