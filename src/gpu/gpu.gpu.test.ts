// Opening, compiling, running out and losing, on a real adapter; the first failures on stand-ins for navigator.gpu.
import { afterEach, describe, expect, it } from 'vitest';
import { matrixFeature, openGpu, type Gpu } from './gpu';
import brokenWgsl from './testing/broken.wgsl?raw';
import emptyWgsl from './testing/empty.wgsl?raw';
import { nodeGpu, openNodeGpu, skipReason } from './testing/node-gpu';

describe('without a GPU', () => {
  it('says that there is no WebGPU', async () => {
    await expect(openGpu()).rejects.toMatchObject({ code: 'gpu/unavailable' });
  });
  it('says that there is no adapter', async () => {
    const gpu = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
    await expect(openGpu({ gpu })).rejects.toMatchObject({ code: 'gpu/no-adapter' });
  });
  it('names the limit that is too low', async () => {
    const limits = { maxStorageBuffersPerShaderStage: 4, maxComputeWorkgroupStorageSize: 16384 };
    const gpu = { requestAdapter: () => Promise.resolve({ limits, features: new Set() }) } as unknown as GPU;
    await expect(openGpu({ gpu })).rejects.toMatchObject({
      code: 'gpu/limit-too-low',
      details: { limit: 'maxStorageBuffersPerShaderStage', has: 4, needed: 8 },
    });
  });
});

describe.skipIf(await skipReason())('with a GPU', () => {
  const opened: Gpu[] = [];
  const open = async (...args: Parameters<typeof openNodeGpu>): Promise<Gpu> => {
    const gpu = await openNodeGpu(...args);
    opened.push(gpu);
    return gpu;
  };
  afterEach(() => {
    for (const gpu of opened.splice(0)) gpu.dispose();
  });

  it('knows a software adapter and takes the features it finds', async () => {
    const gpu = await open();
    const found = await nodeGpu();
    const adapter = 'gpu' in found ? await found.gpu.requestAdapter() : null;
    expect(gpu.info.fallback).toBe(adapter?.info.isFallbackAdapter);
    expect(gpu.info.f16).toBe(adapter?.features.has('shader-f16'));
    const plain = await open({ without: ['shader-f16', 'subgroups', 'raised-limits'] });
    expect(plain.info).toMatchObject({ f16: false, subgroups: false, maxBindingBytes: 128 * 2 ** 20 });
    expect(plain.info).toMatchObject({ subgroupMax: 0, matrices: [] });
  });
  it('asks for subgroup matrices where the adapter has them, of f16 into f32, and can do without', async () => {
    const gpu = await open();
    const offered = gpu.device.features.has(matrixFeature);
    expect(gpu.info.matrices.length > 0).toBe(offered);
    if (!offered) console.log('Without subgroup matrices: this adapter has none');
    for (const size of gpu.info.matrices) expect(Math.min(size.M, size.N, size.K)).toBeGreaterThan(0);
    for (const left of ['subgroup-matrix', 'subgroups', 'shader-f16'] as const) {
      const less = await open({ without: [left] });
      expect(less.info.matrices).toEqual([]);
      expect(less.device.features.has(matrixFeature)).toBe(false);
    }
  });
  it('reports a broken shader with line and column, and compiles the next one', async () => {
    const gpu = await open();
    const broken = gpu.pipelines.compile('broken', brokenWgsl, '', {});
    await expect(broken).rejects.toMatchObject({
      code: 'gpu/shader-invalid',
      details: { kernel: 'broken', line: 2 },
    });
    await gpu.pipelines.compile('right', emptyWgsl, '', {});
    expect(gpu.failure()).toBeUndefined();
  });
  it('reports a constant that no shader has', async () => {
    const gpu = await open();
    await expect(gpu.pipelines.compile('odd', emptyWgsl, '', { WG: 64 })).rejects.toMatchObject({
      code: 'gpu/shader-invalid',
    });
  });
  it('counts bytes and refuses a buffer past the limits by name', async () => {
    const gpu = await open();
    const buffer = gpu.buffers.create('small', 1000);
    expect(gpu.buffers.bytes).toBe(1000);
    gpu.buffers.destroy(buffer);
    expect(gpu.buffers.bytes).toBe(0);
    expect(() => gpu.buffers.create('huge', 2 ** 40)).toThrow(
      expect.objectContaining({
        code: 'gpu/limit-too-low',
        details: expect.objectContaining({ buffer: 'huge' }),
      }),
    );
  });
  it('turns an invalid call into an error and leaves no scope behind', async () => {
    const gpu = await open();
    const invalid = gpu.buffers.guarded('a wrong buffer', () =>
      gpu.device.createBuffer({ size: 16, usage: 0x1 | 0x80 }),
    );
    await expect(invalid).rejects.toMatchObject({ code: 'internal/invariant' });
    await expect(
      gpu.buffers.guarded('a throw', () => {
        throw new Error('mine');
      }),
    ).rejects.toThrow('mine');
    await gpu.device.queue.onSubmittedWorkDone();
    expect(gpu.failure()).toBeUndefined();
  });
  it('settles `lost` when the device goes away, and not on dispose', async () => {
    const gpu = await open();
    gpu.device.destroy();
    expect(await gpu.lost).toMatchObject({ code: 'gpu/device-lost', retryable: true });
    const other = await open();
    other.dispose();
    const first = await Promise.race([
      other.lost,
      new Promise((resolve) => setTimeout(resolve, 50, 'quiet')),
    ]);
    expect(first).toBe('quiet');
  });
});
