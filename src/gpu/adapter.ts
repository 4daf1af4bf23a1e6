// Finds an adapter and opens a device on it where the first word is no: a browser whose GPU process is still starting
// answers null for the first tenths of a second, some have an adapter only under one power preference, and some
// drivers refuse raised limits or an optional feature. Each is asked for again with less before anybody is told no.
import { AppError } from '../base/errors';

/** What of `GPU` this needs. */
export type AdapterSource = Pick<GPU, 'requestAdapter'>;

type Wishes = Pick<GPURequestAdapterOptions, 'powerPreference'>;

/** Milliseconds before each try, the first included: a second in all. */
const waitsMs = [0, 50, 100, 150, 300, 400] as const;
const allWishes: readonly Wishes[] = [{ powerPreference: 'high-performance' }, {}];

export interface FindOptions {
  readonly powerPreference?: GPUPowerPreference | undefined;
  readonly wait?: (ms: number) => Promise<void>;
}

/** @returns null when there is none after all tries. */
export async function findAdapter(
  gpu: AdapterSource,
  { powerPreference, wait = sleep }: FindOptions = {},
): Promise<GPUAdapter | null> {
  const wishes = powerPreference ? [{ powerPreference }, ...allWishes] : allWishes;
  for (const ms of waitsMs) {
    if (ms > 0) await wait(ms);
    for (const wish of wishes) {
      const adapter = await gpu.requestAdapter(wish).catch(() => null);
      if (adapter) return adapter;
    }
  }
  return null;
}

/** @throws AppError `gpu/unavailable`, `gpu/no-adapter` */
export async function needAdapter(
  gpu: AdapterSource | undefined,
  options: FindOptions = {},
): Promise<GPUAdapter> {
  if (!gpu) {
    throw new AppError(
      'gpu/unavailable',
      'This browser has no WebGPU. Use a current Chrome, Edge, Firefox or Safari, over https or localhost.',
    );
  }
  const adapter = await findAdapter(gpu, options);
  if (adapter) return adapter;
  throw new AppError(
    'gpu/no-adapter',
    'WebGPU found no graphics adapter. Switch on hardware acceleration in the browser settings, update the graphics driver, and restart the browser.',
  );
}

/** What a device is asked for beyond the defaults. */
export interface DeviceWish {
  readonly features: readonly GPUFeatureName[];
  /** Can be done without before anything else is. */
  readonly experimental: readonly GPUFeatureName[];
  readonly raisedLimits: boolean;
}

export interface OpenedDevice {
  readonly device: GPUDevice;
  readonly adapter: GPUAdapter;
}

/** Where an adapter's own limits are refused, this much still fits a model of some billions of parameters. */
const modestBytes = 2 ** 30;

/**
 * The device with as much of the wish as the driver grants.
 * @param again another adapter for each further try: an adapter gives one device.
 * @throws AppError `gpu/no-adapter` when even the defaults are refused
 */
export async function openDevice(
  first: GPUAdapter,
  wish: DeviceWish,
  again: () => Promise<GPUAdapter | null>,
): Promise<OpenedDevice> {
  let adapter: GPUAdapter | null = first;
  let cause: unknown;
  for (const { features, mostBytes } of tries(wish)) {
    if (!adapter) break;
    try {
      const device = await adapter.requestDevice({
        label: 'phield',
        requiredFeatures: [...features],
        requiredLimits: raised(adapter.limits, mostBytes),
      });
      // What cannot be granted for a reason of the driver's comes as a device that is lost already.
      const lost = await Promise.race([device.lost, Promise.resolve(undefined)]);
      if (!lost) return { device, adapter };
      cause = lost.message;
    } catch (thrown) {
      cause = thrown;
    }
    adapter = await again();
  }
  throw new AppError(
    'gpu/no-adapter',
    'The graphics adapter refused to open a device. Close other tabs that use the GPU and try again.',
    { cause, retryable: true },
  );
}

interface Try {
  readonly features: readonly GPUFeatureName[];
  /** Of a buffer; 0: WebGPU's default. */
  readonly mostBytes: number;
}

function tries({ features, experimental, raisedLimits }: DeviceWish): readonly Try[] {
  const limits = raisedLimits ? [Infinity, modestBytes, 0] : [0];
  const [most = 0] = limits;
  return [
    ...(experimental.length > 0 ? [{ features: [...features, ...experimental], mostBytes: most }] : []),
    ...limits.map((mostBytes) => ({ features, mostBytes })),
    ...(features.length > 0 ? limits.map((mostBytes) => ({ features: [], mostBytes })) : []),
  ];
}

function raised(limits: GPUSupportedLimits, mostBytes: number): Record<string, number> {
  if (mostBytes === 0) return {};
  const { maxBufferSize, maxStorageBufferBindingSize } = limits;
  return {
    maxBufferSize: Math.min(maxBufferSize, mostBytes),
    maxStorageBufferBindingSize: Math.min(maxStorageBufferBindingSize, mostBytes),
  };
}

const nothing = { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false };

/** Some browsers say nothing of the adapter, against fingerprinting: then it has no name, and works all the same. */
export function infoOf(adapter: GPUAdapter): GPUAdapterInfo {
  return (adapter as Partial<GPUAdapter>).info ?? (nothing as GPUAdapterInfo);
}

/** For WebLLM, which reads the property itself. */
export function withInfo(adapter: GPUAdapter): GPUAdapter {
  if ((adapter as Partial<GPUAdapter>).info) return adapter;
  return new Proxy(adapter, {
    get: (real, name) => {
      if (name === 'info') return nothing;
      const value: unknown = Reflect.get(real, name);
      return typeof value === 'function' ? (value.bind(real) as unknown) : value;
    },
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
