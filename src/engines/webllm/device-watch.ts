// Sees the GPU device that WebLLM opens for itself. WebLLM keeps it private and, when a load fails or is
// aborted half-way, forgets it with gigabytes still in it; and it reports a lost device only to the console.

import { findAdapter, withInfo } from '../../gpu/adapter';

export interface DeviceWatch {
  /** The device opened since the watch began, if any. */
  device(): GPUDevice | undefined;
  /** Bytes of the buffers made on it and not destroyed, while the watch ran. */
  heldBytes(): number;
  /** Ends the watch; what was seen stays readable. */
  stop(): void;
}

/**
 * Wraps `requestAdapter` until stopped. One load at a time may be watched, and nothing else may open a device
 * meanwhile: the worker loads one engine at a time.
 */
export function watchDevice(gpu: GPU): DeviceWatch {
  let device: GPUDevice | undefined;
  let heldBytes = 0;
  const before = Object.getOwnPropertyDescriptor(gpu, 'requestAdapter');
  const requestAdapter = gpu.requestAdapter.bind(gpu);
  const wrapped = async (options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> => {
    const found = await findAdapter({ requestAdapter }, { powerPreference: options?.powerPreference });
    if (!found) return found;
    const adapter = withInfo(found);
    const requestDevice = adapter.requestDevice.bind(adapter);
    Object.defineProperty(adapter, 'requestDevice', {
      configurable: true,
      value: async (descriptor?: GPUDeviceDescriptor): Promise<GPUDevice> => {
        device = await requestDevice(descriptor);
        countBuffers(device);
        return device;
      },
    });
    return adapter;
  };
  Object.defineProperty(gpu, 'requestAdapter', { configurable: true, value: wrapped });

  function countBuffers(opened: GPUDevice): void {
    const createBuffer = opened.createBuffer.bind(opened);
    Object.defineProperty(opened, 'createBuffer', {
      configurable: true,
      value: (descriptor: GPUBufferDescriptor): GPUBuffer => {
        const buffer = createBuffer(descriptor);
        let held = descriptor.size;
        heldBytes += held;
        const destroy = buffer.destroy.bind(buffer);
        Object.defineProperty(buffer, 'destroy', {
          configurable: true,
          value: (): undefined => {
            heldBytes -= held;
            held = 0;
            destroy();
          },
        });
        return buffer;
      },
    });
  }

  return {
    device: () => device,
    heldBytes: () => heldBytes,
    stop() {
      if (before) Object.defineProperty(gpu, 'requestAdapter', before);
      else Reflect.deleteProperty(gpu, 'requestAdapter');
      // Generation makes buffers too; only those of the load are worth the wrapper's cost.
      if (device) Reflect.deleteProperty(device, 'createBuffer');
    },
  };
}
