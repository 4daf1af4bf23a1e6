// One model's files under addresses that lead nowhere. WebLLM is given only these, so that whatever it asks for
// comes from our store or not at all: no request of its own, wherever the model really lives (it would not cache
// a model library from localhost or from this origin, for one). No storage and no network here.
import { AppError } from '../../base/errors';
import type { TensorManifest } from '../../formats/manifest';

/** RFC 2606 keeps `.invalid` unresolvable for ever. */
const origin = 'https://phield.invalid/';
let serial = 0;

export interface FolderContents {
  /** mlc-chat-config.json, tokenizer.json and the like. */
  readonly texts: ReadonlyMap<string, string>;
  readonly manifest: TensorManifest;
  /** By dataPath; every shard of the manifest. */
  readonly shards: ReadonlyMap<string, Blob>;
  /** The compiled model library. */
  readonly library: Blob;
}

export class VirtualFolder {
  /** What WebLLM calls the model's address; the part `resolve/main/` keeps it from adding its own. */
  readonly modelAddress: string;
  readonly libraryAddress: string;
  readonly #files = new Map<string, Blob | string>();
  readonly #signal: AbortSignal;
  readonly #onRead: (name: string) => void;

  /** @param signal once aborted, every read fails: WebLLM has no other ear for it while it uploads. */
  constructor(contents: FolderContents, signal: AbortSignal, onRead: (name: string) => void = () => {}) {
    // A new address a load: a late request of an aborted load can never be answered by the next one's files.
    serial += 1;
    this.modelAddress = `${origin}${serial}/resolve/main/`;
    this.libraryAddress = `${origin}${serial}/library.wasm`;
    this.#signal = signal;
    this.#onRead = onRead;
    for (const [name, text] of contents.texts) this.#add(name, text);
    this.#add('tensor-cache.json', asTensorCache(contents.manifest));
    for (const [name, blob] of contents.shards) this.#add(name, blob);
    this.#files.set(this.libraryAddress, contents.library);
  }

  /** Addresses of everything there is. */
  addresses(): string[] {
    return [...this.#files.keys()];
  }

  /** @throws AppError `run/aborted` */
  read(address: string): Blob | string | undefined {
    if (this.#signal.aborted) throw new AppError('run/aborted', 'Loading the model was cancelled.');
    const file = this.#files.get(address);
    if (file !== undefined) this.#onRead(this.nameOf(address));
    return file;
  }

  nameOf(address: string): string {
    return address.startsWith(this.modelAddress) ? address.slice(this.modelAddress.length) : address;
  }

  #add(name: string, file: Blob | string): void {
    this.#files.set(new URL(name, this.modelAddress).href, file);
  }
}

/** The manifest under its newer name, whichever of the two the folder has: they share one schema. */
function asTensorCache({ shards }: TensorManifest): string {
  const records = shards.map(({ dataPath, nbytes, md5sum, records: tensors }) => ({
    dataPath,
    format: 'raw-shard',
    nbytes,
    md5sum,
    records: tensors,
  }));
  return JSON.stringify({ metadata: {}, records });
}
