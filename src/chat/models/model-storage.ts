// What the page may ask of the place where models are kept: an interface of its own, which the composition root
// fills, since this side of the app knows nothing of shards and databases.
import type { StorageWay } from '../../base/storage-way';

export interface StoredModel {
  /** The folder's absolute address, ending in a slash. */
  readonly base: string;
  readonly complete: boolean;
  readonly storedBytes: number;
  /** Undefined until the list of its files is known. */
  readonly totalBytes: number | undefined;
  /** Of the stored bytes, those that lie in private files; the others lie in IndexedDB. */
  readonly filesBytes: number;
  readonly missing: readonly {
    readonly dataPath: string;
    readonly nbytes: number;
    readonly storedBytes: number;
  }[];
  /** When all of it was last read back and found right; ms since 1970. */
  readonly verifiedAt?: number;
}

export interface TransferProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  readonly paused?: boolean;
}

export interface ModelFile {
  /** Path inside the model's folder, with `/`. */
  readonly path: string;
  readonly blob: Blob;
}

/** A file on its way out of the store. */
export interface ExportedFile {
  /** As of a ModelFile. */
  readonly path: string;
  readonly nbytes: number;
  readonly stream: () => ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** What the files of a model say of it. */
export interface ModelFacts {
  /** Undefined where the files do not say. */
  readonly name: string | undefined;
  readonly architecture: string;
  readonly parameters: number;
  /** Types of the weights and their shares of the bytes, the largest first. */
  readonly mix: readonly { readonly type: string; readonly share: number }[];
  readonly contextWindow: number;
  readonly licence: string | undefined;
  /** What a message and its answer look like to the model. */
  readonly template: string;
  readonly weightBytes: number;
  /** What one token of context takes on top. */
  readonly positionBytes: number;
  /** Newest positions that one attends to; undefined: all. */
  readonly slidingWindow?: number | undefined;
  /** The file that it sees pictures by, where it has one. */
  readonly eyes?: { readonly name: string; readonly nbytes: number };
}

/** Files to choose from, where an address is that of a repository. */
export interface RepositoryFiles {
  readonly name: string;
  readonly files: readonly {
    readonly name: string;
    readonly address: string;
    readonly nbytes: number;
    readonly parts: number;
  }[];
}

export interface FolderReport {
  readonly name: string;
  /** Where it says it came from; only a claim. */
  readonly base: string;
  readonly totalBytes: number;
  readonly missing: readonly string[];
  /** Other models among the files: one is taken at a time. */
  readonly leftOut?: readonly string[];
  readonly facts?: ModelFacts;
}

export interface StorageUsage {
  readonly usedBytes: number | undefined;
  readonly quotaBytes: number | undefined;
  /** False: the browser may delete everything when the disk runs short. Undefined: it does not say. */
  readonly persistent: boolean | undefined;
}

/** Absolute addresses. */
export interface ModelSources {
  readonly folder: string;
  /** Asked in this order when the folder fails. */
  readonly mirrors: readonly string[];
  /** Of the compiled library that WebLLM runs it by, where there is one. */
  readonly library: string | undefined;
}

export interface TransferOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: TransferProgress) => void;
}

/** Every call may reject with an AppError. */
export interface ModelStorage {
  models(): Promise<readonly StoredModel[]>;
  usage(): Promise<StorageUsage>;
  /** From a click. @returns whether storage is persistent now. */
  requestPersistence(): Promise<boolean>;
  remove(base: string): Promise<void>;
  /** Reads every file back; what is damaged is dropped and named. */
  verify(base: string, options: TransferOptions): Promise<{ readonly damaged: readonly string[] }>;
  /** To the other place for bytes, without the network. */
  move(
    base: string,
    to: StorageWay,
    options: TransferOptions,
  ): Promise<{ readonly damaged: readonly string[] }>;
  /** Reads back what a download that died with its browser had stored. @returns files that were damaged and dropped. */
  verifyAfterCrash(signal: AbortSignal): Promise<readonly string[]>;
  exportTo(base: string, directory: FileSystemDirectoryHandle, options: TransferOptions): Promise<void>;
  exportFiles(base: string): AsyncIterable<ExportedFile>;
  filesOf(directory: FileSystemDirectoryHandle): Promise<readonly ModelFile[]>;
  inspect(files: readonly ModelFile[]): Promise<FolderReport>;
  importFiles(files: readonly ModelFile[], base: string, options: TransferOptions): Promise<void>;
  /** What a stored model says of itself; undefined until its small files are here, and where only WebLLM can run it. */
  facts(base: string): Promise<ModelFacts | undefined>;
  /**
   * Looks at a folder before anything big is fetched.
   * @param options with the address of a compiled library, where WebLLM is to run the model by it.
   */
  preflight(
    address: string,
    options: { readonly signal: AbortSignal; readonly library?: string },
  ): Promise<{
    /** What the model is loaded by. */
    readonly name: string;
    readonly base: string;
    readonly totalBytes: number;
    readonly shards: number;
    readonly facts?: ModelFacts;
    /** What it would see by, where that lies beside it; the address is of the two as one model. */
    readonly eyes?: { readonly name: string; readonly nbytes: number; readonly address: string };
  }>;
  /** The GGUF files of a repository, by `owner/name` or its page; undefined for an address of another kind. */
  repository(
    address: string,
    options: { readonly signal: AbortSignal },
  ): Promise<RepositoryFiles | undefined>;
  /** Of a download in any tab. */
  pause(base: string): void;
  resume(base: string): void;
  /** Called with the progress of downloads in all tabs. @returns the way to stop listening. */
  watch(listener: (base: string, progress: TransferProgress) => void): () => void;
  /** Every address that bytes of a model may be asked of; undefined for one that has no folder. */
  sourcesOf(model: string): ModelSources | undefined;
  /** Bytes kept of what each model has computed in chats, by its folder's address. */
  savedPrefixes(): Promise<ReadonlyMap<string, number>>;
  removePrefixes(base: string): Promise<void>;
  /** Where a model's files are kept, by its name or address; undefined for one that has no folder. */
  folderOf(model: string): string | undefined;
}
