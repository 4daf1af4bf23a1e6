// What goes over the port between the worker that sees words and the one that has the network: which file of which
// folder is wanted, and back the file, or where it lies now. Nothing else fits into these messages.
import type { WireError } from '../../base/errors';
import { asStorageWay, type StorageWay } from '../../base/storage-way';
import type { ShardRecord, TensorManifest } from '../../formats/mlc/manifest';
import type { Preflight } from '../download/preflight';
import type { Part } from '../disk/keys';
import type { FetchProgress } from '../store';

/** A model's folder as one load asks for it. */
export interface Folder {
  /** Calls of one load share it, and what was learned of the folder's host. */
  readonly session: number;
  readonly base: string;
  readonly mirrors: readonly string[];
  readonly memoryOnly: boolean;
}

export type StoreCall =
  | { readonly op: 'text'; readonly folder: Folder; readonly name: string }
  | { readonly op: 'manifest'; readonly folder: Folder }
  | { readonly op: 'shards'; readonly folder: Folder }
  /** Of a shard that was handed out and lies nowhere but in the other worker's memory; it is given away once. */
  | { readonly op: 'piece'; readonly shard: number; readonly index: number }
  | { readonly op: 'library'; readonly folder: Folder; readonly address: string }
  /** llama.cpp's program, which comes with the app: nothing of the asker's goes into the request. */
  | { readonly op: 'llamaCpp' }
  | { readonly op: 'preflight'; readonly base: string };

export type ToStore =
  | { readonly id: number; readonly call: StoreCall }
  | { readonly id: number; readonly cancel: true }
  /** Nothing of a load will be asked for any more; what is under way ends. */
  | { readonly close: number };

/** A shard that has arrived: its pieces lie on the disk where `stored`, else in the memory of who downloaded it. */
export interface ArrivedShard {
  readonly shard: ShardRecord;
  readonly number: number;
  readonly pieces: readonly { readonly offset: number; readonly nbytes: number; readonly stored?: Part }[];
}

export type StoreAnswer =
  | string
  | TensorManifest
  | Uint8Array<ArrayBuffer>
  | Pick<Preflight, 'totalBytes'>
  | undefined;

export type FromStore = { readonly id: number } & (
  | { readonly kind: 'progress'; readonly progress: FetchProgress }
  | { readonly kind: 'shard'; readonly arrived: ArrivedShard }
  | { readonly kind: 'done'; readonly answer: StoreAnswer }
  | { readonly kind: 'failed'; readonly error: WireError }
);

export function isToStore(data: unknown): data is ToStore {
  if (typeof data !== 'object' || data === null) return false;
  const { id, call, cancel, close } = data as Record<string, unknown>;
  if (Number.isSafeInteger(close)) return true;
  return Number.isSafeInteger(id) && (cancel === true || (typeof call === 'object' && call !== null));
}

export function isFromStore(data: unknown): data is FromStore {
  if (typeof data !== 'object' || data === null) return false;
  const { id, kind } = data as Record<string, unknown>;
  return Number.isSafeInteger(id) && ['progress', 'shard', 'done', 'failed'].includes(kind as string);
}

/** Between the page and its workers, which introduces the two to each other. */
export type Introduction =
  /** From the engine's worker: it wants something that is not stored. */
  | { readonly store: 'wanted' }
  /** To both, each with its end of a channel. */
  | { readonly store: 'port' }
  /** To the store's worker: where bytes that arrive are to lie, from now on. Until it comes nothing is written. */
  | { readonly store: 'way'; readonly way: StorageWay }
  /** From the store's worker: it wants a thread for hashes; to it, with the port to that thread. */
  | { readonly store: 'hashes' }
  /** To the store's worker: that thread has ended. */
  | { readonly store: 'hashes ended' }
  /** To both: what are you kept from? Answered by `{ bounds }`. */
  | { readonly store: 'probe' }
  /** To the store's worker: folders and libraries that a person has named or the catalogue lists, and no others. */
  | { readonly store: 'allow'; readonly addresses: readonly string[] };

export function isIntroduction(data: unknown): data is Introduction {
  if (typeof data !== 'object' || data === null) return false;
  const { store, addresses, way } = data as Record<string, unknown>;
  if (store === 'way') return asStorageWay(way) !== undefined;
  if (store === 'allow')
    return Array.isArray(addresses) && addresses.every((address) => typeof address === 'string');
  return ['wanted', 'port', 'hashes', 'hashes ended', 'probe'].includes(store as string);
}
