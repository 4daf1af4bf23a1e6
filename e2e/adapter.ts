// Makes the app's worker see another graphics adapter than the software one that tests run on: the real adapter,
// with what it says of itself changed. Devices, buffers and shaders stay real. An init script does not reach
// workers, so the change is put in front of the worker's own script on its way.
import type { BrowserContext } from '@playwright/test';

export interface AdapterEdit {
  /** Features it claims; asking for one that the real one lacks is dropped on the way. */
  readonly pretend?: readonly string[];
  readonly limits?: Readonly<Record<string, number>>;
  /** What navigator.deviceMemory says. */
  readonly deviceMemoryGiB?: number;
  /** Buffers beyond this are answered with the error of a card that is full. */
  readonly memoryBytes?: number;
}

/** Logged for every device that is destroyed: how much it held at most. */
export const heldLog = /^phield-e2e: a device held (\d+) bytes$/;

/** For all workers that start from now on, also once the server is gone. */
export async function changeAdapter(context: BrowserContext, edit: AdapterEdit): Promise<void> {
  const pattern = /\/assets\/worker-[^/]*\.js$/;
  await context.unroute(pattern);
  const change = `(${install.toString()})(${JSON.stringify(edit)});\n`;
  const kept = new Map<string, { headers: Record<string, string>; body: string }>();
  await context.route(pattern, async (route) => {
    const url = route.request().url();
    const response = await route.fetch().catch(() => undefined);
    if (response) kept.set(url, { headers: response.headers(), body: change + (await response.text()) });
    const changed = kept.get(url);
    await (changed ? route.fulfill(changed) : route.abort());
  });
}

/** Runs in the worker, so it may use nothing from outside itself. */
function install({ pretend = [], limits = {}, deviceMemoryGiB, memoryBytes = Infinity }: AdapterEdit): void {
  const own = (target: object, name: string, value: unknown): void => {
    Object.defineProperty(target, name, { configurable: true, writable: true, value });
  };
  const overlay = <T extends object>(target: T, changes: Readonly<Record<string, unknown>>): T =>
    new Proxy(target, {
      get: (real, name) =>
        typeof name === 'string' && name in changes ? changes[name] : Reflect.get(real, name),
    });
  if (deviceMemoryGiB !== undefined) own(navigator, 'deviceMemory', deviceMemoryGiB);
  const gpu = navigator.gpu;
  const requestAdapter = gpu.requestAdapter.bind(gpu);
  own(gpu, 'requestAdapter', async (options?: GPURequestAdapterOptions) => {
    const adapter = await requestAdapter(options);
    if (!adapter) return adapter;
    const { features, info, limits: realLimits } = adapter;
    const requestDevice = adapter.requestDevice.bind(adapter);
    own(adapter, 'features', new Set([...features, ...pretend]));
    own(adapter, 'limits', overlay(realLimits, limits));
    own(adapter, 'info', overlay(info, { isFallbackAdapter: false }));
    own(adapter, 'requestDevice', async (descriptor: GPUDeviceDescriptor = {}) => {
      const requiredFeatures = [...(descriptor.requiredFeatures ?? [])].filter((name) => features.has(name));
      const device = await requestDevice({ ...descriptor, requiredFeatures });
      let held = 0;
      const filters: GPUErrorFilter[] = [];
      const createBuffer = device.createBuffer.bind(device);
      const pushErrorScope = device.pushErrorScope.bind(device);
      const popErrorScope = device.popErrorScope.bind(device);
      const destroy = device.destroy.bind(device);
      own(device, 'createBuffer', (buffer: GPUBufferDescriptor) => {
        held += buffer.size;
        return createBuffer(buffer);
      });
      own(device, 'pushErrorScope', (filter: GPUErrorFilter) => {
        filters.push(filter);
        pushErrorScope(filter);
      });
      own(device, 'popErrorScope', async () => {
        const isFull = filters.pop() === 'out-of-memory' && held > memoryBytes;
        const error = await popErrorScope();
        return isFull ? new GPUOutOfMemoryError('The card is full.') : error;
      });
      own(device, 'destroy', () => {
        console.log(`phield-e2e: a device held ${held} bytes`);
        destroy();
      });
      return device;
    });
    return adapter;
  });
}
