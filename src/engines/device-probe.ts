// What the GPU of this device offers, and whether an engine can start on it at all. No device is opened here.
import { AppError } from '../base/errors';
import { infoOf, needAdapter } from '../gpu/adapter';
import type { AdapterInfo, EngineName } from '../protocol/chat';

export interface AdapterLimits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxComputeWorkgroupStorageSize: number;
  readonly maxStorageBuffersPerShaderStage: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
}

export interface DeviceProbe {
  readonly adapter: AdapterInfo;
  readonly limits: AdapterLimits;
  readonly subgroups: boolean;
  /** What the browser tells of the device's memory: a power of two, capped (8 in most). Not the GPU's. */
  readonly deviceMemoryGiB: number | undefined;
  /** Same adapter and same browser version, same key: what was measured under it still holds. */
  readonly key: string;
}

type Least = Partial<Record<keyof AdapterLimits, number>>;

/**
 * The least each engine starts with. WebLLM 0.2.86 refuses anything lower (detectGPUDevice); ours runs on
 * WebGPU's guaranteed defaults.
 */
const leastLimits: Record<Exclude<EngineName, 'wllama'>, Least> = {
  wgsl: {
    maxStorageBuffersPerShaderStage: 8,
    maxComputeWorkgroupStorageSize: 16_384,
    maxComputeInvocationsPerWorkgroup: 256,
  },
  webllm: {
    maxBufferSize: 256 * 1024 ** 2,
    maxStorageBufferBindingSize: 128 * 1024 ** 2,
    maxComputeWorkgroupStorageSize: 32_768,
    maxStorageBuffersPerShaderStage: 10,
  },
};

/** @throws AppError `gpu/unavailable`, `gpu/no-adapter` */
export async function probeDevice(
  gpu: GPU | undefined = (navigator as Partial<Navigator>).gpu,
): Promise<DeviceProbe> {
  const adapter = await needAdapter(gpu);
  const { vendor, architecture, description, isFallbackAdapter } = infoOf(adapter);
  const { limits } = adapter;
  const shaderF16 = adapter.features.has('shader-f16');
  const { userAgent, deviceMemory } = navigator as typeof navigator & { readonly deviceMemory?: number };
  return {
    adapter: {
      vendor,
      architecture,
      description,
      isFallback: (isFallbackAdapter as boolean | undefined) === true,
      shaderF16,
    },
    limits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
    subgroups: adapter.features.has('subgroups'),
    deviceMemoryGiB: deviceMemory,
    key: [vendor, architecture, description, shaderF16, userAgent].join('|'),
  };
}

export interface Shortfall {
  readonly limit: keyof AdapterLimits | 'shader-f16';
  readonly has: number;
  readonly needed: number;
}

/** What keeps an engine from starting, the first thing of all; undefined when nothing does. */
export function shortfall(
  engine: Exclude<EngineName, 'wllama'>,
  { limits, adapter }: Pick<DeviceProbe, 'limits' | 'adapter'>,
  model: { readonly f16: boolean } = { f16: false },
): Shortfall | undefined {
  for (const [limit, needed] of Object.entries(leastLimits[engine]) as [keyof AdapterLimits, number][]) {
    if (limits[limit] < needed) return { limit, has: limits[limit], needed };
  }
  // The compiled q4f16 libraries are f16 shaders; our kernels read f16 data without the feature.
  if (engine === 'webllm' && model.f16 && !adapter.shaderF16) {
    return { limit: 'shader-f16', has: 0, needed: 1 };
  }
  return undefined;
}

/** @throws AppError `gpu/limit-too-low` naming the limit, what the adapter has, and what to do */
export function checkAdapter(
  engine: Exclude<EngineName, 'wllama'>,
  probe: Pick<DeviceProbe, 'limits' | 'adapter'>,
  model?: { readonly f16: boolean },
): void {
  const missing = shortfall(engine, probe, model);
  if (!missing) return;
  const { limit, has, needed } = missing;
  const advice =
    engine === 'webllm'
      ? 'Use the wgsl engine, which runs on less.'
      : 'Update the graphics driver or use another device.';
  const what =
    limit === 'shader-f16'
      ? 'This GPU cannot compute in half precision (shader-f16), which this build of the model needs.'
      : `This GPU allows ${limit}=${has} and ${needed} are needed.`;
  throw new AppError('gpu/limit-too-low', `${what} ${advice}`, { details: { engine, limit, has, needed } });
}
