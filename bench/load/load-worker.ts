// In a module worker of a real browser: one load from local storage to GPU buffers, ours or WebLLM's, timed.
// WebLLM's loader is its own code (the runtime's `fetchTensorCache` in @mlc-ai/web-llm) on its own caches; what
// needs a compiled model library, which the loader itself does not, is stood in for by the same two calls the
// library's tensors make: `queue.writeBuffer` and `queue.onSubmittedWorkDone`.
import { createShardStore } from '../../src/store/shard-store';
import type { TensorRecord } from '../../src/formats/manifest';

export type WebllmBackend = 'cache' | 'opfs' | 'opfsSync' | 'indexeddb';

export interface OursOptions {
  /**
   * What is read at once: a tensor's slice or a whole shard of the store; or, tried and not shipped, a tensor
   * from a copy in the private file system through a synchronous handle.
   */
  readonly unit: 'tensor' | 'shard' | 'handle';
  readonly readers: number;
  /** `mapped` reads into the GPU's own mapping where there is no Blob in between. */
  readonly upload: 'write' | 'mapped';
  /** Bytes handed to the GPU before waiting for it. */
  readonly windowBytes: number;
}

export type LoadCall =
  | { readonly op: 'ready' }
  | { readonly op: 'ours'; readonly base: string; readonly options: OursOptions; readonly fill: boolean }
  | { readonly op: 'webllm'; readonly base: string; readonly backend: WebllmBackend };

interface Runtime {
  readonly Instance: { readonly prototype: object };
}

/** In workers only, which the window's types leave out. */
interface SyncHandle {
  read(into: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  close(): void;
}
type SyncFile = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle> };

let device: GPUDevice | undefined;
const buffers: GPUBuffer[] = [];

async function gpu(): Promise<GPUDevice> {
  if (device) return device;
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('There is no WebGPU adapter.');
  device = await adapter.requestDevice();
  return device;
}

addEventListener('message', (event: MessageEvent) => {
  const { id, call } = event.data as { id: number; call: LoadCall };
  perform(call).then(
    (result) => postMessage({ id, result }),
    (thrown: unknown) => postMessage({ id, error: thrown instanceof Error ? thrown.stack : String(thrown) }),
  );
});

async function perform(call: LoadCall): Promise<unknown> {
  if (call.op === 'ready') {
    const { adapterInfo } = await gpu();
    return [adapterInfo.vendor, adapterInfo.architecture, adapterInfo.description].filter(Boolean).join(' ');
  }
  const queue = (await gpu()).queue;
  const startedMs = performance.now();
  const bytes = call.op === 'ours' ? await ours(call) : await webllm(call);
  await queue.onSubmittedWorkDone();
  const elapsedMs = performance.now() - startedMs;
  for (const buffer of buffers.splice(0)) buffer.destroy();
  return { bytes, elapsedMs };
}

async function ours({ base, options, fill }: Extract<LoadCall, { op: 'ours' }>): Promise<number> {
  const { unit, readers, windowBytes } = options;
  const { queue } = await gpu();
  const files = await createShardStore().open(base, { signal: new AbortController().signal });
  await files.text('mlc-chat-config.json');
  await files.text('tokenizer.json');
  let total = 0;
  let inWindow = 0;
  const reads = new Set<Promise<void>>();
  const start = async (read: () => Promise<void>): Promise<void> => {
    const running: Promise<void> = read().finally(() => reads.delete(running));
    reads.add(running);
    if (reads.size >= readers) await Promise.race(reads);
    if (inWindow < windowBytes) return;
    inWindow = 0;
    await queue.onSubmittedWorkDone();
  };
  const put = (record: TensorRecord, bytes: Uint8Array<ArrayBuffer>): void => {
    upload(record.nbytes, bytes, options.upload);
    total += record.nbytes;
    inWindow += record.nbytes;
  };
  const copies = unit === 'handle' || fill ? await privateFolder() : undefined;
  for await (const { shard, blob } of files.shards()) {
    if (copies && fill) {
      await blob
        .stream()
        .pipeTo(await (await copies.getFileHandle(shard.dataPath, { create: true })).createWritable());
    }
    if (fill) continue;
    if (copies) {
      const handle = await (
        (await copies.getFileHandle(shard.dataPath)) as SyncFile
      ).createSyncAccessHandle();
      for (const record of shard.records) {
        readThrough(handle, record, options.upload);
        total += record.nbytes;
        inWindow += record.nbytes;
        if (inWindow < windowBytes) continue;
        inWindow = 0;
        await queue.onSubmittedWorkDone();
      }
      handle.close();
      continue;
    }
    if (unit === 'shard') {
      await start(async () => {
        const bytes = new Uint8Array(await blob.arrayBuffer());
        for (const record of shard.records) {
          put(record, bytes.subarray(record.byteOffset, record.byteOffset + record.nbytes));
        }
      });
      continue;
    }
    for (const record of shard.records) {
      const slice = blob.slice(record.byteOffset, record.byteOffset + record.nbytes);
      await start(async () => put(record, new Uint8Array(await slice.arrayBuffer())));
    }
  }
  await Promise.all(reads);
  return total;
}

async function privateFolder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle('copies', { create: true });
}

const scratch = new Uint8Array(32 * 2 ** 20);

function readThrough(handle: SyncHandle, record: TensorRecord, how: OursOptions['upload']): void {
  const { nbytes, byteOffset } = record;
  if (!device) throw new Error('There is no device.');
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: nbytes, usage, mappedAtCreation: how === 'mapped' });
  buffers.push(buffer);
  const target = how === 'mapped' ? new Uint8Array(buffer.getMappedRange()) : scratch.subarray(0, nbytes);
  const count = handle.read(target, { at: byteOffset });
  if (count !== nbytes) throw new Error(`Read ${count} of ${nbytes} bytes.`);
  if (how === 'mapped') buffer.unmap();
  else device.queue.writeBuffer(buffer, 0, target);
}

function upload(nbytes: number, bytes: Uint8Array<ArrayBuffer>, how: OursOptions['upload']): void {
  if (!device) throw new Error('There is no device.');
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: nbytes, usage, mappedAtCreation: how === 'mapped' });
  if (how === 'mapped') {
    new Uint8Array(buffer.getMappedRange()).set(bytes);
    buffer.unmap();
  } else {
    device.queue.writeBuffer(buffer, 0, bytes, 0, nbytes);
  }
  buffers.push(buffer);
}

async function webllm({ base, backend }: Extract<LoadCall, { op: 'webllm' }>): Promise<number> {
  const address = '/web-llm.js';
  const { runtime } = (await import(/* @vite-ignore */ address)) as { runtime: Runtime };
  const { queue } = await gpu();
  let total = 0;
  // 2 is the CPU and 15 is WebGPU in the runtime's own table of device types.
  const webgpu = { deviceType: 15, deviceId: 0, sync: () => queue.onSubmittedWorkDone() };
  const instance = Object.create(runtime.Instance.prototype, {
    initProgressCallback: { value: [] },
    env: { value: { logger: (text: string) => console.log(text) } },
    cacheMetadata: { value: {}, writable: true },
    withNewScope: { value: (work: () => unknown) => work() },
    detachFromCurrentScope: { value: (value: unknown) => value },
    tensorCacheUpdate: { value: () => undefined },
    empty: {
      value: () => ({
        copyFromRawBytes: (bytes: Uint8Array<ArrayBuffer>) => {
          upload(bytes.byteLength, bytes, 'write');
          total += bytes.byteLength;
        },
        dispose: () => undefined,
      }),
    },
  }) as {
    fetchTensorCache(url: string, device: unknown, options: Record<string, string>): Promise<void>;
  };
  await instance.fetchTensorCache(base, webgpu, {
    cacheScope: 'webllm/model',
    cacheType: backend === 'opfsSync' ? 'opfs' : backend,
    ...(backend === 'opfsSync' && { opfsAccessMode: 'sync' }),
  });
  return total;
}
