import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import type { ModelShape } from '../../formats/model-config';
import type { GpuInfo } from '../../gpu/gpu';
import { gpuTuning, type MatvecTuning } from '../../kernels/common/matvec';
import { defaultTuning, uniformTuning } from '../../model/decode-tuning';
import type { TuneReport } from '../../model/tune-decode';
import { openTuningMemory, recallTuning, tuneModel, tuningKey } from './tuned-model';

const info: GpuInfo = {
  vendor: 'v',
  architecture: 'a',
  description: 'd',
  fallback: false,
  f16: true,
  subgroups: true,
  subgroupMin: 32,
  maxBindingBytes: 2 ** 30,
};
const shape: ModelShape = {
  layers: 32,
  hidden: 3072,
  intermediate: 8192,
  heads: 32,
  kvHeads: 32,
  headDim: 96,
  rotaryDim: 96,
  vocab: 32064,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  longRope: undefined,
  tied: false,
  quantization: 'q4f16_1',
};
const fast: MatvecTuning = { x: 'f16', lanes: 32, slots: 8, subgroup: 32 };
const report = (kernels: TuneReport['kernels']): TuneReport => ({
  tuning: { ...defaultTuning(info, shape), gateUp: fast },
  kernels,
  elapsedMs: 1,
  complete: false,
});
const ready = (): Promise<void> => Promise.resolve();
const gateUp = { kernel: 'gateUp', bytes: 1, winner: 'f16', results: [] } as const;

describe('a tuning', () => {
  it('is remembered and taken again under the same key only', async () => {
    const memory = openTuningMemory('tuning-test');
    const key = tuningKey(info, shape, 'Browser 1');
    expect(await recallTuning(memory, key, info)).toBeUndefined();
    await tuneModel({ tune: () => Promise.resolve(report([gateUp])), ready }, memory, key);
    expect(await recallTuning(memory, key, info)).toEqual({ ...uniformTuning(gpuTuning), gateUp: fast });
    const others = [
      tuningKey(info, shape, 'Browser 2'),
      tuningKey({ ...info, description: 'another' }, shape, 'Browser 1'),
      tuningKey(info, { ...shape, layers: 40 }, 'Browser 1'),
    ];
    for (const other of others) expect(await recallTuning(memory, other, info)).toBeUndefined();
  });

  it('is not taken where the adapter lacks what it needs, nor from a record that is none', async () => {
    const held = (value: unknown) =>
      recallTuning({ get: () => Promise.resolve(value), set: () => Promise.resolve() }, 'key', info);
    const good = uniformTuning(fast);
    expect(await held(good)).toEqual(good);
    const without = { get: () => Promise.resolve<unknown>(good), set: () => Promise.resolve() };
    expect(await recallTuning(without, 'key', { ...info, f16: false })).toBeUndefined();
    const bad: Record<string, unknown>[] = [
      { ...fast, lanes: 3 },
      { ...fast, slots: 64 },
      { ...fast, x: 'f64' },
      { ...fast, subgroup: 2 },
      { ...fast, lanes: '32' },
    ];
    for (const way of bad) expect(await held({ ...good, down: way }), JSON.stringify(way)).toBeUndefined();
    for (const value of [undefined, null, 7, [], { qkv: fast }]) expect(await held(value)).toBeUndefined();
  });

  it('that nothing was learned from is not remembered, and a memory that fails costs nothing', async () => {
    const memory = openTuningMemory('tuning-test-2');
    await tuneModel({ tune: () => Promise.resolve(report([])), ready }, memory, 'key');
    expect(await memory.get('key')).toBeUndefined();
    const broken = {
      get: () => Promise.reject(new Error('gone')),
      set: () => Promise.reject(new Error('gone')),
    };
    await tuneModel({ tune: () => Promise.resolve(report([gateUp])), ready }, broken, 'key');
    expect(await recallTuning(broken, 'key', info)).toBeUndefined();
  });

  it('that breaks leaves the model as it was, unless the GPU broke', async () => {
    const memory = openTuningMemory('tuning-test-3');
    const tune = (): Promise<TuneReport> => Promise.reject(new Error('no reference'));
    await tuneModel({ tune, ready }, memory, 'key');
    const lost = new AppError('gpu/device-lost', 'gone');
    await expect(tuneModel({ tune, ready: () => Promise.reject(lost) }, memory, 'key')).rejects.toBe(lost);
  });
});
