// The compiled model library (.wasm) that WebLLM needs beside the weights: from the store, else fetched, checked
// and stored under the model's own key range, so that removing the model removes it and an offline start has it.
// A file that is not such a library is never stored.
import type { UseStore } from 'idb-keyval';
import { AppError, isAbort } from '../../base/errors';
import { asPromise, commit, keysWithin } from '../disk/database';
import { pieceBlob, readIntact } from '../disk/stored-shard';
import { connectionError, requestFile, type Fetch } from './request';

/** What WebLLM 0.2.86 calls in a library; older ones export TVMFuncCall and its like instead. */
const neededExports = [
  'TVMWasmAllocSpace',
  'TVMWasmFreeSpace',
  'TVMFFIFunctionGetGlobal',
  'TVMFFIFunctionCall',
  'TVMFFIWasmFunctionCreate',
] as const;
/** What WebLLM can hand to it. */
const knownImports = new Set(['env', 'wasi_snapshot_preview1']);

export interface LibraryRequest {
  /** The model's folder, as the store knows it. */
  readonly base: string;
  /** Where the library is; any origin, this one and localhost included. */
  readonly address: string;
  readonly database: UseStore;
  readonly signal: AbortSignal;
  readonly fetch: Fetch;
  /** It is not written to storage. */
  readonly memoryOnly?: boolean;
}

/** @throws AppError network/*, storage/*, `model/bad-library`, run/aborted */
export async function readLibrary(request: LibraryRequest): Promise<Uint8Array<ArrayBuffer>> {
  const { base, address, database } = request;
  const stored = await storedLibraryOf(database, base, address);
  if (stored) return stored;
  const bytes = await fetchLibrary(request);
  if (request.memoryOnly) return bytes;
  const blob = await pieceBlob(bytes);
  await commit(database, (store) => store.put(blob, libraryKey(base, address)), {
    file: fileName(address),
    neededBytes: bytes.byteLength,
  });
  return bytes;
}

const libraryKey = (base: string, address: string): string[] => [base, 'library', address];

/** Where the library that is stored of a folder came from. */
export async function libraryAddressOf(database: UseStore, base: string): Promise<string | undefined> {
  const [key] = await keysWithin(database, [base, 'library']);
  const address: unknown = Array.isArray(key) ? key[2] : undefined;
  return typeof address === 'string' ? address : undefined;
}

/** @returns undefined where it is not stored, or not whole. */
export async function storedLibraryOf(
  database: UseStore,
  base: string,
  address: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const stored = await database('readonly', (store) =>
    asPromise<unknown>(store.get(libraryKey(base, address))),
  );
  return stored instanceof Blob ? storedLibrary(stored) : undefined;
}

/** Read whole at once, as every Blob out of a database: src/store/disk/stored-shard.ts says why. */
async function storedLibrary(blob: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const bytes = await readIntact(blob);
    if (bytes) await checkLibrary(bytes.buffer, 'stored library');
    return bytes;
  } catch {
    // Fetched anew by the caller, whatever was wrong with it.
    return undefined;
  }
}

async function fetchLibrary({ address, signal, fetch }: LibraryRequest): Promise<Uint8Array<ArrayBuffer>> {
  const response = await requestFile({ url: address, signal, fetch });
  let bytes: ArrayBuffer;
  try {
    bytes = await response.arrayBuffer();
  } catch (thrown) {
    throw connectionError(address, signal, thrown);
  }
  await checkLibrary(bytes, fileName(address));
  return new Uint8Array(bytes);
}

/** @throws AppError `model/bad-library` */
export async function checkLibrary(bytes: ArrayBuffer, name: string): Promise<void> {
  let module: WebAssembly.Module;
  try {
    module = await WebAssembly.compile(bytes);
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    throw badLibrary(name, bytes.byteLength, 'it is not whole WebAssembly, or not WebAssembly at all', cause);
  }
  const exported = new Set(WebAssembly.Module.exports(module).map((entry) => entry.name));
  const missing = neededExports.find((entry) => !exported.has(entry));
  if (missing !== undefined) {
    const why = exported.has('TVMFuncCall')
      ? 'it was compiled for an older WebLLM'
      : `it has no ${missing}, so it is another program`;
    throw badLibrary(name, bytes.byteLength, why);
  }
  const foreign = WebAssembly.Module.imports(module).find((entry) => !knownImports.has(entry.module));
  if (foreign) {
    throw badLibrary(
      name,
      bytes.byteLength,
      `it wants ${foreign.module}.${foreign.name}, which WebLLM does not offer`,
    );
  }
}

function badLibrary(name: string, bytes: number, why: string, cause?: unknown): AppError {
  return new AppError(
    'model/bad-library',
    `The model library ${name} (${bytes} bytes) cannot be used: ${why}. Load the model again; if it stays so, use the other engine.`,
    { details: { file: name, bytes }, retryable: true, cause },
  );
}

function fileName(address: string): string {
  return new URL(address).pathname.split('/').at(-1) ?? address;
}
