// In a module worker of a real browser: one load from local storage to GPU buffers, ours or WebLLM's, timed.
// WebLLM's loader is its own code (the runtime's `fetchTensorCache` in @mlc-ai/web-llm) on its own caches; what
// needs a compiled model library, which the loader itself does not, is stood in for by the same two calls the
// library's tensors make: `queue.writeBuffer` and `queue.onSubmittedWorkDone`.
import type { StorageWay } from '../../src/base/storage-way';
import { uploadShards } from '../../src/engines/wgsl/upload-shards';
import { hashThreadFrom } from '../../src/store/download/shard-hasher';
import { createShardStore } from '../../src/store/shard-store';

export type WebllmBackend = 'cache' | 'opfs' | 'opfsSync' | 'indexeddb';

export type LoadCall =
  | { readonly op: 'ready' }
  | { readonly op: 'ours'; readonly base: string; readonly storage: StorageWay }
  | { readonly op: 'webllm'; readonly base: string; readonly backend: WebllmBackend };

interface Runtime {
  readonly Instance: { readonly prototype: object };
}

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
  const [hashes] = event.ports;
  if (hashes) {
    hashThreadFrom(() => Promise.resolve(hashes));
    return;
  }
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

/** The read path that ships, with buffers that only count in the place of a model. */
async function ours({ base, storage }: Extract<LoadCall, { op: 'ours' }>): Promise<number> {
  const { signal } = new AbortController();
  const { queue } = await gpu();
  const files = await createShardStore({ way: () => storage }).open(base, { signal });
  await files.text('mlc-chat-config.json');
  await files.text('tokenizer.json');
  let total = 0;
  const targets = new Map<string, GPUBuffer>();
  await uploadShards(
    files,
    {
      wants: () => true,
      upload: ({ name, nbytes }, offset, bytes) => {
        const target = targets.get(name) ?? createBuffer(nbytes);
        targets.set(name, target);
        queue.writeBuffer(target, offset, bytes);
        total += bytes.byteLength;
      },
      flush: () => queue.onSubmittedWorkDone(),
      onBytes: () => undefined,
    },
    signal,
  );
  return total;
}

function createBuffer(size: number): GPUBuffer {
  if (!device) throw new Error('There is no device.');
  const buffer = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
  buffers.push(buffer);
  return buffer;
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
          queue.writeBuffer(createBuffer(bytes.byteLength), 0, bytes);
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
