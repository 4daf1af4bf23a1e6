// Opens a GPU: finds an adapter, asks for what it has beyond the defaults, and turns every way this can fail
// into a typed error. Kernels must run on WebGPU's default limits; what is raised here only fits larger tensors.
import { AppError } from '../base/errors';
import { findAdapter, infoOf, needAdapter, openDevice, type OpenedDevice } from './adapter';
import { BufferLedger } from './buffers';
import { PipelineCache } from './pipelines';

export interface GpuOptions {
  /** Where WebGPU comes from; `navigator.gpu` when absent. Node passes Dawn's. */
  readonly gpu?: GPU | undefined;
  readonly powerPreference?: GPUPowerPreference;
  /** Features and limits to leave out, so that a test can see an adapter without them. */
  readonly without?: readonly ('shader-f16' | 'subgroups' | 'subgroup-matrix' | 'raised-limits')[];
}

/** What one instruction of a subgroup multiplies: [M, K] by [K, N], added up in f32. */
export interface MatrixSize {
  /** What is multiplied: Metal adds in f32 only what is in f32 itself. */
  readonly of: 'f16' | 'f32';
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

export interface GpuInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** A software adapter: right, and slow. */
  readonly fallback: boolean;
  readonly f16: boolean;
  readonly subgroups: boolean;
  /** Least threads of a subgroup; 4 where the browser does not say. 0 without subgroups. */
  readonly subgroupMin: number;
  /** And most of them; 128, which none exceeds, where the browser does not say. 0 without subgroups. */
  readonly subgroupMax: number;
  /** Sizes of subgroup matrices that the adapter has, in its order of preference; empty where it has none. */
  readonly matrices: readonly MatrixSize[];
  readonly maxBindingBytes: number;
}

export interface Gpu {
  readonly device: GPUDevice;
  readonly info: GpuInfo;
  readonly buffers: BufferLedger;
  readonly pipelines: PipelineCache;
  /** Settles once, when the device is gone, with `gpu/device-lost`; not after `dispose`. */
  readonly lost: Promise<AppError>;
  /** The first error the device reported outside any scope, if there was one: results can no longer be trusted. */
  failure(): AppError | undefined;
  dispose(): void;
}

/** Least that the kernels need; all are WebGPU's guaranteed defaults, so only a broken adapter has less. */
const needed = {
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
} as const;

/**
 * @throws AppError `gpu/unavailable` where there is no WebGPU, `gpu/no-adapter` where it finds no GPU,
 * `gpu/limit-too-low` where the GPU has less than the defaults.
 */
export async function openGpu(options: GpuOptions = {}): Promise<Gpu> {
  const gpu = options.gpu ?? systemGpu();
  const find = { powerPreference: options.powerPreference };
  const adapter = await needAdapter(gpu, find);
  for (const [name, least] of Object.entries(needed)) {
    const has = adapter.limits[name as keyof typeof needed];
    if (has < least) {
      throw new AppError(
        'gpu/limit-too-low',
        `This GPU allows ${name}=${has} and Phield needs ${least}. Update the graphics driver or use another device.`,
        { details: { limit: name, has, needed: least } },
      );
    }
  }
  const skip = new Set<string>(options.without ?? []);
  const features = (['shader-f16', 'subgroups'] as const).filter(
    (name) => adapter.features.has(name) && !skip.has(name),
  );
  const matrices = features.length === 2 && !skip.has('subgroup-matrix') ? matricesOf(adapter) : [];
  const wish = {
    features,
    experimental: matrices.length > 0 ? [matrixFeature] : [],
    raisedLimits: !skip.has('raised-limits'),
  };
  const opened = await openDevice(adapter, wish, async () => (gpu ? findAdapter(gpu, find) : null));
  return wrap(opened, matrices);
}

/** Experimental: stable browsers do not offer it, and what it is called and means may still change. */
export const matrixFeature = 'chromium-experimental-subgroup-matrix' as GPUFeatureName;

function matricesOf(adapter: GPUAdapter): readonly MatrixSize[] {
  if (!adapter.features.has(matrixFeature)) return [];
  const { subgroupMatrixConfigs = [] } = infoOf(adapter) as GPUAdapterInfo & {
    readonly subgroupMatrixConfigs?: Iterable<
      Omit<MatrixSize, 'of'> & { readonly componentType: string; readonly resultComponentType: string }
    >;
  };
  return [...subgroupMatrixConfigs].flatMap(({ componentType: of, resultComponentType, M, N, K }) =>
    (of === 'f16' || of === 'f32') && resultComponentType === 'f32' ? [{ of, M, N, K }] : [],
  );
}

function wrap({ device, adapter }: OpenedDevice, wished: readonly MatrixSize[]): Gpu {
  const { features } = device;
  const matrices = features.has(matrixFeature) ? wished : [];
  const buffers = new BufferLedger(device);
  let disposed = false;
  let failure: AppError | undefined;
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    const { error } = event;
    const outOfMemory = 'GPUOutOfMemoryError' in globalThis && error instanceof GPUOutOfMemoryError;
    failure ??= new AppError(outOfMemory ? 'gpu/out-of-memory' : 'internal/invariant', error.message);
  });
  const lost = new Promise<AppError>((resolve) => {
    void device.lost.then(({ message, reason }) => {
      if (disposed) return;
      const lostError = new AppError(
        'gpu/device-lost',
        'The GPU was reset or taken away. The model has to be loaded again.',
        { details: { reason, message }, retryable: true },
      );
      failure ??= lostError;
      resolve(lostError);
    });
  });
  const info = infoOf(adapter);
  const { vendor, architecture, description } = info;
  return {
    device,
    info: {
      vendor,
      architecture,
      description,
      // Older browsers do not say.
      fallback: (info as Partial<GPUAdapterInfo>).isFallbackAdapter === true,
      f16: features.has('shader-f16'),
      subgroups: features.has('subgroups'),
      subgroupMin: features.has('subgroups') ? (info.subgroupMinSize ?? 4) : 0,
      subgroupMax: features.has('subgroups') ? (info.subgroupMaxSize ?? 128) : 0,
      matrices,
      maxBindingBytes: Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize),
    },
    buffers,
    pipelines: new PipelineCache(device),
    lost,
    failure: () => failure,
    dispose() {
      disposed = true;
      buffers.destroyAll();
      device.destroy();
    },
  };
}

function systemGpu(): GPU | undefined {
  return typeof navigator === 'undefined' ? undefined : (navigator as Partial<Navigator>).gpu;
}
