// The part of the Cache API that WebLLM's loader uses, answered from a virtual folder. It stands in for
// `caches` while WebLLM loads, and only for WebLLM's own cache names; all others reach the real one.
import { AppError } from '../../base/errors';
import type { VirtualFolder } from './virtual-folder';

/** WebLLM's three caches: webllm/config, webllm/wasm, webllm/model. */
const prefix = 'webllm/';

export interface ShimCache {
  match(request: RequestInfo | URL): Promise<Response | undefined>;
  add(request: RequestInfo | URL): Promise<void>;
  addAll(requests: readonly (RequestInfo | URL)[]): Promise<void>;
  keys(): Promise<readonly Request[]>;
  delete(request: RequestInfo | URL): Promise<boolean>;
}

export function createShimCache(folder: VirtualFolder): ShimCache {
  const add = (request: RequestInfo | URL): Promise<void> => {
    const address = addressOf(request);
    // Everything is there before WebLLM starts: what it asks to have added is a file that the model lacks.
    return Promise.reject(
      new AppError(
        'network/not-a-model',
        `WebLLM asked for ${folder.nameOf(address)}, which this model's folder does not have.`,
        { details: { file: folder.nameOf(address) } },
      ),
    );
  };
  return {
    // oxlint-disable-next-line typescript/require-await -- an aborted read rejects rather than throws
    async match(request) {
      return folder.read(addressOf(request));
    },
    add,
    async addAll(requests) {
      for (const request of requests) await add(request);
    },
    keys: () => Promise.resolve(folder.addresses().map((address) => new Request(address))),
    // The store owns the files; WebLLM may not remove them.
    delete: () => Promise.resolve(false),
  };
}

interface CachesLike {
  open(name: string): Promise<unknown>;
}

/**
 * Puts the shim in the place of `scope.caches`.
 * @returns a function that puts everything back.
 */
export function installCaches(folder: VirtualFolder, scope: object = globalThis): () => void {
  const before = Object.getOwnPropertyDescriptor(scope, 'caches');
  // Absent outside secure contexts.
  const real = (scope as { readonly caches?: CacheStorage }).caches;
  const shim: CachesLike & Partial<CacheStorage> = {
    open: (name: string): Promise<Cache> => {
      if (name.startsWith(prefix)) return Promise.resolve(createShimCache(folder) as unknown as Cache);
      if (real) return real.open(name);
      return Promise.reject(new AppError('storage/unavailable', 'This context has no cache storage.'));
    },
    has: (name) => (real ? real.has(name) : Promise.resolve(false)),
    delete: (name) => (real ? real.delete(name) : Promise.resolve(false)),
    keys: () => (real ? real.keys() : Promise.resolve([])),
    match: (request, options) => (real ? real.match(request, options) : Promise.resolve(undefined)),
  };
  Object.defineProperty(scope, 'caches', { value: shim, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(scope, 'caches', before);
    else Reflect.deleteProperty(scope, 'caches');
  };
}

function addressOf(request: RequestInfo | URL): string {
  if (typeof request === 'string') return request;
  return request instanceof URL ? request.href : request.url;
}
