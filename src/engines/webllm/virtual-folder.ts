// One model's files under addresses that lead nowhere. WebLLM is given only these, so that whatever it asks for
// comes from our store or not at all: no request of its own, wherever the model really lives (it would not cache
// a model library from localhost or from this origin, for one). No storage and no network here.
import { AppError } from '../../base/errors';
import type { TensorManifest } from '../../formats/mlc/manifest';
import type { StoredShard } from '../../store/store';
import { streamOf } from '../../store/disk/stored-shard';

/** RFC 2606 keeps `.invalid` unresolvable for ever. */
const origin = 'https://phield.invalid/';
let serial = 0;

export interface FolderContents {
  /** mlc-chat-config.json, tokenizer.json and the like. */
  readonly texts: ReadonlyMap<string, string>;
  readonly manifest: TensorManifest;
  /** By dataPath; every shard of the manifest. */
  readonly shards: ReadonlyMap<string, StoredShard>;
  /** The compiled model library. */
  readonly library: Uint8Array<ArrayBuffer>;
}

type VirtualFile = StoredShard | Uint8Array<ArrayBuffer> | string;

export class VirtualFolder {
  /** What WebLLM calls the model's address; the part `resolve/main/` keeps it from adding its own. */
  readonly modelAddress: string;
  readonly libraryAddress: string;
  readonly #files = new Map<string, VirtualFile>();
  #failure: unknown;
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
    for (const [name, shard] of contents.shards) this.#add(name, shard);
    this.#files.set(this.libraryAddress, contents.library);
  }

  /** Addresses of everything there is. */
  addresses(): string[] {
    return [...this.#files.keys()];
  }

  /** What made a body fail on the way; whoever reads it is told by the browser that the network failed. */
  get failure(): unknown {
    return this.#failure;
  }

  /** @throws AppError `run/aborted` */
  read(address: string): Response | undefined {
    if (this.#signal.aborted) throw new AppError('run/aborted', 'Loading the model was cancelled.');
    const file = this.#files.get(address);
    if (file === undefined) return undefined;
    this.#onRead(this.nameOf(address));
    if (typeof file === 'string' || file instanceof Uint8Array) return new Response(file);
    const body = streamOf(file, (thrown) => (this.#failure ??= thrown));
    return new Response(body, { headers: { 'content-length': String(file.shard.nbytes) } });
  }

  nameOf(address: string): string {
    return address.startsWith(this.modelAddress) ? address.slice(this.modelAddress.length) : address;
  }

  #add(name: string, file: VirtualFile): void {
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
