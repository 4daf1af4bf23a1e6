// The realm the engine lives in, made for the test to drive: the real engine, store and WebLLM, a device whose
// uploads are counted, and the two things no test machine has (a compiled library, other adapters) put in from
// outside.
import type { GenerateRequest, ModelInfo } from '../../src/protocol/chat';
import type { MemoryCheck } from '../../src/protocol/models';
import { AppError, toAppError, toWire, type WireError } from '../../src/base/errors';
import { probeDevice } from '../../src/engines/device-probe';
import { measureMemory } from '../../src/engines/measure-memory';
import { createDatabase } from '../../src/store/disk/database';
import { createShardStore, defaultDatabaseName } from '../../src/store/shard-store';
import { createWebLlmEngine } from '../../src/engines/webllm/webllm-engine';
import type { WebLlmModel } from '../../src/engines/webllm/webllm-model';
import { provideStandIn } from './stand-in-library';

export interface AdapterEdit {
  /** Features the adapter claims; WebLLM's request for one it lacks is dropped before the real adapter sees it. */
  readonly pretend?: readonly string[];
  readonly limits?: Readonly<Record<string, number>>;
}

export interface LoadReport {
  readonly info?: ModelInfo;
  readonly error?: WireError;
  readonly phases: readonly string[];
  readonly fractions: readonly number[];
  /** SHA-256 of each write to a GPU buffer, in order. */
  readonly uploads: readonly string[];
  readonly uploadedBytes: number;
  readonly cachedTensors: readonly string[];
  readonly devicesOpen: number;
  readonly locks: number;
}

const cachedTensors: string[] = [];
provideStandIn(cachedTensors);

const devices: GPUDevice[] = [];
const lostDevices = new Set<GPUDevice>();
let uploads: Promise<string>[] = [];
let uploadedBytes = 0;
let abortAfterUploads = Infinity;
let edit: AdapterEdit = {};
let controller = new AbortController();

const requestAdapter = navigator.gpu.requestAdapter.bind(navigator.gpu);
navigator.gpu.requestAdapter = async (options) => {
  const adapter = await requestAdapter(options);
  if (!adapter) return adapter;
  const requestDevice = adapter.requestDevice.bind(adapter);
  const { pretend = [], limits = {} } = edit;
  const real = adapter.features;
  const features = new Set([...real, ...pretend]);
  const own = (name: string, value: unknown): void => {
    Object.defineProperty(adapter, name, { configurable: true, writable: true, value });
  };
  own('features', features);
  own(
    'limits',
    new Proxy(adapter.limits, {
      get: (target, name) => limits[String(name)] ?? (Reflect.get(target, name, target) as unknown),
    }),
  );
  own('requestDevice', async (descriptor?: GPUDeviceDescriptor) => {
    const requiredFeatures = [...(descriptor?.requiredFeatures ?? [])].filter((name) => real.has(name));
    const device = await requestDevice({ ...descriptor, requiredFeatures });
    devices.push(device);
    void device.lost.then(() => lostDevices.add(device));
    const write = device.queue.writeBuffer.bind(device.queue);
    device.queue.writeBuffer = (buffer, offset, data, dataOffset, size) => {
      const bytes = bytesOf(data as BufferSource, dataOffset, size);
      uploads.push(sha256(bytes));
      uploadedBytes += bytes.byteLength;
      if (uploads.length === abortAfterUploads) controller.abort();
      write(buffer, offset, data as BufferSource, dataOffset, size);
    };
    return device;
  });
  return adapter;
};

function bytesOf(data: BufferSource | SharedArrayBuffer, offset = 0, size?: number): Uint8Array<ArrayBuffer> {
  const view = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  return Uint8Array.from(view.subarray(offset, size === undefined ? undefined : offset + size));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const models = new Map<string, WebLlmModel>();
const engine = createWebLlmEngine({
  // A person's line deserves more patience than a test.
  store: createShardStore({
    retry: { attempts: 2, baseDelayMs: 50, maxDelayMs: 100, random: Math.random },
  }),
  resolve: (name) => {
    const model = models.get(name);
    if (!model) throw new AppError('model/unknown-model', `no ${name}`);
    return model;
  },
});

interface SyncHandle {
  truncate(nbytes: number): void;
  close(): void;
}

/** A file that was read just now stays open for a moment. */
async function syncHandle(file: FileSystemFileHandle): Promise<SyncHandle> {
  // Of workers only, which these types do not know.
  const opens = file as unknown as { createSyncAccessHandle(): Promise<SyncHandle> };
  for (let tries = 0; ; tries++) {
    try {
      return await opens.createSyncAccessHandle();
    } catch (thrown) {
      if (tries === 50) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const harness = {
  model(model: WebLlmModel): void {
    models.set(model.id, model);
  },
  adapter(next: AdapterEdit): void {
    edit = next;
  },
  async load(
    id: string,
    abort: { readonly afterUploads?: number; readonly afterMs?: number } = {},
  ): Promise<LoadReport> {
    uploads = [];
    uploadedBytes = 0;
    cachedTensors.length = 0;
    controller = new AbortController();
    abortAfterUploads = abort.afterUploads ?? Infinity;
    if (abort.afterMs !== undefined) setTimeout(() => controller.abort(), abort.afterMs);
    const phases: string[] = [];
    const fractions: number[] = [];
    let outcome: { info: ModelInfo } | { error: WireError };
    try {
      const info = await engine.load(id, {
        signal: controller.signal,
        onProgress: ({ phase, fraction }) => {
          if (phases.at(-1) !== phase) phases.push(phase);
          fractions.push(fraction);
        },
      });
      outcome = { info };
    } catch (thrown) {
      outcome = { error: toWire(toAppError(thrown)) };
    }
    // A lost device tells so a moment later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const locks = await navigator.locks.query();
    return {
      ...outcome,
      phases,
      fractions,
      uploads: await Promise.all(uploads),
      uploadedBytes,
      cachedTensors: [...cachedTensors],
      devicesOpen: devices.filter((device) => !lostDevices.has(device)).length,
      locks: (locks.held ?? []).length + (locks.pending ?? []).length,
    };
  },
  async generate(request: GenerateRequest): Promise<WireError | undefined> {
    try {
      for await (const event of engine.generate(request, { signal: new AbortController().signal }))
        void event;
      return undefined;
    } catch (thrown) {
      return toWire(toAppError(thrown));
    }
  },
  probe: () => probeDevice(),
  async measure(sizes: readonly number[]): Promise<MemoryCheck | WireError> {
    try {
      return await measureMemory(sizes, { signal: new AbortController().signal });
    } catch (thrown) {
      return toWire(toAppError(thrown));
    }
  },
  /** Every database and cache of this origin. */
  async storage(): Promise<{ databases: string[]; caches: string[]; opfs: string[] }> {
    const databases = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const root = await navigator.storage.getDirectory();
    const opfs: string[] = [];
    for await (const name of root.keys()) opfs.push(name);
    return { databases, caches: await caches.keys(), opfs };
  },
  /** Cuts every stored file of that size short, once nobody reads it any more. @returns how many there were. */
  async cutFiles(nbytes: number): Promise<number> {
    const root = await navigator.storage.getDirectory();
    let count = 0;
    for await (const folder of (await root.getDirectoryHandle(defaultDatabaseName)).values()) {
      if (folder.kind !== 'directory') continue;
      for await (const file of folder.values()) {
        if (file.kind !== 'file' || (await file.getFile()).size !== nbytes) continue;
        const handle = await syncHandle(file);
        handle.truncate(1000);
        handle.close();
        count++;
      }
    }
    return count;
  },
  async keys(): Promise<IDBValidKey[]> {
    const database = createDatabase(defaultDatabaseName);
    return database('readonly', (store) => {
      const request = store.getAllKeys();
      return new Promise((resolve) => {
        request.onsuccess = () => resolve(request.result);
      });
    });
  },
};

export type Harness = typeof harness;
Object.assign(globalThis, { harness });
