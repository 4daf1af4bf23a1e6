// The messages between the storage page and the store's worker: one task, its progress, its end. Types and guards.
import type { WireError } from '../../base/errors';
import type { StorageWay } from '../../base/storage-way';
import type { ModelFacts } from '../../formats/model-facts';
import type { Preflight } from '../download/preflight';
import type { Repository } from '../download/repository';
import type { FetchProgress } from '../store';
import type { FolderReport } from './import-folder';
import type { ModelFile } from './transfer';
import type { VerifyReport } from './verify';

export type StoreTask = { readonly databaseName: string } & (
  | { readonly op: 'verify'; readonly base: string }
  | { readonly op: 'verifyAfterCrash' }
  /** To the other place for bytes, without the network. */
  | { readonly op: 'move'; readonly base: string; readonly to: StorageWay }
  /** Looks at an address that a person has typed, before it is one of theirs. */
  | { readonly op: 'preflight'; readonly address: string }
  /** Which files a repository has to choose from. */
  | { readonly op: 'repository'; readonly address: string }
  /** What a stored model says of itself. */
  | { readonly op: 'facts'; readonly base: string }
  /** Looks at files that a person has chosen. */
  | { readonly op: 'inspect'; readonly files: readonly ModelFile[] }
  | { readonly op: 'export'; readonly base: string; readonly directory: FileSystemDirectoryHandle }
  | { readonly op: 'import'; readonly base: string; readonly files: readonly ModelFile[] }
);

export type StoreTaskResult =
  | VerifyReport
  | Preflight
  | Repository
  | FolderReport
  | ModelFacts
  | readonly string[]
  | null
  | undefined;

export type ToStoreWorker = { readonly id: number } & (
  | { readonly task: StoreTask }
  | { readonly cancel: true }
);

export type FromStoreWorker = { readonly id: number } & (
  | { readonly kind: 'progress'; readonly progress: FetchProgress }
  | { readonly kind: 'done'; readonly result: StoreTaskResult }
  | { readonly kind: 'failed'; readonly error: WireError }
);

export function isToStoreWorker(data: unknown): data is ToStoreWorker {
  return hasId(data) && ('task' in data || 'cancel' in data);
}

export function isFromStoreWorker(data: unknown): data is FromStoreWorker {
  return hasId(data) && 'kind' in data && ['progress', 'done', 'failed'].includes(data.kind as string);
}

function hasId(data: unknown): data is { id: number } {
  return typeof data === 'object' && data !== null && 'id' in data && Number.isSafeInteger(data.id);
}
