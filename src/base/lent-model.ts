// A model that lies where the engine's own calls do not reach, as a frame's engine does not reach what the app has kept in
// a tab of its own: what the records of it say, and the folder that its files lie in.

export interface LentModel {
  /** The folder's address, as the store knows the model. */
  readonly base: string;
  /** The manifest's file name, and what stands in it. */
  readonly manifest: { readonly name: string; readonly text: string };
  /** Its small files by name. */
  readonly texts: ReadonlyMap<string, string>;
  /** Where the bytes of each shard lie in its file, by the store's name for the shard. */
  readonly parts: ReadonlyMap<string, readonly LentPart[]>;
  /** WebLLM's compiled library and where it came from. */
  readonly library?: { readonly address: string; readonly bytes: Uint8Array<ArrayBuffer> };
  /** The FileSystemDirectoryHandle of the storage it lies in, which not every realm has a type for. */
  readonly directory: object;
}

export interface LentPart {
  readonly offset: number;
  readonly length: number;
  /** Of its bytes, as the store takes sums. */
  readonly sum: string;
}
