import { describe, expect, it } from 'vitest';
import { findAdapter, infoOf, needAdapter, openDevice, withInfo } from './adapter';

const wait = (): Promise<void> => Promise.resolve();
const limits = { maxBufferSize: 8 * 2 ** 30, maxStorageBufferBindingSize: 4 * 2 ** 30 };
const never = new Promise<never>(() => undefined);

/** An adapter that grants what `grants` says yes to; undefined grants come as a device that is lost already. */
function adapterThat(
  grants: (descriptor: GPUDeviceDescriptor) => boolean | undefined,
  asked: GPUDeviceDescriptor[] = [],
): GPUAdapter {
  return {
    limits,
    features: new Set(['shader-f16', 'subgroups']),
    requestDevice: (descriptor: GPUDeviceDescriptor) => {
      asked.push(descriptor);
      const granted = grants(descriptor);
      if (granted === false) return Promise.reject(new Error('refused'));
      const lost = granted ? never : Promise.resolve({ reason: 'unknown', message: 'the driver said no' });
      return Promise.resolve({ lost, label: descriptor.label });
    },
  } as unknown as GPUAdapter;
}
const sourceOf = (answers: (GPUAdapter | null)[], asked: unknown[] = []): GPU =>
  ({
    requestAdapter: (wish: unknown) => {
      asked.push(wish);
      return Promise.resolve(answers.shift() ?? null);
    },
  }) as unknown as GPU;

describe('an adapter', () => {
  it('is asked for again where the browser has none yet', async () => {
    const adapter = adapterThat(() => true);
    const asked: unknown[] = [];
    expect(await findAdapter(sourceOf([null, null, null, adapter], asked), { wait })).toBe(adapter);
    expect(asked).toEqual([
      { powerPreference: 'high-performance' },
      {},
      { powerPreference: 'high-performance' },
      {},
    ]);
  });

  it.each(['high-performance', undefined])('is found where only %s has one', async (only) => {
    const adapter = adapterThat(() => true);
    const gpu = {
      requestAdapter: ({ powerPreference }: GPURequestAdapterOptions) =>
        Promise.resolve(powerPreference === only ? adapter : null),
    } as unknown as GPU;
    expect(await findAdapter(gpu, { wait })).toBe(adapter);
    expect(await findAdapter(gpu, { wait, powerPreference: 'low-power' })).toBe(adapter);
  });

  it('is waited for one second in all, and a call that throws is a no', async () => {
    const waits: number[] = [];
    const gpu = { requestAdapter: () => Promise.reject(new TypeError('not now')) } as unknown as GPU;
    const work = needAdapter(gpu, { wait: (ms) => Promise.resolve(void waits.push(ms)) });
    await expect(work).rejects.toMatchObject({ code: 'gpu/no-adapter' });
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(1000);
    await expect(needAdapter(undefined)).rejects.toMatchObject({ code: 'gpu/unavailable' });
  });

  it('may say nothing of itself', async () => {
    const silent = adapterThat(() => true);
    expect(infoOf(silent)).toMatchObject({ vendor: '', description: '', isFallbackAdapter: false });
    expect(withInfo(silent).info.vendor).toBe('');
    expect(withInfo(silent).limits).toBe(limits);
    expect((await withInfo(silent).requestDevice({ label: 'l' })).label).toBe('l');
    const named = Object.assign(
      adapterThat(() => true),
      { info: { vendor: 'v' } },
    );
    expect(infoOf(named)).toEqual({ vendor: 'v' });
    expect(withInfo(named)).toBe(named);
  });
});

describe('a device', () => {
  const wish = {
    features: ['shader-f16', 'subgroups'] as GPUFeatureName[],
    experimental: ['matrix' as GPUFeatureName],
    raisedLimits: true,
  };
  const open = async (grants: Parameters<typeof adapterThat>[0]): Promise<GPUDeviceDescriptor[]> => {
    const asked: GPUDeviceDescriptor[] = [];
    const adapter = adapterThat(grants, asked);
    const { device } = await openDevice(adapter, wish, () => Promise.resolve(adapter));
    expect(device.label).toBe('phield');
    return asked;
  };
  const last = async (grants: Parameters<typeof adapterThat>[0]): Promise<unknown> => {
    const { requiredFeatures, requiredLimits } = (await open(grants)).at(-1) ?? {};
    return [requiredFeatures, requiredLimits?.['maxBufferSize']];
  };

  it('gets all of the wish where the driver grants it', async () => {
    expect(await open(() => true)).toEqual([
      {
        label: 'phield',
        requiredFeatures: ['shader-f16', 'subgroups', 'matrix'],
        requiredLimits: limits,
      },
    ]);
  });

  it('does without what is experimental first, then with lower limits, then without features', async () => {
    expect(
      await last(({ requiredFeatures = [] }) => ![...requiredFeatures].includes('matrix' as never)),
    ).toEqual([['shader-f16', 'subgroups'], limits.maxBufferSize]);
    expect(
      await last(({ requiredLimits = {} }) => (requiredLimits['maxBufferSize'] ?? 0) <= 2 ** 30),
    ).toEqual([['shader-f16', 'subgroups'], 2 ** 30]);
    expect(await last(({ requiredFeatures = [] }) => [...requiredFeatures].length === 0)).toEqual([
      [],
      limits.maxBufferSize,
    ]);
  });

  it('counts one that is lost at birth as refused', async () => {
    const asked = await open(({ requiredLimits = {} }) =>
      requiredLimits['maxBufferSize'] === undefined ? true : undefined,
    );
    expect(asked.at(-1)).toMatchObject({ requiredFeatures: ['shader-f16', 'subgroups'], requiredLimits: {} });
  });

  it('is given up when even the defaults are refused, or the adapter is gone', async () => {
    await expect(open(() => false)).rejects.toMatchObject({ code: 'gpu/no-adapter', retryable: true });
    const gone = openDevice(
      adapterThat(() => false),
      wish,
      () => Promise.resolve(null),
    );
    await expect(gone).rejects.toMatchObject({ code: 'gpu/no-adapter' });
  });
});
